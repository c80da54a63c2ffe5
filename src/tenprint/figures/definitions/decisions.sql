/*
title = "What officers chose after a match, no action included"
kind = "count"
unit = "cases"
cells = ["fiscal_year", "state", "regime", "choice"]
population = """Matched cases by the last choice of an officer; NONE where nobody recorded one. Doing nothing is a choice and is
counted; that nobody chose is counted too."""
source = "OIG-15-85: the department did not collect data on the use of discretion"
counted = ["submission", "match", "decision"]
*/
select
    'FY' || (year(s.valid_from) + cast(month(s.valid_from) >= 10 as integer)) as fiscal_year,
    s.state,
    coalesce(d.regime, 'none') as regime,
    coalesce(d.choice, 'NONE') as choice,
    s.case_id,
    1 as numerator
from submission s
left join (
    select case_id, arg_max(regime, version) as regime, arg_max(choice, version) as choice from decision group by case_id
) d on d.case_id = s.case_id
where exists (
    select 1 from match m where m.case_id = s.case_id and m.system = 'immigration' and m.matched
  )
