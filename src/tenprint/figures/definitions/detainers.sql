/*
title = "Detainers by form and by what became of them"
kind = "count"
unit = "detainers"
cells = ["fiscal_year", "state", "county", "form", "ending"]
population = """Forms I-247 of every edition, by federal fiscal year of issue. Ending: open, custody (federal officers came),
declined (the jail would not honor it), cancelled, withdrawn (a claim ended it), expired (the limit was
reached), superseded, other. Ending is a closed list: unknown endings were the weakness of the released records."""
source = "TRAC 310, 325, 458; Deportation Data Project: 37.4 percent of released records have no lift reason"
counted = ["detainer", "submission", "hold", "custody"]
*/
select
    'FY' || (year(d.issued_at) + cast(month(d.issued_at) >= 10 as integer)) as fiscal_year,
    s.state,
    s.county,
    s.jurisdiction,
    d.form,
    case
        when d.state_of_form in ('declined', 'cancelled', 'withdrawn', 'superseded') then d.state_of_form
        when exists (select 1 from custody c where c.case_id = d.case_id and c.custody = 'ICE') then 'custody'
        when exists (
            select 1 from hold h
            where h.case_id = d.case_id
                and least(coalesce(h.valid_to, getvariable('valid')), getvariable('valid')) > h.deadline
        ) then 'expired'
        when exists (select 1 from hold h where h.case_id = d.case_id and h.how is not null) then 'other'
        else 'open'
    end as ending,
    d.case_id,
    1 as numerator
from detainer d
join submission s on s.case_id = d.case_id
