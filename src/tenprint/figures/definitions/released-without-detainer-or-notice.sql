/*
title = "Released after a match without detainer or notice"
kind = "share"
unit = "percent"
cells = ["fiscal_year", "state", "county"]
population = """People matched in the immigration system who have left the jail, by federal fiscal year of the leaving. Numerator: to freedom, and
no request of any form was ever sent."""
source = "Cantor, Noferi and Martinez 2015 on the end of the program; ICE, declined detainer reports of 2017"
counted = ["presence", "match", "detainer"]
*/
select
    'FY' || (year(p.valid_to) + cast(month(p.valid_to) >= 10 as integer)) as fiscal_year,
    p.state,
    p.county,
    p.jurisdiction,
    p.case_id,
    cast(p.how in ('RELEASED', 'COURT_ORDER') and p.case_id not in (select case_id from detainer) as integer) as numerator,
    1 as denominator
from presence p
where p.valid_to is not null and p.how in ('RELEASED', 'COURT_ORDER', 'CUSTODY_ASSUMED')
    and p.case_id in (select case_id from match where system = 'immigration' and matched)
