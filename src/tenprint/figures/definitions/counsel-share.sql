/*
title = "People with a hearing who had counsel"
kind = "share"
unit = "percent"
cells = ["state"]
population = "Cases after a match in which a hearing was scheduled. Numerator: counsel entered."
source = "Warren Institute 2011: 24 percent of those with a hearing had counsel"
counted = ["proceeding", "submission", "match"]
*/
select
    s.state,
    h.case_id,
    cast(exists (select 1 from proceeding p where p.case_id = h.case_id and p.step = 'counsel_entered') as integer) as numerator,
    1 as denominator
from (select distinct case_id from proceeding where step = 'hearing_scheduled') h
join submission s on s.case_id = h.case_id
where exists (
    select 1 from match m where m.case_id = h.case_id and m.system = 'immigration' and m.matched
  )
