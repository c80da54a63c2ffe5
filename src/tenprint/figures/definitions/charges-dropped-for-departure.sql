/*
title = "Charges dropped in exchange for departure"
kind = "count"
unit = "charges"
cells = ["fiscal_year", "state", "county"]
population = """Arrest charges whose recorded disposition is a dismissal in exchange for departure, by federal fiscal year of the disposition."""
source = "seed critics: charges dropped so that a removal counts as non-criminal"
counted = ["charge", "submission"]
*/
select
    'FY' || (year(c.disposed_on) + cast(month(c.disposed_on) >= 10 as integer)) as fiscal_year,
    s.state,
    s.county,
    s.jurisdiction,
    c.case_id,
    1 as numerator
from charge c
left join submission s on s.case_id = c.case_id
where c.disposition = 'dismissed_for_departure'
