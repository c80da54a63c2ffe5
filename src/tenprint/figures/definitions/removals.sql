/*
title = "Removals and returns after a match"
kind = "count"
unit = "removals and returns"
cells = ["fiscal_year", "state", "county", "outcome", "level"]
population = """Removals and returns, in two rows as the agency should have printed them, that follow from an immigration match
of a booking print; by federal fiscal year of departure and by the level of the convictions known at the as-of date, with a
judgment on or before departure (LVL-2010: 1 an aggravated felony or two felonies; 2 a felony or three misdemeanors; 3 any
other conviction; NC none). A conviction without a known grade makes level UNK when it would decide."""
source = "ICE, IDENT/IAFIS Interoperability Statistics: removals and returns by level and non-criminal"
counted = ["outcome", "submission", "match", "conviction"]
supersedes = "removals@d46d6ad30e57b3d4"
in_force = 2010-06-30
changed = """Levels of the memo of 30 June 2010 (LVL-2010) instead of those of 2008: level 1 asks for an aggravated felony or two
felonies, no longer which offense it was; three misdemeanors make level 2. The statistics may have switched later than the memo."""
*/
with convicted as (
    select
        o.key,
        bool_or(coalesce(c.aggravated_felony, false)) as aggravated,
        count(*) filter (c.grade = 'felony') as felonies,
        count(*) filter (c.grade = 'misdemeanor') as misdemeanors,
        count(*) filter (c.grade is null) as ungraded
    from outcome o
    join conviction c on c.case_id = o.case_id and c.valid_from <= o.valid_from and not coalesce(c.juvenile, false)
    group by o.key
)
select
    'FY' || (year(o.valid_from) + cast(month(o.valid_from) >= 10 as integer)) as fiscal_year,
    s.state,
    s.county,
    s.jurisdiction,
    o.outcome,
    case
        when v.key is null then 'NC'
        when v.aggravated or v.felonies >= 2 then '1'
        when v.ungraded > 0 then 'UNK'
        when v.felonies >= 1 or v.misdemeanors >= 3 then '2'
        else '3'
    end as level,
    o.case_id,
    1 as numerator,
    cast(o.valid_from as date) as happened_on
from outcome o
join submission s on s.case_id = o.case_id
left join convicted v on v.key = o.key
where o.outcome in ('REMOVED', 'RETURNED')
  and exists (select 1 from match m where m.case_id = o.case_id and m.system = 'immigration' and m.matched)
