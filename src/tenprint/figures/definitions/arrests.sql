/*
title = "People booked into ICE custody after a match, by level of offense"
kind = "count"
unit = "arrests"
cells = ["fiscal_year", "state", "county", "level"]
population = """Administrative arrests: federal custody that follows from a match, by federal fiscal year in which it was
assumed and by the level of convictions known at the as-of date with a judgment on or before that moment.
LVL-2010: 1 an aggravated felony or two felonies; 2 a felony or three misdemeanors; 3 any other conviction; NC
none known; UNK where a conviction without a known grade would decide. Charged is not convicted."""
source = """ICE, IDENT/IAFIS Interoperability Statistics, monthly, by county: administratively arrested or booked into ICE
custody, by level and non-criminal"""
counted = ["custody", "submission", "match", "conviction"]
*/
with convicted as (
    select
        o.key,
        bool_or(coalesce(c.aggravated_felony, false)) as aggravated,
        count(*) filter (c.grade = 'felony') as felonies,
        count(*) filter (c.grade = 'misdemeanor') as misdemeanors,
        count(*) filter (c.grade is null) as ungraded
    from custody o
    join conviction c on c.case_id = o.case_id and c.valid_from <= o.valid_from and not coalesce(c.juvenile, false)
    group by o.key
)
select
    'FY' || (year(o.valid_from) + cast(month(o.valid_from) >= 10 as integer)) as fiscal_year,
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
    o.case_id,
    1 as numerator
from custody o
join submission s on s.case_id = o.case_id
left join convicted v on v.key = o.key
where o.custody = 'ICE'
  and exists (
    select 1 from match m where m.case_id = o.case_id and m.system = 'immigration' and m.matched
  )
