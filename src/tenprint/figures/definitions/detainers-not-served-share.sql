/*
title = "Detainers of which the person got no copy"
kind = "share"
unit = "percent"
cells = ["state", "county", "form"]
population = """Detainers that were issued. Numerator: nobody recorded that the person was given a copy. Missing is not served:
nothing shows that the person knew."""
source = "TRAC A2547: detainers created and not served; Galarza v. Szalczyk"
counted = ["detainer", "submission"]
*/
select
    s.state,
    s.county,
    s.jurisdiction,
    d.form,
    d.case_id,
    cast(d.served_at is null as integer) as numerator,
    1 as denominator
from detainer d
join submission s on s.case_id = d.case_id
