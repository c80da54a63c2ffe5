/*
title = "Removals and returns after a match"
kind = "count"
unit = "removals and returns"
cells = ["fiscal_year", "state", "county", "outcome", "level"]
population = """Removals and returns, in two rows as the agency should have printed them, that follow from an immigration match
of a booking print; by federal fiscal year of departure and by the level of the convictions known at the as-of date, with a
judgment on or before departure. LVL-2008: 1 homicide, kidnapping, robbery, a threat to national security, or a major drug
offense with a sentence of more than a year; 2 any other felony; 3 a misdemeanor or less; NC none. The first level asks which
offense it was: a felony whose categories nobody stated, or a conviction without a grade that would decide, makes level UNK."""
source = "Secure Communities: A Comprehensive Plan (2009) and the monthly statistics up to June 2010: levels by the offense itself"
counted = ["outcome", "submission", "match", "conviction"]
in_force = 2008-10-01
*/
with convicted as (
    select
        o.key,
        bool_or(
            list_has_any(c.categories, ['homicide', 'kidnapping', 'robbery', 'national_security'])
            or (list_contains(c.categories, 'major_drug') and c.sentence_days > 365)
        ) as serious,
        count(*) filter (
            (c.categories is null and coalesce(c.grade, 'felony') = 'felony')
            or (list_contains(c.categories, 'major_drug') and c.sentence_days is null)
        ) as unstated,
        count(*) filter (c.grade = 'felony') as felonies,
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
        when v.serious then '1'
        when v.unstated > 0 then 'UNK'
        when v.felonies >= 1 then '2'
        when v.ungraded > 0 then 'UNK'
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
