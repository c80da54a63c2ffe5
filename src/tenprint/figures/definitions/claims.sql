/*
title = "Claims: citizen, victim, witness, wrong person"
kind = "count"
unit = "claims"
cells = ["quarter", "state", "county", "claim", "answer"]
population = """Claims by calendar quarter in which they were made, by county of the booking agency, by what is claimed and by the
answer: upheld, not upheld, or none yet. A claim withdraws a request to hold in the same moment, whatever its answer."""
source = "ICE hotline for citizens and victims (bulletin of 29 December 2011); seed critics: victims booked with offenders"
counted = ["claim", "submission"]
*/
select
    year(c.valid_from) || 'Q' || quarter(c.valid_from) as quarter,
    s.state,
    s.county,
    s.jurisdiction,
    c.claim,
    case when c.upheld then 'upheld' when not c.upheld then 'not upheld' else 'none yet' end as answer,
    c.case_id,
    1 as numerator
from claim c
left join submission s on s.case_id = c.case_id
