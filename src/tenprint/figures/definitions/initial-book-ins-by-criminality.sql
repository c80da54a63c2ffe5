/*
title = "Initial book-ins into ICE detention by criminality, as published"
kind = "count"
unit = "book-ins"
cells = ["fiscal_year", "facility_type", "criminality"]
population = """The numbers are the agency's own, as its workbooks publish them; totals of the tables and months that had not begun are left out.
'Criminality' is fixed at the moment that the footnote of the workbook names."""
source = "ICE detention statistics workbooks, 'ICE Initial Book-Ins by Facility Type and Criminality'"
counted = ["published_cell"]
published_series = "initial-book-ins-by-criminality"
*/
select
    labels['fiscal_year'] as fiscal_year,
    labels['facility_type'] as facility_type,
    labels['criminality'] as criminality,
    cast(null as varchar) as case_id,
    closed,
    value as numerator
from published_cell
where series = 'initial-book-ins-by-criminality' and not total and sub_of is null
