/*
title = "Active jurisdictions that somebody has vetted"
kind = "share"
unit = "percent"
cells = ["state"]
population = """Places active on the day asked about. Numerator: somebody recorded a look for open civil-rights investigations by that day."""
source = "rule of this program; OIG-12-64 and civil-rights groups on places under investigation"
counted = ["activation"]
references = ["vetting"]
*/
select
    a.state,
    a.jurisdiction as case_id,
    cast(a.jurisdiction in (select jurisdiction from vetting) as integer) as numerator,
    1 as denominator
from activation a
where a.active_on <= cast(getvariable('valid') as date) and a.valid_to is null
