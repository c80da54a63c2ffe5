/*
title = "Bookings for low-level charges only"
kind = "share"
unit = "percent"
cells = ["quarter", "state", "county", "ori", "stratum"]
population = """Bookings by calendar quarter of the arrest and booking agency, with at least one arrest charge
stated; bookings without a stated charge are left out, never counted as no. Numerator: every stated charge is
low-level. A charge is low-level when it is an infraction, or when it is not a felony and is stated by a person as
minor traffic or a status offense, or has an NCIC code of public peace (53xx) other than riot (5301 to 5306) or of
traffic (54xx) other than hit and run, dangerous cargo and driving under the influence (5401 to 5404); categories
that a person stated as driving under the influence, flight from an accident, violence, assault or domestic
violence take it out. A charge without a known grade is not taken for a felony. What single codes mean differs
between state tables (5402 is one) and was not checked against the manual of the FBI. Stratum: age band. It shows
whom the agency booked and for what charge; it does not show who was stopped, why, or whether the charge was a
pretext."""
source = "Warren Institute: petty arrests rose in Irving, Texas, when the Criminal Alien Program came; program section 6.2"
counted = ["booking", "submission", "charge"]
*/
with stated as (
    select
        c.case_id,
        bool_and(
            coalesce(c.grade = 'infraction', false)
            or (
                coalesce(c.grade <> 'felony', true)
                and not list_has_any(
                    coalesce(c.categories, []),
                    ['dui', 'flight_from_accident', 'violence', 'assault', 'domestic_violence']
                )
                and (
                    list_has_any(coalesce(c.categories, []), ['minor_traffic', 'status_offense'])
                    or (c.ncic[1:2] = '53' and c.ncic not between '5301' and '5306')
                    or (c.ncic[1:2] = '54' and c.ncic not between '5401' and '5404')
                )
            )
        ) as low
    from charge c
    group by c.case_id
)
select
    year(b.arrested_on) || 'Q' || quarter(b.arrested_on) as quarter,
    coalesce(b.state, s.state) as state,
    coalesce(b.county, s.county) as county,
    coalesce(b.jurisdiction, s.jurisdiction) as jurisdiction,
    b.ori,
    case
        when s.age_at_arrest is null then 'age unknown'
        when s.age_at_arrest < 25 then 'under 25'
        when s.age_at_arrest < 40 then '25 to 39'
        else '40 and over'
    end as stratum,
    b.case_id,
    cast(d.low as integer) as numerator,
    1 as denominator
from booking b
join stated d on d.case_id = b.case_id
left join submission s on s.case_id = b.case_id
where b.arrested_on is not null
