/*
title = "Final book-outs from ICE detention by type of facility, as published"
kind = "count"
unit = "book-outs"
cells = ["fiscal_year", "facility_type"]
population = """The numbers are the agency's own, as its workbooks publish them; totals of the tables and months that had not begun are left out."""
source = "ICE detention statistics workbooks, 'ICE Final Book Outs by Facility Type'"
counted = ["published_cell"]
published_series = "final-book-outs-by-facility-type"
*/
select
    labels['fiscal_year'] as fiscal_year,
    labels['facility_type'] as facility_type,
    cast(null as varchar) as case_id,
    closed,
    value as numerator
from published_cell
where series = 'final-book-outs-by-facility-type' and not total and sub_of is null
