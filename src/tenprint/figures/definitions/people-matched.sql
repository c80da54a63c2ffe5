/*
title = "People with an immigration match"
kind = "count"
unit = "people"
cells = ["fiscal_year", "state"]
population = """Distinct people among matched cards, each counted once in a state and fiscal year (of submission): the published
series count prints, and one person may be booked many times. Two records found to be one person are one person from then on."""
source = "TRAC, 'About the data': submissions count prints, not people; both are published here"
counted = ["submission", "match"]
people = true
*/
select
    'FY' || (year(s.valid_from) + cast(month(s.valid_from) >= 10 as integer)) as fiscal_year,
    s.state,
    any_value(s.case_id) as case_id,
    1 as numerator
from submission s
where exists (select 1 from match m where m.case_id = s.case_id and m.system = 'immigration' and m.matched)
group by 1, 2, s.person_id
