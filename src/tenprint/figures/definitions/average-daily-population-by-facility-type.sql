/*
title = "Average daily population in ICE detention by type of facility, as published"
kind = "count"
unit = "people, daily average"
cells = ["month", "facility_type"]
population = """Averages of a month as published; those of one month add up over its cells, those of several months do not.
Totals and months that had not begun are left out."""
source = "ICE detention statistics workbooks, 'ICE Average Daily Population by Facility Type and Month'"
counted = ["published_cell"]
published_series = "average-daily-population-by-facility-type"
*/
select
    labels['month'] as month,
    labels['facility_type'] as facility_type,
    cast(null as varchar) as case_id,
    closed,
    value as numerator
from published_cell
where series = 'average-daily-population-by-facility-type' and not total and sub_of is null
