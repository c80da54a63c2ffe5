/*
title = "Incidents: promises broken or in doubt"
kind = "count"
unit = "incidents"
cells = ["month", "state", "county", "what", "open"]
population = """Incidents by calendar month in which they began (UTC), county of the booking agency and kind; open: nobody has closed it."""
source = "rule of this program: every minute without authority, every promise that did not come, is an incident with an owner"
counted = ["incident"]
*/
select
    strftime(i.valid_from, '%Y-%m') as month,
    i.state,
    i.county,
    i.jurisdiction,
    i.what,
    case when i.valid_to is null then 'yes' else 'no' end as open,
    i.case_id,
    1 as numerator
from incident i
