/*
title = "What jail hours after the release moment cost"
kind = "count"
unit = "US dollars"
cells = ["fiscal_year", "state", "county", "authority"]
population = """The hours of jail-costs at the rate that the county published for a bed-day and that was in force when the stretch began
(rates are registered with their source and first day). A county without a registered rate has no row here: its cost is not known."""
source = "OIG-12-64, section on incarceration costs; rates: the county's own, each with its source on the ledger"
counted = ["presence"]
references = ["rate"]
*/
select
    'FY' || (year(p.valid_from) + cast(month(p.valid_from) >= 10 as integer)) as fiscal_year,
    p.state,
    p.county,
    p.jurisdiction,
    case when p.ground is null then 'without' else 'with' end as authority,
    p.case_id,
    cast(
        cast(floor((epoch(least(coalesce(p.valid_to, getvariable('valid')), getvariable('valid'))) - epoch(p.valid_from)) / 60)
            as bigint) * r.cents_per_day / 144000 as decimal(18, 6)
    ) as numerator
from presence p
join rate r on r.facility = p.facility and r.valid_from <= p.valid_from and (r.valid_to is null or r.valid_to > p.valid_from)
where p.ground is null or p.ground = 'hold'
