/*
title = "Written requests not to be activated"
kind = "count"
unit = "requests"
cells = ["year", "state", "county", "answer"]
population = """Written requests of places not to be activated, by year of the letter and by the answer; none yet: nobody has answered."""
source = "letters of Arlington, San Francisco and Santa Clara counties, 2010; letter of 5 August 2011"
counted = ["request_not_to_activate"]
*/
select
    cast(year(r.made_on) as varchar) as year,
    r.state,
    r.county,
    r.jurisdiction,
    coalesce(r.answer, 'none yet') as answer,
    r.jurisdiction as case_id,
    1 as numerator
from request_not_to_activate r
