/*
title = "Final book-outs from ICE detention, as published"
kind = "count"
unit = "book-outs"
cells = ["month", "release_reason", "criminality"]
population = """Cells of the agency's own table, sub-rows ('Bond Set by ...') not added twice, months that had not begun
left out. 'Criminality' is fixed at the moment that the footnote of the workbook names; the numbers are the agency's."""
source = "ICE detention statistics workbooks, 'ICE Final Book Outs by Release Reason, Month and Criminality'"
counted = ["published_cell"]
published_series = "final-book-outs"
*/
select
    labels['month'] as month,
    labels['release_reason'] as release_reason,
    labels['criminality'] as criminality,
    cast(null as varchar) as case_id,
    closed,
    value as numerator
from published_cell
where series = 'final-book-outs' and not total and sub_of is null
