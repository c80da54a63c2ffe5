/*
title = "Cards forwarded to the immigration system"
kind = "count"
unit = "submissions"
cells = ["month", "state", "county"]
population = """Accepted criminal cards that the gate forwarded, by month of submission (UTC) and county of the booking agency
(EBTS 2.073 CRI, never the bureau's 1.008 ORI). Prints, not people: one person booked twice counts twice."""
source = "ICE, IDENT/IAFIS Interoperability Statistics, monthly, by county: submissions"
counted = ["submission"]
*/
select strftime(s.valid_from, '%Y-%m') as month, s.state, s.county, s.jurisdiction, s.case_id, 1 as numerator
from submission s
where s.accepted and s.forwarded
