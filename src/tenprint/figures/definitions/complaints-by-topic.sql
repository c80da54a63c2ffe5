/*
title = "Topics of complaints to the rights office"
kind = "count"
unit = "topics of complaints"
cells = ["quarter", "state", "county", "topic"]
population = """Complaints by calendar quarter in which they came in, by county as named at triage, and by topic. A complaint with
several topics is counted under each: the sum over topics is not the number of complaints. No topic: the filer chose none."""
source = "Secure Communities Complaints Protocol (text not found): profiling, due process, other violations tied to the program"
counted = ["complaint"]
*/
select
    year(c.valid_from) || 'Q' || quarter(c.valid_from) as quarter,
    c.state,
    c.county,
    c.jurisdiction,
    t.topic,
    c.key as case_id,
    1 as numerator
from complaint c,
    unnest(case when coalesce(len(c.subject), 0) = 0 then ['none chosen'] else c.subject end) as t(topic)
