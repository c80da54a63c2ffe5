/*
title = "Submissions by county and type of transaction"
kind = "count"
unit = "submissions"
cells = ["jurisdiction", "tot"]
population = "Accepted cards, as they were known at the as-of date. For the benchmark."
source = "bench/figures.py"
counted = ["submission"]
*/
select jurisdiction, tot, case_id, 1 as numerator
from submission
where accepted
