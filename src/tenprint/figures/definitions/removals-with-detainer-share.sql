/*
title = "Removals and returns that a detainer was tied to"
kind = "share"
unit = "percent"
cells = ["fiscal_year", "state"]
population = """Removals and returns after a match. Numerator: a detainer was issued in the same case before federal custody or
departure."""
source = "TRAC 509 and 2017: about 2.5 percent of removals counted for the program were tied to a detainer"
counted = ["outcome", "submission", "match", "detainer"]
*/
select
    'FY' || (year(o.valid_from) + cast(month(o.valid_from) >= 10 as integer)) as fiscal_year,
    s.state,
    o.case_id,
    cast(exists (
        select 1 from detainer d where d.case_id = o.case_id and d.issued_at <= o.valid_from
    ) as integer) as numerator,
    1 as denominator
from outcome o
join submission s on s.case_id = o.case_id
where o.outcome in ('REMOVED', 'RETURNED')
  and exists (
    select 1 from match m where m.case_id = o.case_id and m.system = 'immigration' and m.matched
  )
