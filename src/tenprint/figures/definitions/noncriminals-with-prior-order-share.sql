/*
title = "Removed people without a conviction who had an earlier order of removal"
kind = "share"
unit = "percent"
cells = ["state", "county"]
population = """Removals and returns after a match of people without a conviction known at the as-of date with a judgment on or
before departure. Numerator: the support center had answered that a final order existed (REMOVABLE_FINAL_ORDER)."""
source = "ICE, 'Setting the Record Straight' 2010: many non-criminals had earlier immigration violations"
counted = ["outcome", "submission", "match", "conviction", "determination"]
*/
select
    s.state,
    s.county,
    s.jurisdiction,
    o.case_id,
    cast(exists (
        select 1 from determination d
        where d.case_id = o.case_id and d.status = 'REMOVABLE_FINAL_ORDER' and d.valid_from <= o.valid_from
    ) as integer) as numerator,
    1 as denominator
from outcome o
join submission s on s.case_id = o.case_id
where o.outcome in ('REMOVED', 'RETURNED')
  and exists (
    select 1 from match m where m.case_id = o.case_id and m.system = 'immigration' and m.matched
  )
  and not exists (
    select 1 from conviction c
    where c.case_id = o.case_id and c.valid_from <= o.valid_from and not coalesce(c.juvenile, false)
  )
