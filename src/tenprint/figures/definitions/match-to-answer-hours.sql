/*
title = "Hours from a match to the first answer on status"
kind = "mean"
unit = "hours"
cells = ["month", "state"]
population = """Matches with an answer by a person at the support center: from the match to the first answer, by month of the
match. Numerator: seconds; denominator: 3600 for each match, so the value is the mean in hours. There was no
official goal; the often repeated four hours are none."""
source = "Nlets IAQ: response time will vary; program open question 16"
counted = ["match", "determination", "submission"]
*/
select
    strftime(m.valid_from, '%Y-%m') as month,
    s.state,
    m.case_id,
    cast(epoch(d.first_at) - epoch(m.valid_from) as bigint) as numerator,
    3600 as denominator
from match m
join submission s on s.case_id = m.case_id
join (select case_id, min(valid_from) as first_at from determination group by case_id) d on d.case_id = m.case_id
where m.system = 'immigration' and m.matched and d.first_at >= m.valid_from
