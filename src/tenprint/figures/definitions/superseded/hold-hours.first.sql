/*
title = "Hours held past release on a detainer"
kind = "mean"
unit = "hours"
cells = ["state", "county", "form"]
population = """Holds that have ended: from the moment the person would have walked out to the moment the hold ended. Numerator:
minutes; denominator: 60 for each hold, so the value is the mean in hours."""
source = "Shahani 2010, Guttin 2010: time in jail; HSAC task force: 48 hours"
counted = ["hold", "submission"]
*/
select s.state, s.county, s.jurisdiction, h.form, h.case_id, h.minutes as numerator, 60 as denominator
from hold h
join submission s on s.case_id = h.case_id
where h.minutes is not null
