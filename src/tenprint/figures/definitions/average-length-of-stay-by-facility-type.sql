/*
title = "Average length of stay in ICE detention by type of facility, as published"
kind = "mean"
unit = "days"
cells = ["month", "facility_type"]
population = """Averages as published: a cell is one number of the agency's table, and a mean over several cells weighs them alike.
Totals and months that had not begun are left out."""
source = "ICE detention statistics workbooks, 'ICE Average Length of Stay by Facility Type and Month'"
counted = ["published_cell"]
published_series = "average-length-of-stay-by-facility-type"
*/
select
    labels['month'] as month,
    labels['facility_type'] as facility_type,
    cast(null as varchar) as case_id,
    closed,
    value as numerator,
    1 as denominator
from published_cell
where series = 'average-length-of-stay-by-facility-type' and not total and sub_of is null
