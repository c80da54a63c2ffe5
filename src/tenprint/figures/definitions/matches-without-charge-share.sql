/*
title = "Immigration matches of people neither charged nor convicted"
kind = "share"
unit = "percent"
cells = ["quarter", "state", "county", "ori", "stratum"]
population = """Forwarded cards for which the immigration system found an earlier encounter, by calendar quarter of
submission and booking agency, old enough and settled: submitted at least 90 days before the valid date, and for
each arrest charge it is known what became of it within 90 days of submission. Numerator: the prosecutor filed
nothing on any charge (not_filed) or every charge was dismissed, and no conviction of an adult court is known with
a judgment within the 90 days or before. Cards without a stated charge, or with one that is pending, are missing,
never a no. A match is not a status: citizens match too. Stratum: age band. It shows arrests that led to a match
and to nothing else; it does not show that the arrest was made for the match."""
source = "Program section 6.3: matches with no conviction and no charge / matches"
counted = ["submission", "match", "charge", "conviction"]
*/
with settled as (
    select
        c.case_id,
        count(*) as charges,
        count(*) filter (
            c.disposition is not null and c.disposition <> 'pending' and c.disposed_on <= cast(s.valid_from as date) + 90
        ) as known,
        bool_and(coalesce(c.disposition in ('not_filed', 'dismissed'), false)) as dropped
    from charge c
    join submission s on s.case_id = c.case_id
    group by c.case_id
)
select
    year(s.valid_from) || 'Q' || quarter(s.valid_from) as quarter,
    s.state,
    s.county,
    s.jurisdiction,
    s.controlling_ori as ori,
    case
        when s.age_at_arrest is null then 'age unknown'
        when s.age_at_arrest < 25 then 'under 25'
        when s.age_at_arrest < 40 then '25 to 39'
        else '40 and over'
    end as stratum,
    s.case_id,
    cast(d.dropped and not exists (
        select 1 from conviction v
        where v.case_id = s.case_id and not coalesce(v.juvenile, false)
          and cast(v.valid_from as date) <= cast(s.valid_from as date) + 90
    ) as integer) as numerator,
    1 as denominator
from submission s
join settled d on d.case_id = s.case_id
where d.known = d.charges
  and cast(s.valid_from as date) + 90 <= cast(getvariable('valid') as date)
  and exists (select 1 from match m where m.case_id = s.case_id and m.system = 'immigration' and m.matched)
