"""Every kind of paper, made from a case: what it says, and what has to have happened before it can be made."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import msgspec

from tenprint import law
from tenprint.cases.card.case import Case, Detainer
from tenprint.papers import notice
from tenprint.papers.content import Block, Paper, PaperError
from tenprint.papers.form import form_blocks

FORMS = "i-247"


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What a paper is made of."""

    case: Case
    kind: str
    language: str
    zone: ZoneInfo
    number: int | None = None
    """Request that it is about; None: the latest."""

    @property
    def tcn(self) -> str:
        """Control number of the card."""
        return self.case.submission.tcn if self.case.submission else ""

    def moment(self, at: datetime) -> str:
        """A moment in words, on the clock of the facility."""
        return f"{at.astimezone(self.zone):%A %Y-%m-%d %H:%M %Z}"

    def paper(self, title: str, lead: str, blocks: tuple[Block, ...], at: datetime, request: int | None) -> Paper:
        """A paper with the card's number on it."""
        own = notice.words()[self.language]
        about = Block(heading="Control number", language="en", sentences=(self.tcn,))
        return Paper(
            kind=self.kind,
            tcn=self.tcn,
            language=self.language,
            direction=own["direction"],
            title=title,
            title_language="" if self.kind == "notice" else "en",
            lead=lead,
            blocks=(about, *blocks),
            at=at.astimezone(UTC).replace(microsecond=0),
            warning=own["warning"],
            request=request,
        )

    def request(self) -> Detainer:
        """The request that the paper is about."""
        all_of_them = self.case.detainers
        if not all_of_them:
            raise PaperError(f"{self.kind}: no request was issued in case {self.tcn}")
        if self.number is None:
            return all_of_them[-1]
        found = next((d for d in all_of_them if d.number == self.number), None)
        if found is None:
            raise PaperError(f"there is no request {self.number}; this case has {len(all_of_them)}")
        return found


def compose(case: Case, kind: str, language: str, zone: str, request: int | None = None) -> Paper:
    """The words of a paper.

    Args:
        case: The case as it stands.
        kind: One of `KINDS`, or the name of a version of the form such as `I-247A`.
        language: Code of the language; forms and the notice exist in all, letters in English.
        zone: IANA time zone for moments.
        request: Number of the request; None: the latest.

    Raises:
        PaperError: when what the paper tells of has not happened, or it does not exist in the language.
    """
    named = kind.strip()
    asked = Asked(case=case, kind=named.lower(), language=language, zone=ZoneInfo(zone), number=request)
    versions = {f.lower(): f for f in (law.form(n).name for n in FORM_NAMES)}
    if named.lower() in versions:
        return _version(asked, versions[named.lower()])
    maker = MAKERS.get(named.lower())
    if maker is None:
        raise PaperError(f"there is no paper of kind {kind!r}; kinds are {', '.join(KINDS)}, or a version of the form")
    if language != "en" and named.lower() not in {FORMS, "notice"}:
        raise PaperError(f"{named} exists in English only; the notice and the forms exist in {language!r}")
    return maker(asked)


def _version(asked: Asked, name: str) -> Paper:
    """The form of that version, when a request of this case is on it."""
    on_it = [d for d in asked.case.detainers if d.form == name and asked.number in {None, d.number}]
    if not on_it:
        used = ", ".join(d.form for d in asked.case.detainers) or "none"
        raise PaperError(f"no request of case {asked.tcn} is on form {name}; its requests: {used}")
    return _form(msgspec.structs.replace(asked, kind=FORMS, number=on_it[-1].number))


def _form(asked: Asked) -> Paper:
    request = asked.request()
    version, at = law.form(request.form), _issued(request)
    own = notice.blocks(version, asked.language, at.date())
    blocks = (*form_blocks(request, version, asked.moment), *own)
    lead = "A request from immigration officers to a jail. It is not an order of a judge."
    return asked.paper(f"{version.name}: {version.title}", lead, blocks, at, request.number)


def _notice(asked: Asked) -> Paper:
    request = asked.request()
    version, at = law.form(request.form), _issued(request)
    say = notice.words()[asked.language]
    return asked.paper(say["title"], say["lead"], notice.blocks(version, asked.language, at.date()), at, request.number)


def _issued(request: Detainer) -> datetime:
    at = request.issued.issued_at
    if at is None:
        raise PaperError(f"request {request.number} is of an earlier release and has no moment of issue")
    return at


def _warrant(form: str, title: str, says: str) -> Callable[[Asked], Paper]:
    def made(asked: Asked) -> Paper:
        found = [d for d in asked.case.detainers if (w := d.issued.warrant_record) is not None and w.form == form]
        if not found or found[-1].issued.warrant_record is None:
            raise PaperError(f"no warrant on Form {form} is on record in case {asked.tcn}")
        request, record = found[-1], found[-1].issued.warrant_record
        rows = [("Number", record.number), ("Issued by", record.issuer)]
        rows += [("Issued on", record.issued_on.isoformat())] if record.issued_on else []
        rows += [("Goes with", f"request {request.number} on {request.form}")]
        body = Block(heading="The warrant", pairs=tuple(rows), sentences=(says,))
        return asked.paper(f"{form}: {title}", "An administrative warrant.", (body,), _issued(request), request.number)

    return made


