/*
title = "Immigration matches per submission"
kind = "share"
unit = "percent"
cells = ["month", "state", "county"]
population = """Criminal cards forwarded to the immigration system, by the month in which they were submitted (UTC). Numerator:
the immigration system found an earlier encounter. A match is not a status. Cards, not people."""
source = "ICE, IDENT/IAFIS Interoperability Statistics: alien IDENT matches and submissions, monthly, by county"
counted = ["submission", "match"]
*/
select
    strftime(s.valid_from, '%Y-%m') as month,
    s.state,
    s.county,
    s.jurisdiction,
    s.case_id,
    cast(exists (
        select 1 from match m where m.case_id = s.case_id and m.system = 'immigration' and m.matched
    ) as integer) as numerator,
    1 as denominator
from submission s
where s.accepted and s.forwarded
