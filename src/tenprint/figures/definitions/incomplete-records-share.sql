/*
title = "Records that lack something required"
kind = "share"
unit = "percent"
cells = ["quarter", "state", "county", "ori", "stratum"]
population = """Records of three kinds, by calendar quarter in which they arose and by booking agency of the card:
cards taken in, decisions, detainers. Numerator: something required is missing. A card needs a date of arrest and
at least one arrest charge; a decision needs the rule set in force and a basis; a detainer needs its form, the jail
it went to and at least one criterion or ground of probable cause. Stratum: kind of record. Records whose county is
unknown belong to no place and are in none of them. Decisions and detainers are federal records: a county with many
incomplete ones is not at fault for them. It shows that something was left blank, not that what was filled in is
true."""
source = "GAO-12-708: no arrest charge for more than half of removals; OIG-20-13: systems lack required fields"
counted = ["submission", "decision", "detainer"]
*/
select
    year(r.valid_from) || 'Q' || quarter(r.valid_from) as quarter,
    s.state,
    s.county,
    s.jurisdiction,
    s.controlling_ori as ori,
    r.stratum,
    r.case_id,
    cast(r.lacks as integer) as numerator,
    1 as denominator
from (
    select case_id, valid_from, 'card' as stratum, arrested_on is null or coalesce(charges, 0) = 0 as lacks
    from submission
    where accepted
    union all
    select case_id, valid_from, 'decision', regime is null or coalesce(len(basis), 0) = 0
    from decision
    union all
    select case_id, valid_from, 'detainer', form is null or recipient is null
        or coalesce(len(criteria), 0) + coalesce(len(probable_cause), 0) = 0
    from detainer
) r
join submission s on s.case_id = r.case_id
