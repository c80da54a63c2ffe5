/*
title = "People in alternatives to detention, by area and technology, as published"
kind = "count"
unit = "people"
cells = ["fiscal_year", "area", "technology"]
population = """Active participants on the day of the data in the agency's table by area of responsibility and technology; the totals of an
area, which the table gives in rows of their own, are left out."""
source = "ICE detention statistics workbooks, sheet of alternatives to detention"
counted = ["published_cell"]
published_series = "atd/active-atd-participants-and-average-length-in-program"
*/
select
    labels['fiscal_year'] as fiscal_year,
    labels['group'] as area,
    labels['aor/technology'] as technology,
    cast(null as varchar) as case_id,
    closed,
    value as numerator
from published_cell
where series = 'atd/active-atd-participants-and-average-length-in-program' and labels['column'] = 'Count' and labels['group'] is not null
