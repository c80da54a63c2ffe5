/*
title = "Active jurisdictions"
kind = "count"
unit = "jurisdictions"
cells = ["state", "vetting"]
population = """Places active on the day asked about (--valid), by state and by whether anybody ever looked for open civil-rights investigations of
their agencies: vetted, vetted with an open one that nobody has decided upon, or never vetted."""
source = "ICE, activated jurisdictions; rule of this program: nobody is activated unvetted"
counted = ["activation"]
references = ["vetting"]
*/
select
    a.state,
    case
        when v.on is null then 'never vetted'
        when v.investigations > 0 and not v.accepted then 'open investigation'
        else 'vetted'
    end as vetting,
    a.jurisdiction as case_id,
    1 as numerator
from activation a
left join (select jurisdiction, max(vetting.on) as on, max_by(investigations, vetting.on) as investigations,
    max_by(accepted, vetting.on) as accepted from vetting group by jurisdiction) v on v.jurisdiction = a.jurisdiction
where a.active_on <= cast(getvariable('valid') as date) and a.valid_to is null
