/*
title = "Removals and returns of people without a conviction at the enforcement action"
kind = "share"
unit = "percent"
cells = ["state", "county"]
population = """As noncriminal-removal-share, but a conviction counts only with a judgment on or before the moment at which
federal officers assumed custody; cases without one are left out."""
source = "ICE detention statistics since FY2018: criminality 'at the time of the enforcement action'"
counted = ["outcome", "submission", "match", "conviction", "custody"]
*/
select
    s.state,
    s.county,
    s.jurisdiction,
    o.case_id,
    cast(not exists (
        select 1 from conviction c
        where c.case_id = o.case_id and c.valid_from <= a.valid_from and not coalesce(c.juvenile, false)
    ) as integer) as numerator,
    1 as denominator
from outcome o
join submission s on s.case_id = o.case_id
join custody a on a.case_id = o.case_id and a.custody = 'ICE'
where o.outcome in ('REMOVED', 'RETURNED')
  and exists (
    select 1 from match m where m.case_id = o.case_id and m.system = 'immigration' and m.matched
  )
