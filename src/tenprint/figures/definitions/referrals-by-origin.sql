/*
title = "Queries to the support center, by how they came about"
kind = "count"
unit = "queries"
cells = ["fiscal_year", "state", "county", "origin"]
population = """Status queries (IAQ) by federal fiscal year and origin: a fingerprint match, a name check, an interview of the Criminal Alien
Program, an officer under 287(g); side by side, because only the first follows from prints."""
source = "GAO-12-708: share of removals by program; ICE, IDENT/IAFIS Interoperability Statistics"
counted = ["response", "submission"]
*/
select
    'FY' || (year(r.valid_from) + cast(month(r.valid_from) >= 10 as integer)) as fiscal_year,
    s.state,
    s.county,
    s.jurisdiction,
    r.query_origin as origin,
    r.case_id,
    1 as numerator
from response r
left join submission s on s.case_id = r.case_id
where r.response = 'IAQ'
