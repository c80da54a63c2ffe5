/*
title = "Holds that outlasted the authority to hold"
kind = "share"
unit = "percent"
cells = ["state", "county", "form"]
population = """Holds under a request that the jail honored: those that have ended, and those whose limit has passed. Numerator: the
person was still in the facility after the limit, whether or not anybody has recorded since that they left."""
source = "Miranda-Olivares v. Clackamas County; Los Angeles County: about 20,000 people held over"
counted = ["hold", "submission"]
in_force = 2026-11-26
supersedes = "holds-past-deadline@73ca62aa069857d3"
changed = """The end of a hold was its own limit, so that no hold could last longer; now it is the leaving of the person, or the
moment asked about."""
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
