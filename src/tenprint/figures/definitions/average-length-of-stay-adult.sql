/*
title = "Average length of stay in adult facilities of ICE detention, as published"
kind = "mean"
unit = "days"
cells = ["month", "arresting_agency"]
population = """Averages as published: a cell is one number of the agency's table, and a mean over several cells weighs them alike.
Totals and months that had not begun are left out."""
source = "ICE detention statistics workbooks, 'ICE Average Length of Stay Adult Facility Type by Month and Arresting Agency'"
counted = ["published_cell"]
published_series = "average-length-of-stay-adult"
*/
select
    labels['month'] as month,
    labels['arresting_agency'] as arresting_agency,
    cast(null as varchar) as case_id,
    closed,
    value as numerator,
    1 as denominator
from published_cell
where series = 'average-length-of-stay-adult' and not total and sub_of is null