def _notice_to_appear(asked: Asked) -> Paper:
    step = next((s for s in reversed(asked.case.steps) if s.step == "notice_to_appear"), None)
    if step is None:
        raise PaperError(f"no notice to appear is on record in case {asked.tcn} (tenprint case step)")
    later = [(s.step.replace("_", " "), s.on.isoformat()) for s in asked.case.steps if s.on >= step.on]
    body = Block(
        heading="What is on record",
        pairs=(("Notice to appear", step.on.isoformat()), *((n, d) for n, d in later if n != "notice to appear")),
        sentences=(
            *((f"Note: {step.note}",) if step.note else ()),
            "This is a summary of a Form I-862 on record.",
            "Proceedings begin only when it is filed with the immigration court (8 CFR 1003.14(a)).",
            "You may have a lawyer at no expense to the Government (8 U.S.C. 1362).",
        ),
    )
    at = datetime.combine(step.on, time(12), asked.zone)
    return asked.paper("Notice to appear: summary", "What the record says of the notice.", (body,), at, None)


def _release(asked: Asked) -> Paper:
    moment = asked.case.eligible
    if moment is None:
        raise PaperError(f"no release moment is on record in case {asked.tcn} (tenprint jail release-eligible)")
    body = Block(
        heading="The release",
        pairs=(
            ("Moment", asked.moment(moment.at)),
            ("Reason", moment.reason.replace("_", " ")),
            ("Shown by", moment.document),
        ),
        sentences=("From this moment no criminal matter keeps the person.",),
    )
    request = asked.case.detainers[-1].number if asked.case.detainers else None
    lead = "Notice of the moment from which the person is free to leave, with its reason."
    return asked.paper("Notice of release", lead, (body,), moment.at, request)


def _decline(asked: Asked) -> Paper:
    found = [d for d in asked.case.detainers if d.state == "DECLINED" and asked.number in {None, d.number}]
    if not found or found[-1].ended_at is None:
        raise PaperError(f"no request of case {asked.tcn} was declined")
    request, at = found[-1], found[-1].ended_at
    body = Block(
        heading="Our answer",
        pairs=(("Request", f"{request.number} on {request.form}"), ("Declined", asked.moment(at))),
        sentences=(f"Reason: {request.reason}.", "A request is a request; declining it is a normal answer."),
    )
    lead = "The jail does not hold the person on your request."
    return asked.paper("Letter: the request is declined", lead, (body,), at, request.number)


def _honor(asked: Asked) -> Paper:
    found = [h for h in asked.case.honors if asked.number in {None, h.request}]
    if not found:
        raise PaperError(f"the jail honored no request of case {asked.tcn}")
    act = found[-1]
    body = Block(
        heading="Our answer",
        pairs=(
            ("Request", str(act.request)),
            ("Honored", asked.moment(act.at)),
            ("Authority relied on", act.under),
            ("Law of the place that day", act.answer.replace("_", " ").lower()),
        ),
        sentences=("The hold ends by itself at its limit and is not extended.",),
    )
    if act.answer == "MAY_NOT_HOLD":
        warning = "The law of this place forbids holding on this request. This act gives no authority to hold."
        body = msgspec.structs.replace(body, sentences=(warning,))
    lead = "The jail's own act upon the request."
    return asked.paper("Letter: the request is honored", lead, (body,), act.at, act.request)


def _query(asked: Asked) -> Paper:
    sent = asked.case.queries[-1] if asked.case.queries else None
    if sent is None or sent.sent_at is None:
        raise PaperError(f"the center was not asked in case {asked.tcn}")
    rows = [("Origin", sent.origin), ("Offense code (NCIC)", sent.offense), ("Sent", asked.moment(sent.sent_at))]
    rows += [("Why a person asked", sent.basis)] if sent.basis else []
    body = Block(heading="The query", pairs=tuple(rows))
    lead = "A question about immigration status, sent to the support center."
    return asked.paper("Immigration Alien Query (IAQ)", lead, (body,), sent.sent_at, None)


def _answer(asked: Asked) -> Paper:
    told = asked.case.determination
    if told is None or told.determined_at is None:
        raise PaperError(f"the center has not answered in case {asked.tcn}")
    rows = [
        ("Version", str(told.version)),
        ("Status", told.status.replace("_", " ").lower()),
        ("Confidence", told.confidence),
        ("Citizenship indicator", "yes" if told.citizenship_indicator else "no"),
        ("Answered", asked.moment(told.determined_at)),
        ("Answered by", told.by or "not on record"),
    ]
    sources = Block(heading="Sources", sentences=tuple(s.name for s in told.sources))
    lead = "An answer is what records show; it is not a decision and no authority to hold."
    blocks = (Block(heading="The answer", pairs=tuple(rows)), sources)
    return asked.paper("Immigration Alien Response (IAR)", lead, blocks, told.determined_at, None)


MAKERS: dict[str, Callable[[Asked], Paper]] = {
    FORMS: _form,
    "notice": _notice,
    "i-200": _warrant("I-200", "Warrant for Arrest of Alien", "It is signed by an immigration officer, not a judge."),
    "i-205": _warrant("I-205", "Warrant of Removal", "It is signed by an immigration officer, not a judge."),
    "notice-to-appear": _notice_to_appear,
    "release-notice": _release,
    "decline": _decline,
    "honor": _honor,
    "iaq": _query,
    "iar": _answer,
}
KINDS: tuple[str, ...] = tuple(MAKERS)
"""Kinds of papers of a case; a version of the form, such as `I-247A`, names the form itself."""
FORM_NAMES: tuple[str, ...] = tuple(f.name for f in law.all_forms())
