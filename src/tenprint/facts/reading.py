"""What each kind of ledger event adds to the tables of facts.

Reads kind and data of entries; knows nothing of how a case decides. One handler per kind, in the order of the road.
Kinds that say nothing to a statistic (alarms, closings) have no handler.
"""

from __future__ import annotations

from collections.abc import Callable

from tenprint.facts.entries import Data, change_of, day, exact, moment
from tenprint.facts.jurisdictions import HANDLERS as OF_JURISDICTIONS
from tenprint.facts.rights import HANDLERS as OF_THE_RIGHTS_OFFICE
from tenprint.facts.steps import Handler, Reader, Step

# -- the card ----------------------------------------------------------------------------------------------------------


def _accepted(reader: Reader, step: Step, data: Data) -> None:
    case = step.case
    arrested, ori = day(data.get("date_of_arrest")), str(data["controlling_ori"])
    case.place = reader.places.of(ori)
    charges = data.get("charges") or ()
    step.put(
        "submission", case.key, case_id=case.key, person_id=reader.opened(step), **case.place.columns(),
        submitting_ori=data["submitting_ori"], controlling_ori=ori, tot=data["tot"], accepted=True,
        retain=data["retain"], arrested_on=arrested, age_at_arrest=data.get("age_at_arrest"),
        treat_as_adult=data.get("treat_as_adult", False), fingers=len(data.get("fingers") or ()), charges=len(charges),
    )  # fmt: skip
    step.put("booking", case.key, at=moment(arrested), case_id=case.key, **case.place.columns(), ori=ori,
             arrested_on=arrested, charges=len(charges))  # fmt: skip
    step.put(
        "custody", f"{case.key}/local", at=moment(arrested), case_id=case.key, **case.place.columns(), custody="LOCAL"
    )
    for charge in charges:
        _charge(step, charge, "late")


def _rejected(reader: Reader, step: Step, data: Data) -> None:
    case, ori = step.case, str(data["controlling_ori"])
    case.place = reader.places.of(ori)
    step.put("submission", case.key, case_id=case.key, person_id=reader.opened(step), **case.place.columns(),
             submitting_ori=data["submitting_ori"], controlling_ori=ori, tot=data["tot"], accepted=False)  # fmt: skip


def _charge(step: Step, charge: Data, change: str) -> None:
    step.put(
        "charge", f"{step.case.key}/charge/{charge['number']}", change=change, case_id=step.case.key,
        number=charge["number"], ncic=charge.get("ncic", "0399"), offense_on=day(charge.get("offense_date")),
        grade=charge.get("grade"), max_sentence_days=charge.get("max_sentence_days"),
        categories=_stated(charge, "categories"), disposition=charge.get("disposition", "pending"),
        disposed_on=day(charge.get("disposed_on")),
    )  # fmt: skip


def _stated(data: Data, name: str) -> list[str] | None:
    """A list of terms; nobody having stated it (nothing) is not the same as none of them (an empty list)."""
    return None if data.get(name) is None else list(data[name])


def _charge_stated(_reader: Reader, step: Step, data: Data) -> None:
    _charge(step, data["charge"], change_of(data))


def _charge_disposed(_reader: Reader, step: Step, data: Data) -> None:
    step.revise("charge", f"{step.case.key}/charge/{data['number']}", change=change_of(data),
                disposition=data["disposition"], disposed_on=day(data["on"]))  # fmt: skip


def _searched(system: str) -> Callable[[Reader, Step, Data], None]:
    def handler(reader: Reader, step: Step, data: Data) -> None:
        step.put("match", f"{step.case.key}/{system}", case_id=step.case.key, system=system, matched=data["hit"],
                 close_call=data.get("close_call", False), fingers=data.get("fingers"))  # fmt: skip
        if data["hit"] and data.get("identity"):
            reader.identified(step, f"{system}/{data['identity']}")

    return handler


def _gate(reader: Reader, step: Step, data: Data) -> None:
    if data.get("county") and step.case.place.jurisdiction is None:
        step.case.place = reader.places.county(str(data["county"]))
    step.revise("submission", step.case.key, **step.case.place.columns(), forwarded=data["forwarded"],
                gate_reason=data.get("reason"))  # fmt: skip
    if data["forwarded"]:
        step.put("forward", step.case.next("forward"), case_id=step.case.key, **step.case.place.columns(),
                 authority=data.get("authority"), standing=data.get("authority_standing") or None,
                 agreement=bool(data.get("agreement")),
                 investigations=len(data.get("investigations") or ()))  # fmt: skip


def _query(_reader: Reader, step: Step, data: Data) -> None:
    step.put("response", step.case.next("response"), at=moment(data.get("sent_at")), case_id=step.case.key,
             response="IAQ", query_origin=data["origin"])  # fmt: skip


