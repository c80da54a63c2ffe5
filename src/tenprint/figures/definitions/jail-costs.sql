/*
title = "Jail hours after the release moment, by who paid"
kind = "count"
unit = "hours"
cells = ["fiscal_year", "state", "county", "authority", "payer"]
population = """All hours that somebody was in a jail after the release moment, with authority (a hold that the jail honored) and without, from
the timelines; by federal fiscal year in which the stretch began and by who paid, as somebody stated it. Nothing else is typed in. The
money of it is jail-costs-dollars."""
source = "OIG-12-64, section on incarceration costs; sheriffs and counties on unpaid detention"
counted = ["presence", "cost"]
*/
with paid as (
    select case_id, max_by(payer, recorded_at) as payer from cost group by case_id
)
select
    'FY' || (year(p.valid_from) + cast(month(p.valid_from) >= 10 as integer)) as fiscal_year,
    p.state,
    p.county,
    p.jurisdiction,
    case when p.ground is null then 'without' else 'with' end as authority,
    coalesce(c.payer, 'not stated') as payer,
    p.case_id,
    cast(cast(floor((epoch(least(coalesce(p.valid_to, getvariable('valid')), getvariable('valid'))) - epoch(p.valid_from)) / 60)
        as bigint) / 60 as decimal(18, 6)) as numerator
from presence p
left join paid c on c.case_id = p.case_id
where p.ground is null or p.ground = 'hold'
