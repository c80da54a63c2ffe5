/*
title = "Flags of the quarterly review, and what became of them"
kind = "count"
unit = "flags"
cells = ["quarter", "ending"]
population = """Flags by the calendar quarter that was reviewed, each once, and by ending at the valid date: what a written finding
says, where the flag was closed with one; closed without finding; overdue (open, and finding, or decision and summary after it,
is past its deadline); open. A deadline that was missed and met later does not show here; the publication of flags lists it.
A referral that nobody has acknowledged does not make a flag overdue here; there it does."""
source = "Seed critics: no commitment to act on the statistics. Here a flag that ends without a written finding is counted as such"
counted = ["finding"]
*/
select
    f.quarter,
    case
        when f.state_of_finding = 'closed_without_finding' then 'closed without finding'
        when f.state_of_finding = 'closed' then 'closed: ' || replace(lower(f.result), '_', ' ')
        when f.due_at < getvariable('valid') then 'overdue'
        else 'open'
    end as ending,
    f.key as case_id,
    1 as numerator
from finding f
