/*
title = "Officers who finished the training"
kind = "share"
unit = "percent"
cells = ["state", "county", "topic"]
population = """Officers concerned, as the place last stated them for each topic. Numerator: those who finished it."""
source = "ICE and CRCL training for state and local police, 2012: nobody counted who saw it"
counted = ["training"]
*/
select
    t.state,
    t.county,
    t.jurisdiction,
    t.topic,
    t.jurisdiction as case_id,
    t.completed as numerator,
    t.officers as denominator
from training t
