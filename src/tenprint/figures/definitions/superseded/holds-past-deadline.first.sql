/*
title = "Holds that outlasted the authority to hold"
kind = "share"
unit = "percent"
cells = ["state", "county", "form"]
population = """Holds that have ended, under a form that gives authority to hold. Numerator: they ended after the deadline."""
source = "Miranda-Olivares v. Clackamas County; Los Angeles County: about 20,000 people held over"
counted = ["hold", "submission"]
*/
select
    s.state,
    s.county,
    s.jurisdiction,
    h.form,
    h.case_id,
    cast(h.minutes_over > 0 as integer) as numerator,
    1 as denominator
from hold h
join submission s on s.case_id = h.case_id
where h.minutes is not null and h.deadline is not null
