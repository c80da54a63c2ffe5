/*
title = "People detained without authority"
kind = "count"
unit = "people"
cells = ["state", "county", "cause"]
population = """People who were in a jail for a minute or more that nothing allowed, by county of the jail and cause; one person
counts once for each cause."""
source = "8 CFR 287.7(d); Los Angeles County: about 20,000 people held over"
counted = ["presence", "submission"]
people = true
*/
select distinct
    p.state,
    p.county,
    p.jurisdiction,
    p.cause,
    coalesce(s.person_id, p.case_id) as case_id,
    1 as numerator
from presence p
left join submission s on s.case_id = p.case_id
where p.ground is null
    and epoch(least(coalesce(p.valid_to, getvariable('valid')), getvariable('valid'))) - epoch(p.valid_from) >= 60
