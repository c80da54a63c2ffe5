"""The publication of flags as one page for people: plain HTML without script, picture or address. It ranks nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from html import escape

from tenprint.cases.finding.words import place, plain
from tenprint.exchange.findings.dispositions import Disposition, Ended, Publication, Wrote

STYLE = """
body { font: 1.05rem/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 62rem; padding: 1.5rem; color: #1b1b1b; }
.synthetic { background: #f0f0f0; padding: .4rem .8rem; letter-spacing: .05em; }
.loud { border-left: .5rem solid #b50909; background: #fdf2f2; padding: .5rem 1rem; margin: 1.5rem 0; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 1.5rem; }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem; border-bottom: 1px solid #a9aeb1; }
article { border-top: 2px solid #1b1b1b; margin-top: 2rem; }
dt { font-weight: 700; } dd { margin: 0 0 .4rem; } code { overflow-wrap: anywhere; font-size: .9em; }
"""

TITLE = "<title>Flags of the quarterly review</title>"

ENDINGS = {
    "closed": "closed with a written finding", "closed_without_finding": "CLOSED WITHOUT A WRITTEN FINDING",
    "overdue": "PAST DUE", "open": "open, within its deadline",
}  # fmt: skip


def page(public: Publication) -> str:
    """The page.

    Args:
        public: What is published.
    """
    clock = " (simulated: its clock follows stated times)" if public.simulated else ""
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">{TITLE}'
    told = (
        f"Every flag ever raised, up to {_when(public.at)}, from the ledger {escape(public.ledger)}{clock}. "
        "A flag is a question: it says that a place was unlike its peers, or changed, and not why. Flags stand in the "
        "order in which they became cases; nothing here ranks places."
    )
    parts = [
        f'<!DOCTYPE html>\n<html lang="en"><head>{head}<style>{STYLE}</style></head><body><main>',
        '<p class="synthetic">SYNTHETIC: every person of this exchange is made up.</p>',
        "<h1>Flags of the quarterly review, and what became of them</h1>",
        f"<p>{told}</p>",
        _loud(public),
        _counts(public),
        _times(public),
        *(_flag(f) for f in public.flags),
        _reviews(public),
        "<h2>Checkpoint</h2><p>The ledger as it was then, signed; every line above is an entry under it.</p>",
        f"<pre>{escape(public.checkpoint)}</pre></main></body></html>\n",
    ]
    return "\n".join(parts)


def _loud(public: Publication) -> str:
    """What nobody may overlook, first."""
    said = []
    names = {f.number: f"<a href='#{f.number}'>{f.number}</a> ({escape(place(f.flag))})" for f in public.flags}
    if public.closed_without_finding:
        ended = [(f.number, c) for f in public.flags for c in f.closings if c.without_finding]
        each = "; ".join(f"{names[number]}, {escape(_ended(c))}" for number, c in ended)
        said.append(f"Closed without a written finding: {len(public.closed_without_finding)}. {each}")
    if public.overdue:
        said.append(f"Past due: {len(public.overdue)}. {'; '.join(names[n] for n in public.overdue)}")
    unanswered = {f.number for f in public.flags if f.ending in {"overdue", "closed_without_finding"}}
    met = [n for n in public.late if n not in unanswered]
    if met:
        said.append(f"Missed a deadline and went on later: {len(met)}. {'; '.join(names[n] for n in met)}")
    if public.not_reviewed:
        said.append(f"Quarters without a recorded review: {', '.join(public.not_reviewed)}.")
    if not said:
        return "<p>No flag is past due, none missed a deadline, and none was closed without a written finding.</p>"
    items = "".join(f"<li>{line}</li>" for line in said)
    return f'<section class="loud"><h2>What was not answered in time, or not at all</h2><ul>{items}</ul></section>'


def _counts(public: Publication) -> str:
    rows = [(ENDINGS[ending], str(count)) for ending, count in public.endings.items()]
    return "<h2>Endings</h2>" + (_table(("Ending", "Flags"), rows) if rows else "<p>No flag was raised.</p>")


def _times(public: Publication) -> str:
    if not public.times:
        return ""
    rows = [
        (
            escape(t.step), str(t.done), str(t.waiting), str(t.waived), str(t.late), _days(t.median_days),
            _days(t.longest_days),
        )
        for t in public.times
    ]  # fmt: skip
    head = ("Step", "Done", "Waiting", "Never done", "Late", "Median days", "Longest days")
    return "<h2>How long it really took</h2>" + _table(head, rows)


def _flag(found: Disposition) -> str:
    flag = found.flag
    late = [
        f"{s.step}: due {s.due:%Y-%m-%d}, {_done(s.done, waived=s.waived)} after {s.days:.1f} days"
        + (", LATE" if s.late or s.step in found.missed else "")
        for s in found.steps
    ]
    referrals = [f"{r.to}: {r.acknowledged or 'nobody has said that it arrived'}" for r in found.referrals]
    facts = [
        ("What was seen", flag.statement),
        ("Ending", f"{ENDINGS[found.ending]}" + (f": {found.closing_reason}" if found.closing_reason else "")),
        *(("Closed before", _ended(c)) for c in found.closings if c.reopened_at),
        *(("What was found", _found(w)) for w in found.findings),
        *([] if found.findings else [("What was found", "nobody has written it")]),
        ("What follows", f"{plain(found.decision)}: {found.decision_reason}" if found.decision else "not decided"),
        ("Referred to", "; ".join(referrals)),
        ("In the office's words", found.summary),
        ("Time", "; ".join(late)),
        ("Raised by", f"{found.raised} review{'s' if found.raised > 1 else ''} under rule {flag.rule}"),
        ("Corrected by a later act", _times_of(found.corrections)),
    ]
    told = "".join(f"<dt>{escape(term)}</dt><dd>{escape(text)}</dd>" for term, text in facts if text)
    head = f"{found.number}: {place(flag)}, {flag.metric}, {flag.quarter}"
    return f'<article id="{found.number}"><h2>{escape(head)}</h2><dl>{told}</dl></article>'


def _found(wrote: Wrote) -> str:
    corrects = f" It corrects the one before: {wrote.correction}" if wrote.correction else ""
    return f"{wrote.number}, {wrote.at:%Y-%m-%d}: {plain(wrote.result)}. {wrote.text}{corrects}"


def _ended(closing: Ended) -> str:
    """One closing, and that it was undone."""
    how = "without a written finding " if closing.without_finding else ""
    told = f"closed {how}on {closing.at:%Y-%m-%d} in the role {closing.role}: {closing.reason}"
    if closing.reopened_at is None:
        return told
    again = f"taken up again on {closing.reopened_at:%Y-%m-%d} in the role {closing.reopened_by}"
    return f"{told} ({again}: {closing.reopening_reason})"


def _reviews(public: Publication) -> str:
    rows = [
        (
            r.quarter, f"{r.as_of:%Y-%m-%d}", str(r.tests), str(r.flags), f"{r.expected_false:.2g}",
            f"<code>{escape(r.rule)}</code>",
            _when(r.rule_registered_at) if r.rule_registered_at else "<strong>NOT REGISTERED</strong>",
        )
        for r in public.reviews
    ]  # fmt: skip
    head = ("Quarter", "Known as of", "Tests", "Flags", "Level of the quarter times flags", "Rule", "Rule registered")
    return "<h2>Reviews</h2>" + (_table(head, rows) if rows else "<p>No review is recorded.</p>")


def _times_of(count: int) -> str:
    return {0: "", 1: "once"}.get(count, f"{count} times")


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    top = "".join(f'<th scope="col">{h}</th>' for h in head)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"


def _done(done: datetime | None, *, waived: bool) -> str:
    if waived:
        return "never done, given up"
    return "done" if done else "still owed"


def _when(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def _days(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}"
