/*
title = "Initial book-ins into ICE detention, as published"
kind = "count"
unit = "book-ins"
cells = ["month", "arresting_agency"]
population = """The numbers are the agency's own, as its workbooks publish them; totals of the tables and months that had not begun are left out."""
source = "ICE detention statistics workbooks, 'ICE Initial Book-Ins by Arresting Agency and Month'"
counted = ["published_cell"]
published_series = "initial-book-ins"
*/
select
    labels['month'] as month,
    labels['arresting_agency'] as arresting_agency,
    cast(null as varchar) as case_id,
    closed,
    value as numerator
from published_cell
where series = 'initial-book-ins' and not total and sub_of is null
