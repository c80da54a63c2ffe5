/*
title = "Removals, as published"
kind = "count"
unit = "removals"
cells = ["fiscal_year"]
population = """The agency's own total of a fiscal year up to the day of the data. It counts removals, not people, with or without detention."""
source = "ICE detention statistics workbooks, 'ICE Removals'"
counted = ["published_cell"]
published_series = "removals"
*/
select
    labels['fiscal_year'] as fiscal_year,
    cast(null as varchar) as case_id,
    closed,
    value as numerator
from published_cell
where series = 'removals' and labels['removals'] = 'Total'
