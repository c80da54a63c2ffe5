/*
title = "Detained without authority"
kind = "count"
unit = "hours"
cells = ["month", "state", "county", "cause", "confirmed"]
population = """Hours that somebody was in a jail and nothing allowed it: presence minus authority, by calendar month (UTC), county of the
jail and cause. A stretch that nobody has recorded an end of runs to the moment asked about; hours after the last word
that the person was there stand apart (confirmed: no)."""
source = "8 CFR 287.7(d); Miranda-Olivares v. Clackamas County; Los Angeles County: about 20,000 people held over"
counted = ["presence"]
*/
with part as (
    select
        p.case_id,
        p.state,
        p.county,
        p.jurisdiction,
        p.cause,
        p.confirmed_to,
        p.valid_from as since,
        least(coalesce(p.valid_to, getvariable('valid')), getvariable('valid')) as until
    from presence p
    where p.ground is null
),
split as (
    select case_id, state, county, jurisdiction, cause, since, least(until, greatest(since, confirmed_to)) as until, 'yes' as confirmed from part
    union all
    select case_id, state, county, jurisdiction, cause, greatest(since, confirmed_to) as since, until, 'no' as confirmed from part where until > confirmed_to
),
monthly as (
    select
        case_id,
        state,
        county,
        jurisdiction,
        cause,
        confirmed,
        greatest(since, month) as since,
        least(until, month + interval 1 month) as until,
        strftime(month, '%Y-%m') as month
    from split, unnest(generate_series(date_trunc('month', since), until, interval 1 month)) as months (month)
)
select
    m.month,
    m.state,
    m.county,
    m.jurisdiction,
    m.cause,
    m.confirmed,
    m.case_id,
    cast(cast(floor((epoch(m.until) - epoch(m.since)) / 60) as bigint) / 60 as decimal(18, 6)) as numerator
from monthly m
where m.until > m.since
