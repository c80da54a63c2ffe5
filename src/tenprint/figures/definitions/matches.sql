/*
title = "Immigration matches by level of offense"
kind = "count"
unit = "matches"
cells = ["month", "state", "county", "level"]
population = """Forwarded cards for which the immigration system found an earlier encounter, by month of submission and by the
level of convictions known at the as-of date with a judgment on or before submission. A match is not a status:
citizens match too. LVL-2010: 1 an aggravated felony or two felonies; 2 a felony or three misdemeanors; 3 any
other conviction; NC none known; UNK where a conviction without a known grade would decide. Charged is not
convicted."""
source = """ICE, IDENT/IAFIS Interoperability Statistics, monthly, by county: alien IDENT matches, total and by level"""
counted = ["submission", "match", "conviction"]
*/
with convicted as (
    select
        o.key,
        bool_or(coalesce(c.aggravated_felony, false)) as aggravated,
        count(*) filter (c.grade = 'felony') as felonies,
        count(*) filter (c.grade = 'misdemeanor') as misdemeanors,
        count(*) filter (c.grade is null) as ungraded
    from submission o
    join conviction c on c.case_id = o.case_id and c.valid_from <= o.valid_from and not coalesce(c.juvenile, false)
    group by o.key
)
select
    strftime(s.valid_from, '%Y-%m') as month,
    s.state,
    s.county,
    s.jurisdiction,
    case
        when v.key is null then 'NC'
        when v.aggravated or v.felonies >= 2 then '1'
        when v.ungraded > 0 then 'UNK'
        when v.felonies >= 1 or v.misdemeanors >= 3 then '2'
        else '3'
    end as level,
    s.case_id,
    1 as numerator
from submission s
left join convicted v on v.key = s.key
where exists (
    select 1 from match m where m.case_id = s.case_id and m.system = 'immigration' and m.matched
  )
