/*
title = "People in ICE detention on the day of the data, by processing disposition, as published"
kind = "count"
unit = "people"
cells = ["fiscal_year", "processing_disposition", "facility_type"]
population = """The numbers are the agency's own, as its workbooks publish them; totals of the tables and months that had not begun are left out."""
source = "ICE detention statistics workbooks, 'ICE Currently Detained by Processing Disposition and Detention Facility Type'"
counted = ["published_cell"]
published_series = "currently-detained-by-disposition"
*/
select
    labels['fiscal_year'] as fiscal_year,
    labels['processing_disposition'] as processing_disposition,
    labels['facility_type'] as facility_type,
    cast(null as varchar) as case_id,
    closed,
    value as numerator
from published_cell
where series = 'currently-detained-by-disposition' and not total and sub_of is null
