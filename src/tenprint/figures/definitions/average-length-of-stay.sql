/*
title = "Average length of stay in ICE detention, as published"
kind = "mean"
unit = "days"
cells = ["month", "arresting_agency", "criminality"]
population = """Averages as published: a cell is one number of the agency's table, and a mean over several cells weighs them alike.
Totals and months that had not begun are left out.
'Criminality' is fixed at the moment that the footnote of the workbook names."""
source = "ICE detention statistics workbooks, 'ICE Average Length of Stay by Arresting Agency, Month and Criminality'"
counted = ["published_cell"]
published_series = "average-length-of-stay"
*/
select
    labels['month'] as month,
    labels['arresting_agency'] as arresting_agency,
    labels['criminality'] as criminality,
    cast(null as varchar) as case_id,
    closed,
    value as numerator,
    1 as denominator
from published_cell
where series = 'average-length-of-stay' and not total and sub_of is null