def _response(_reader: Reader, step: Step, data: Data) -> None:
    step.put("response", step.case.next("response"), case_id=step.case.key, response=data["response"],
             relayed=data.get("relayed"))  # fmt: skip


# -- people answer and decide ------------------------------------------------------------------------------------------


def _determined(_reader: Reader, step: Step, data: Data) -> None:
    step.put("determination", step.case.next("determination"), case_id=step.case.key, version=data["version"],
             status=data["status"], confidence=data["confidence"], citizenship_indicator=data["citizenship_indicator"],
             sources=len(data.get("sources") or ()))  # fmt: skip


def _decided(_reader: Reader, step: Step, data: Data) -> None:
    key, at = step.case.next("decision"), moment(data.get("decided_at"))
    step.put("decision", key, at=at, case_id=step.case.key, version=data["version"], choice=data["choice"],
             regime=data.get("regime"), override=data.get("override", False), reviewed=data.get("reviewer") is not None,
             basis=list(data.get("basis") or ()))  # fmt: skip
    step.put("evaluation", key, at=at, case_id=step.case.key, version=data["version"], regime=data.get("regime"),
             standing=data.get("standing"), permitted=list(data.get("permitted") or ()),
             duties=list(data.get("duties") or ()), missing=list(data.get("missing") or ()))  # fmt: skip


def _issued(_reader: Reader, step: Step, data: Data) -> None:
    case, at = step.case, moment(data.get("issued_at")) or step.entry.occurred_at
    if case.numbers.get("detainer") and data.get("supersedes") is not None:
        step.revise("detainer", case.last("detainer"), state_of_form="superseded", ended_at=at, until=at)
    step.put("detainer", case.next("detainer"), at=at, case_id=case.key, **case.place.columns(), form=data["form"],
             recipient=data.get("recipient_ori"), state_of_form="issued", issued_at=at,
             criteria=list(data.get("criteria") or ()), probable_cause=list(data.get("probable_cause") or ()),
             warrant=data.get("warrant"))  # fmt: skip


def _acknowledged(_reader: Reader, step: Step, _data: Data) -> None:
    step.revise(
        "detainer", step.case.last("detainer"), state_of_form="acknowledged", acknowledged_at=step.entry.occurred_at
    )


def _served(_reader: Reader, step: Step, data: Data) -> None:
    step.revise("detainer", step.case.last("detainer"), served_at=moment(data["served_at"]), language=data["language"])


def _detainer_over(state: str) -> Callable[[Reader, Step, Data], None]:
    def handler(_reader: Reader, step: Step, data: Data) -> None:
        at = step.entry.occurred_at
        step.revise("detainer", step.case.last("detainer"), until=at, state_of_form=state, ended_at=at,
                    end_reason=data.get("reason"))  # fmt: skip

    return handler


def _reinstated(_reader: Reader, step: Step, _data: Data) -> None:
    step.revise("detainer", step.case.last("detainer"), reopen=True, state_of_form="reinstated",
                ended_at=None, end_reason=None)  # fmt: skip


# -- the person --------------------------------------------------------------------------------------------------------


def _claim_made(_reader: Reader, step: Step, data: Data) -> None:
    step.put("claim", f"{step.case.key}/claim/{data['number']}", case_id=step.case.key, claim=data["claim"],
             channel=data.get("channel"), due_at=moment(data.get("due")))  # fmt: skip


def _claim_resolved(_reader: Reader, step: Step, data: Data) -> None:
    step.revise(
        "claim", f"{step.case.key}/claim/{data['number']}", resolved_at=step.entry.occurred_at, upheld=data["upheld"]
    )


def _convicted(reader: Reader, step: Step, data: Data) -> None:
    c = data["conviction"]
    on = day(c["convicted_on"])
    step.put(
        "conviction", f"{step.case.key}/conviction/{reader.key('conviction', str(c['id']))}", at=moment(on),
        change=change_of(data), case_id=step.case.key, convicted_on=on, ncic=c.get("ncic", "0399"),
        grade=c.get("grade"), max_sentence_days=c.get("max_sentence_days"), sentence_days=c.get("sentence_days"),
        aggravated_felony=c.get("aggravated_felony"), categories=_stated(c, "categories"),
        incident=None if c.get("incident") is None else reader.key("incident", f"{step.entry.stream}/{c['incident']}"),
        juvenile=c.get("juvenile", False), charge=c.get("charge"), batch=data.get("batch"),
    )  # fmt: skip


def _struck(reader: Reader, step: Step, data: Data) -> None:
    # The vocabulary has one event for all three reasons; a reason that opens with this word says which one it is.
    change = "deduplication" if str(data.get("reason", "")).lower().startswith("duplicate") else "correction"
    step.end("conviction", f"{step.case.key}/conviction/{reader.key('conviction', str(data['id']))}", change)


