/*
title = "Complaints to the rights office"
kind = "count"
unit = "complaints"
cells = ["quarter", "state", "county", "route"]
population = """Complaints by calendar quarter in which they came in, each once, by the county that the office named at triage
and by where they went. No county: nobody has named one yet, or it is not known; no route: not triaged yet. A complaint
that repeats another is in the route DUPLICATE. Nobody who filed can be told from this: no text and no identity is in the
facts. Few complaints can mean that few people dare, or can, complain."""
source = "Seed critics: complaint counts feed the review of outliers, because few individual complaints are taken up"
counted = ["complaint"]
*/
select
    year(c.valid_from) || 'Q' || quarter(c.valid_from) as quarter,
    c.state,
    c.county,
    c.jurisdiction,
    coalesce(c.route, 'not triaged yet') as route,
    c.key as case_id,
    1 as numerator
from complaint c
