"""What the events of places add to the facts: agreements, training, vetting, requests to stay out, switches."""

from __future__ import annotations

from tenprint.facts.entries import Data, day, moment
from tenprint.facts.places import Place
from tenprint.facts.steps import Handler, Reader, Step

PREFIX = "jurisdiction/"


def _place(reader: Reader, step: Step) -> Place:
    name = step.entry.stream.removeprefix(PREFIX)
    return reader.places.county(name) if name.isdigit() else Place(None, name, None)


def _key(step: Step, what: str, *more: object) -> str:
    return "/".join((step.entry.stream, what, *(str(m) for m in more)))


def _signed(reader: Reader, step: Step, data: Data) -> None:
    step.put("agreement", _key(step, "agreement"), at=moment(data["on"]), **_place(reader, step).columns(),
             signed_on=day(data["on"]), notice_days=data.get("notice_days"))  # fmt: skip


def _ended(_reader: Reader, step: Step, data: Data) -> None:
    step.revise("agreement", _key(step, "agreement"), until=moment(data["on"]), ended_on=day(data["on"]))


def _trained(reader: Reader, step: Step, data: Data) -> None:
    step.put("training", _key(step, "training", data["topic"]), at=moment(data["on"]), **_place(reader, step).columns(),
             topic=data["topic"], completed=data["completed"], officers=data["of"], on=day(data["on"]))  # fmt: skip


def _vetted(reader: Reader, step: Step, data: Data) -> None:
    found = data.get("investigations") or ()
    step.put("vetting", _key(step, "vetting"), at=moment(data["on"]), **_place(reader, step).columns(),
             on=day(data["on"]), investigations=sum(bool(i.get("is_open")) for i in found), accepted=False)  # fmt: skip


def _accepted(_reader: Reader, step: Step, _data: Data) -> None:
    step.revise("vetting", _key(step, "vetting"), accepted=True)


def _asked(reader: Reader, step: Step, data: Data) -> None:
    step.put(
        "request_not_to_activate", _key(step, "request", data["number"]), at=moment(data["on"]),
        **_place(reader, step).columns(), made_on=day(data["on"]), channel=data["channel"], rule=data["rule"],
    )  # fmt: skip


def _answered(_reader: Reader, step: Step, data: Data) -> None:
    step.revise("request_not_to_activate", _key(step, "request", data["number"]), answered_on=day(data["on"]),
                answer=data["answer"])  # fmt: skip


def _active(reader: Reader, step: Step, data: Data) -> None:
    step.put("activation", step.entry.stream.removeprefix(PREFIX), at=moment(data["on"]),
             **_place(reader, step).columns(), active_on=day(data["on"]))  # fmt: skip


def _inactive(_reader: Reader, step: Step, data: Data) -> None:
    step.revise("activation", step.entry.stream.removeprefix(PREFIX), until=moment(data["on"]))


HANDLERS: dict[str, Handler] = {
    "agreement.signed": _signed,
    "agreement.ended": _ended,
    "training.completed": _trained,
    "jurisdiction.vetted": _vetted,
    "jurisdiction.accepted": _accepted,
    "request.made": _asked,
    "request.answered": _answered,
    "activation.done": _active,
    "activation.ended": _inactive,
}
"""Handlers by kind of event."""
