/*
title = "Citizens among the matched, and how far it went"
kind = "count"
unit = "cases"
cells = ["fiscal_year", "state", "furthest"]
population = """Matched cases that turned out to be citizens: a center answered CITIZEN or NATURALIZED, a claim of citizenship
was upheld, or the outcome says so. Furthest: what had happened by then: removed, custody, held, detainer,
matched only. Many citizens match because they naturalized; a match is not an arrest, so the method stands
beside the number."""
source = "Warren Institute 2011 (about 3,600) against CIS 2012 (none detained): the same question, two methods"
counted = ["submission", "match", "determination", "claim", "outcome", "custody", "hold", "detainer"]
*/
select
    'FY' || (year(s.valid_from) + cast(month(s.valid_from) >= 10 as integer)) as fiscal_year,
    s.state,
    case
        when exists (
            select 1 from outcome o where o.case_id = s.case_id and o.outcome in ('REMOVED', 'RETURNED')
        ) then 'removed'
        when exists (select 1 from custody c where c.case_id = s.case_id and c.custody = 'ICE') then 'custody'
        when exists (select 1 from hold h where h.case_id = s.case_id) then 'held'
        when exists (select 1 from detainer d where d.case_id = s.case_id) then 'detainer'
        else 'matched only'
    end as furthest,
    s.case_id,
    1 as numerator
from submission s
where exists (
    select 1 from match m where m.case_id = s.case_id and m.system = 'immigration' and m.matched
  )
  and (
    exists (select 1 from determination d where d.case_id = s.case_id and d.status in ('CITIZEN', 'NATURALIZED'))
    or exists (select 1 from claim c where c.case_id = s.case_id and c.claim = 'CITIZEN' and c.upheld)
    or exists (select 1 from outcome o where o.case_id = s.case_id and o.outcome = 'CITIZEN')
  )
