/*
title = "Held again on a further matter"
kind = "count"
unit = "matters"
cells = ["fiscal_year", "state", "county", "what"]
population = """Further criminal matters that kept somebody after booking, each with charge, agency, document and a second person; by federal
fiscal year. What was left of a hold resumes after it and never starts again."""
source = "Guttin 2010: holds that start again; rule of this program on one allowance for one release moment"
counted = ["matter"]
*/
select
    'FY' || (year(m.valid_from) + cast(month(m.valid_from) >= 10 as integer)) as fiscal_year,
    m.state,
    m.county,
    m.jurisdiction,
    m.what,
    m.case_id,
    1 as numerator
from matter m
