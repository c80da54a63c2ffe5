/*
title = "People in ICE detention on the day of the data, by criminality, as published"
kind = "count"
unit = "people"
cells = ["fiscal_year", "criminality", "arresting_agency"]
population = """The numbers are the agency's own, as its workbooks publish them; totals of the tables and months that had not begun are left out.
'Criminality' is fixed at the moment that the footnote of the workbook names."""
source = "ICE detention statistics workbooks, 'ICE Currently Detained by Criminality and Arresting Agency'"
counted = ["published_cell"]
published_series = "currently-detained"
*/
select
    labels['fiscal_year'] as fiscal_year,
    labels['criminality'] as criminality,
    labels['arresting_agency'] as arresting_agency,
    cast(null as varchar) as case_id,
    closed,
    value as numerator
from published_cell
where series = 'currently-detained' and not total and sub_of is null
