/*
title = "Average daily population in ICE detention, as published"
kind = "count"
unit = "people, daily average"
cells = ["month", "arresting_agency", "criminality"]
population = """Averages of a month as published; those of one month add up over its cells, those of several months do not.
Totals and months that had not begun are left out.
'Criminality' is fixed at the moment that the footnote of the workbook names."""
source = "ICE detention statistics workbooks, 'ICE Average Daily Population by Arresting Agency, Month and Criminality'"
counted = ["published_cell"]
published_series = "average-daily-population"
*/
select
    labels['month'] as month,
    labels['arresting_agency'] as arresting_agency,
    labels['criminality'] as criminality,
    cast(null as varchar) as case_id,
    closed,
    value as numerator
from published_cell
where series = 'average-daily-population' and not total and sub_of is null
