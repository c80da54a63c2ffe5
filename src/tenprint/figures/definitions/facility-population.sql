/*
title = "Average daily population of each detention facility, as published"
kind = "count"
unit = "people, daily average"
cells = ["fiscal_year", "state", "facility", "criminality"]
population = """Sum of the four columns of male and female people with and without a criminal history in the agency's list of facilities:
its own average over the fiscal year up to the day of the data. A facility that is listed with blanks has no row."""
source = "ICE detention statistics workbooks, sheet of facilities; the base of public trackers of detention"
counted = ["published_cell"]
published_series = "facilities"
*/
select
    labels['fiscal_year'] as fiscal_year,
    labels['state'] as state,
    labels['name'] as facility,
    case when labels['column'] like '%Non-Crim' then 'Non-Criminal' else 'Criminal' end as criminality,
    cast(null as varchar) as case_id,
    closed,
    value as numerator
from published_cell
where series = 'facilities' and labels['column'] in ('Male Crim', 'Male Non-Crim', 'Female Crim', 'Female Non-Crim')
