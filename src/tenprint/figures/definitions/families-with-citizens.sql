/*
title = "People asked for or taken who have a citizen in the family"
kind = "share"
unit = "percent"
cells = ["fiscal_year", "state", "county"]
population = """Cases with a request to the jail in which somebody stated whether a spouse, parent or child of the person is a citizen, by federal
fiscal year of the card. Numerator: yes. Cases in which nobody asked are not counted: missing is not no."""
source = "Kohli, Markowitz and Chavez 2011: 39 percent of people arrested had a citizen spouse or child"
counted = ["submission", "detainer"]
*/
select
    'FY' || (year(s.valid_from) + cast(month(s.valid_from) >= 10 as integer)) as fiscal_year,
    s.state,
    s.county,
    s.jurisdiction,
    s.case_id,
    cast(s.citizen_family as integer) as numerator,
    1 as denominator
from submission s
where s.citizen_family is not null and s.case_id in (select case_id from detainer)
