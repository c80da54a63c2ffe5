/*
title = "Removals and returns of people without a conviction at arrest"
kind = "share"
unit = "percent"
cells = ["state", "county"]
population = """As noncriminal-removal-share, but a conviction counts only with a judgment on or before the day of the local
arrest: what the person had been convicted of when police booked the prints. A conviction for the arrest itself
comes later and does not count."""
source = "HSAC task force 2011 and GAO-12-708: who was convicted before, and who was only arrested"
counted = ["outcome", "submission", "match", "conviction"]
*/
select
    s.state,
    s.county,
    s.jurisdiction,
    o.case_id,
    cast(not exists (
        select 1 from conviction c
        where c.case_id = o.case_id and c.valid_from <= s.arrested_on and not coalesce(c.juvenile, false)
    ) as integer) as numerator,
    1 as denominator
from outcome o
join submission s on s.case_id = o.case_id
where o.outcome in ('REMOVED', 'RETURNED')
  and exists (
    select 1 from match m where m.case_id = o.case_id and m.system = 'immigration' and m.matched
  )
