/*
title = "Detainers given an immigration match"
kind = "share"
unit = "percent"
cells = ["quarter", "state", "county", "ori", "stratum"]
population = """Forwarded cards for which the immigration system found an earlier encounter, by calendar quarter of
submission and booking agency, submitted at least 30 days before the valid date. Numerator: a Form I-247 of any
edition was issued within 30 days, whatever became of it; requests for notification only are forms too. Stratum:
level of convictions known with a judgment on or before submission (LVL-2010), and whether an arrest charge is a
felony. A match is not a status: a place with many naturalized citizens has few detainers for that reason alone.
The detainer is an act of federal officers; the metric says where it is unlike elsewhere, not who chose."""
source = "Accountability C5: detainer given match, one of three lenses kept apart"
counted = ["submission", "match", "detainer", "conviction", "charge"]
*/
with convicted as (
    select
        o.case_id,
        bool_or(coalesce(c.aggravated_felony, false)) as aggravated,
        count(*) filter (c.grade = 'felony') as felonies,
        count(*) filter (c.grade = 'misdemeanor') as misdemeanors,
        count(*) filter (c.grade is null) as ungraded
    from submission o
    join conviction c on c.case_id = o.case_id and c.valid_from <= o.valid_from and not coalesce(c.juvenile, false)
    group by o.case_id
)
select
    year(s.valid_from) || 'Q' || quarter(s.valid_from) as quarter,
    s.state,
    s.county,
    s.jurisdiction,
    s.controlling_ori as ori,
    case
        when v.case_id is null then 'no conviction'
        when v.aggravated or v.felonies >= 2 then 'level 1'
        when v.ungraded > 0 then 'level unknown'
        when v.felonies >= 1 or v.misdemeanors >= 3 then 'level 2'
        else 'level 3'
    end || case
        when exists (select 1 from charge c where c.case_id = s.case_id and c.grade = 'felony') then ', felony charge'
        else ''
    end as stratum,
    s.case_id,
    cast(exists (
        select 1 from detainer d
        where d.case_id = s.case_id and d.issued_at >= s.valid_from and d.issued_at <= s.valid_from + interval 30 day
    ) as integer) as numerator,
    1 as denominator
from submission s
left join convicted v on v.case_id = s.case_id
where s.valid_from + interval 30 day <= getvariable('valid')
  and exists (select 1 from match m where m.case_id = s.case_id and m.system = 'immigration' and m.matched)
