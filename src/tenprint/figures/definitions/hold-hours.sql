/*
title = "Hours in a jail past the release moment, a hold"
kind = "mean"
unit = "hours"
cells = ["state", "county", "form"]
population = """Holds under a request that the jail honored and that have ended. Numerator: hours in the facility from the release moment
to the leaving, further criminal matters left out; denominator: holds, so that the value is the mean and the reader sees how many."""
source = "Shahani 2010, Guttin 2010: time in jail; HSAC task force: 48 hours"
counted = ["hold", "submission"]
*/
select
    s.state,
    s.county,
    s.jurisdiction,
    h.form,
    h.case_id,
    cast(h.minutes / 60 as decimal(18, 6)) as numerator,
    1 as denominator
from hold h
join submission s on s.case_id = h.case_id
where h.minutes is not null and h.valid_to is not null