def _custody_assumed(_reader: Reader, step: Step, data: Data) -> None:
    at = moment(data["at"])
    if not data.get("stays"):
        step.revise("custody", f"{step.case.key}/local", until=at)
    step.put(
        "custody", f"{step.case.key}/ice", at=at, case_id=step.case.key, **step.case.place.columns(), custody="ICE"
    )


def _custody_released(_reader: Reader, step: Step, data: Data) -> None:
    which = "ice" if data["custody"] == "ICE" else "local"
    if data.get("how") in {"TRANSFERRED", "NEW_CRIMINAL_HOLD"} or data.get("guarded"):
        return
    step.revise("custody", f"{step.case.key}/{which}", until=moment(data["at"]))


def _proceeding(_reader: Reader, step: Step, data: Data) -> None:
    step.put(
        "proceeding", step.case.next("proceeding"), at=moment(data["on"]), case_id=step.case.key, step=data["step"]
    )


def _outcome(_reader: Reader, step: Step, data: Data) -> None:
    change = change_of(data)
    corrected = change == "correction" and step.case.numbers.get("outcome")
    key = step.case.last("outcome") if corrected else step.case.next("outcome")
    step.put("outcome", key, at=moment(data["on"]), change=change, case_id=step.case.key, outcome=data["outcome"],
             basis=data.get("basis"))  # fmt: skip


def _cost(_reader: Reader, step: Step, data: Data) -> None:
    step.put("cost", step.case.next("cost"), case_id=step.case.key, bed_hours=exact(data["bed_hours"]),
             payer=data["payer"], amount_cents=data.get("amount_cents"))  # fmt: skip


def _agency(reader: Reader, step: Step, data: Data) -> None:
    place = reader.places.register(data)
    if place is not None:
        step.put("agency", f"agency/{data['ori']}", ori=data["ori"], **place.columns(), zone=data.get("zone"))


def _rate(reader: Reader, step: Step, data: Data) -> None:
    step.put("rate", f"rate/{data['ori']}", at=moment(data["since"]), **reader.places.of(str(data["ori"])).columns(),
             facility=data["ori"], cents_per_day=data["cents_per_day"], published=data["source"])  # fmt: skip


def _fact_stated(_reader: Reader, step: Step, data: Data) -> None:
    if data["name"] == "citizen_family" and isinstance(data["value"], bool):
        step.revise("submission", step.case.key, change=change_of(data), citizen_family=data["value"])


def _incident_opened(_reader: Reader, step: Step, data: Data) -> None:
    step.put(
        "incident", f"{step.case.key}/incident/{data['number']}", at=moment(data["since"]), case_id=step.case.key,
        **step.case.place.columns(), what=data["what"],
        cause=str(data.get("about") or "").partition(" since ")[0] or None, opened_at=step.entry.occurred_at,
    )  # fmt: skip


def _incident_closed(_reader: Reader, step: Step, data: Data) -> None:
    at = step.entry.occurred_at
    step.revise("incident", f"{step.case.key}/incident/{data['number']}", until=at, closed_at=at)


def _matter(_reader: Reader, step: Step, data: Data) -> None:
    step.put("matter", f"{step.case.key}/matter/{data['number']}", at=moment(data["at"]), case_id=step.case.key,
             **step.case.place.columns(), what=data["what"])  # fmt: skip


HANDLERS: dict[str, Handler] = {
    "agency.registered": _agency,
    "submission.accepted": _accepted,
    "submission.rejected": _rejected,
    "charge.stated": _charge_stated,
    "charge.disposed": _charge_disposed,
    "criminal.searched": _searched("criminal"),
    "gate.decided": _gate,
    "immigration.searched": _searched("immigration"),
    "query.sent": _query,
    "response.sent": _response,
    "status.determined": _determined,
    "decision.recorded": _decided,
    "detainer.issued": _issued,
    "detainer.acknowledged": _acknowledged,
    "detainer.served": _served,
    "detainer.declined": _detainer_over("declined"),
    "detainer.cancelled": _detainer_over("cancelled"),
    "detainer.withdrawn": _detainer_over("withdrawn"),
    "detainer.reinstated": _reinstated,
    "claim.made": _claim_made,
    "claim.resolved": _claim_resolved,
    "conviction.recorded": _convicted,
    "conviction.struck": _struck,
    "custody.assumed": _custody_assumed,
    "custody.released": _custody_released,
    "proceeding.step": _proceeding,
    "outcome.recorded": _outcome,
    "cost.recorded": _cost,
    "agency.bed_rate": _rate,
    "fact.stated": _fact_stated,
    "incident.opened": _incident_opened,
    "incident.closed": _incident_closed,
    "matter.opened": _matter,
    **OF_THE_RIGHTS_OFFICE,
    **OF_JURISDICTIONS,
}
"""Handlers by kind of event."""
