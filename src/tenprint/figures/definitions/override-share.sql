/*
title = "Decisions outside of what the law of the day lists"
kind = "share"
unit = "percent"
cells = ["fiscal_year", "state", "regime"]
population = """Decisions of officers, every version. Numerator: the choice was an override: outside of what the regime in force
permits by itself."""
source = "TRAC 432: limits of the enforcement program were not observed in the field"
counted = ["decision", "submission"]
*/
select
    'FY' || (year(d.valid_from) + cast(month(d.valid_from) >= 10 as integer)) as fiscal_year,
    s.state,
    d.regime,
    d.case_id,
    cast(coalesce(d.override, false) as integer) as numerator,
    1 as denominator
from decision d
join submission s on s.case_id = d.case_id
