/*
title = "Holds that outlasted the authority to hold"
kind = "share"
unit = "percent"
cells = ["state", "county", "form"]
population = """Holds under a request that the jail honored: those that have ended, and those whose limit has passed. Numerator: the
person was still in the facility after the limit, whether or not anybody has recorded since that they left."""
source = "Miranda-Olivares v. Clackamas County; Los Angeles County: about 20,000 people held over"
counted = ["hold", "submission"]
*/
select
    s.state,
    s.county,
    s.jurisdiction,
    h.form,
    h.case_id,
    cast(least(coalesce(h.valid_to, getvariable('valid')), getvariable('valid')) > h.deadline as integer) as numerator,
    1 as denominator
from hold h
join submission s on s.case_id = h.case_id
where h.deadline is not null and (h.valid_to is not null or h.deadline < getvariable('valid'))
