/*
title = "Removals and returns of people without a known conviction"
kind = "share"
unit = "percent"
cells = ["state", "county"]
population = """Removals and returns that follow from an immigration match of a booking print. Numerator: no conviction, by
what was known at the as-of date, with a judgment on or before the day of departure. Juvenile adjudications are not
convictions. A pending charge is not a conviction. Returns are counted with removals, as the agency did."""
source = "The 17 jurisdictions of 2010: advocates (April data) and the agency, 'Setting the Record Straight' (July data)"
counted = ["outcome", "submission", "match", "conviction"]
published_series = "noncriminal-removal-share"
*/
select
    s.state,
    s.county,
    s.jurisdiction,
    o.case_id,
    cast(not exists (
        select 1 from conviction c
        where c.case_id = o.case_id and c.valid_from <= o.valid_from and not coalesce(c.juvenile, false)
    ) as integer) as numerator,
    1 as denominator
from outcome o
join submission s on s.case_id = o.case_id
where o.outcome in ('REMOVED', 'RETURNED')
  and exists (select 1 from match m where m.case_id = o.case_id and m.system = 'immigration' and m.matched)
