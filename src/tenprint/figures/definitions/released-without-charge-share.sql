/*
title = "Bookings released without charge"
kind = "share"
unit = "percent"
cells = ["quarter", "state", "county", "ori", "stratum"]
population = """Bookings by calendar quarter of the arrest and booking agency, old enough and settled: the arrest
lies at least 90 days before the valid date, and for each arrest charge it is known what became of it within 90
days. Numerator: every charge ended without a case, the prosecutor filed nothing (not_filed) or it was dismissed.
Charges that are pending, or of which nobody stated the end, make the booking missing, never a no; so does a day
that nobody stated. Slow cases are outside by construction, and a place that reports dispositions late or never has
few bookings here. A dismissal for departure, an acquittal and a conviction are not releases without charge.
Stratum: gravest grade of the arrest charges, with codes of public peace and traffic apart. It does not show why
nothing was filed: weak evidence, a pretext, diversion and a full court look alike."""
source = "Program section 6.3: share released without charge, before and after activation"
counted = ["booking", "submission", "charge"]
*/
with settled as (
    select
        c.case_id,
        count(*) as charges,
        count(*) filter (
            c.disposition is not null and c.disposition <> 'pending' and c.disposed_on <= b.arrested_on + 90
        ) as known,
        bool_and(coalesce(c.disposition in ('not_filed', 'dismissed'), false)) as dropped,
        case
            when bool_or(coalesce(c.grade = 'felony', false)) then 'felony'
            when bool_and(c.ncic[1:2] in ('53', '54') or coalesce(c.grade = 'infraction', false)) then 'peace or traffic'
            when bool_or(coalesce(c.grade = 'misdemeanor', false)) then 'misdemeanor'
            else 'grade unknown'
        end as stratum
    from charge c
    join booking b on b.case_id = c.case_id
    group by c.case_id
)
select
    year(b.arrested_on) || 'Q' || quarter(b.arrested_on) as quarter,
    coalesce(b.state, s.state) as state,
    coalesce(b.county, s.county) as county,
    coalesce(b.jurisdiction, s.jurisdiction) as jurisdiction,
    b.ori,
    d.stratum,
    b.case_id,
    cast(d.dropped as integer) as numerator,
    1 as denominator
from booking b
join settled d on d.case_id = b.case_id
left join submission s on s.case_id = b.case_id
where d.known = d.charges and b.arrested_on + 90 <= cast(getvariable('valid') as date)
