/*
title = "Removal cases in which a hearing was scheduled"
kind = "share"
unit = "percent"
cells = ["state"]
population = "People in federal custody after a match. Numerator: a hearing before a judge was scheduled."
source = "Warren Institute 2011: 52 percent scheduled for a hearing"
counted = ["custody", "submission", "match", "proceeding"]
*/
select
    s.state,
    c.case_id,
    cast(exists (select 1 from proceeding p where p.case_id = c.case_id and p.step = 'hearing_scheduled') as integer) as numerator,
    1 as denominator
from custody c
join submission s on s.case_id = c.case_id
where c.custody = 'ICE'
  and exists (
    select 1 from match m where m.case_id = c.case_id and m.system = 'immigration' and m.matched
  )
