/*
title = "Bed-hours past release, by who paid"
kind = "count"
unit = "bed-hours"
cells = ["fiscal_year", "state", "county", "payer"]
population = """Bed-hours that somebody stated as spent past release on a detainer, by who paid. No reimbursement existed."""
source = "OIG-12-64, section on incarceration costs; sheriffs and counties on unpaid detention"
counted = ["cost", "submission"]
*/
select
    'FY' || (year(c.valid_from) + cast(month(c.valid_from) >= 10 as integer)) as fiscal_year,
    s.state,
    s.county,
    s.jurisdiction,
    c.payer,
    c.case_id,
    c.bed_hours as numerator
from cost c
join submission s on s.case_id = c.case_id
