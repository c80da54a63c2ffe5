"""``tenprint law``: the law of a day, an evaluation with its trace, a person through all regimes, a deadline."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec
import typer
from rich.markup import escape

from tenprint.cli.common import Json, emit, fail, out
from tenprint.cli.law_ask import ask
from tenprint.cli.law_person import PersonDb, Whose, facts_of_person
from tenprint.cli.may_hold import add, may_hold
from tenprint.cli.opening import Ori

if TYPE_CHECKING:
    from tenprint.law import Evaluation, Regime

MARKS = {"base": "", "overlay": "+ ", "control": "  [magenta]control of this program, no law[/magenta]  "}
"""What stands before a regime's name: a control has a color of its own."""

app = typer.Typer(no_args_is_help=True, help="The law of a day, evaluations with their trace, deadlines.")

On = Annotated[str, typer.Option("--on", help="The day of the decision.", show_default=False)]
Controls = Annotated[
    bool | None,
    typer.Option(
        "--controls/--no-controls",
        help="Add this program's own controls, which are no law. Default: only on days on which the program was there.",
        show_default=False,
    ),
]
KnownOn = Annotated[str | None, typer.Option("--known-on", help="Only law that could be known on this day.")]


@app.command()
def on(day: Annotated[str, typer.Argument(metavar="DATE")], known_on: KnownOn = None, json: Json = False) -> None:
    """The law of a day: base regimes, overlays and forms, each with source and standing.

    Example: tenprint law on 2012-12-21
    """
    from tenprint import law

    with _refusals():
        when, known, tables = _day(day, "DATE"), _known(known_on), law.load()
        found: dict[str, Any] = {}
        for question in tables.questions:
            base, overlays = tables.in_force(question, when, known)
            found[question] = {
                "base": _regime(base),
                "overlays": [_regime(o) for o in overlays if o.kind == "overlay"],
                "controls": [_regime(o) for o in overlays if o.kind == "control"],
            }
        issuable = list(law.forms(when))
    if json:
        emit({"on": when, "known_on": known, "questions": found, "forms": issuable})
        return
    for question, regimes in found.items():
        out.print(f"[bold]{question}[/bold]  {tables.questions[question].title}")
        for regime in (regimes["base"], *regimes["overlays"], *regimes["controls"]):
            mark = MARKS[regime["kind"]]
            until = regime["in_force_to"] or "open"
            out.print(f"  {mark}{regime['id']}  {regime['title']}  ({regime['in_force_from']} to {until})")
            out.print(f"      {regime['says']}", markup=False)
            out.print(f"      {regime['authority']}; {regime['standing']}; {', '.join(regime['source'])}", markup=False)
    out.print(f"[bold]forms[/bold]  {', '.join(issuable)}")


@app.command()
def evaluate(
    whose: Whose,
    on: On,
    known_on: KnownOn = None,
    question: Annotated[str, typer.Option("--question", help="detainer, level, priority or opt_out.")] = "detainer",
    controls: Controls = None,
    db: PersonDb = None,
    ori: Ori = None,
    json: Json = False,
) -> None:
    """What the law of a day permitted and required for these facts, what is missing, and why.

    Doubts of the day come with the answer. Controls of this program are named apart and stay out of earlier days.

    With --json the answers to the other questions about a person stand under "also".

    A control number stands for a person of the exchange: their facts are those of their last day in custody, as known
    now, under the law of whatever day is asked.

    Example: tenprint law evaluate facts.json --on 2012-12-22
    """
    from tenprint import law

    with _refusals():
        stated, when, known = facts_of_person(whose, db, ori), _day(on, "--on"), _known(known_on)
        answer = law.evaluate(question, stated, on=when, known_on=known, controls=controls)
        others = [q for q in ("detainer", "level", "priority") if question not in {q, "opt_out"}]
        also = {q: law.evaluate(q, stated, on=when, known_on=known, controls=controls) for q in others}
    if json:
        emit({**msgspec.to_builtins(answer), "also": {q: _short(e) for q, e in also.items()}})
        return
    _print_answer(answer)
    for name, other in also.items():
        out.print(
            f"{name}: {other.result or ', '.join(other.permitted) or 'no rule'} ({other.regime}, {other.standing})"
        )


@app.command()
def history(whose: Whose, db: PersonDb = None, ori: Ori = None, json: Json = False) -> None:
    """One person's facts through every regime from 2008 on, one row a regime.

    A control number stands for a person of the exchange.

    Example: tenprint law history facts.json
    """
    from tenprint import law

    with _refusals():
        rows = law.history(facts_of_person(whose, db, ori))
    if json:
        emit([_row(row) for row in rows])
        return
    from rich.table import Table

    table = Table("regime", "from", "to", "answer", "missing", "standing", box=None, pad_edge=False)
    for column in table.columns:
        column.overflow = "fold"  # the name of a fact or an answer is never cut
    found = [row.evaluation for row in rows]
    table.columns[3].min_width = 1 + max((len(name) for e in found for name in e.permitted), default=0)
    table.columns[4].min_width = 1 + max((len(name) for e in found for name in e.missing), default=0)
    for row in rows:
        e = row.evaluation
        answer = e.result or ", ".join([*e.permitted, *(f"duty: {d}" for d in e.duties)]) or "no rule"
        name = f"{'' if row.kind == 'base' else '+ '}{row.regime}"
        table.add_row(name, str(row.on), str(row.until or "open"), answer, ", ".join(e.missing), e.standing)
    out.print(table)


@app.command()
def deadline(
    form: Annotated[str, typer.Option("--form", help="Form version, such as 'I-247 (12/12)'.", show_default=False)],
    released: Annotated[
        str,
        typer.Option(
            "--released", help="When the person would walk out, local time or with offset.", show_default=False
        ),
    ],
    zone: Annotated[str, typer.Option("--zone", help="IANA time zone of the facility.", show_default=False)],
    served: Annotated[
        str | None,
        typer.Option("--served", help="When the person was handed a copy, or 'no'. Left out: nobody knows."),
    ] = None,
    warrant: Annotated[
        str | None, typer.Option("--warrant", help="I-200, I-205 or none. Left out: nobody knows.")
    ] = None,
    json: Json = False,
) -> None:
    """Whether a form is in force, and when a hold under it would end at the latest, with the arithmetic.

    The deadline is arithmetic and no authority: the first line says whether the form works at all.

    Example: tenprint law deadline --form I-247A --released 2012-11-09T15:00 --zone America/Chicago
    """
    from tenprint import law

    with _refusals():
        result = law.hold_deadline(form, _time(released), zone)
        when: datetime | Literal["no"] | None = None
        if served is not None:
            when = "no" if served == "no" else _time(served, "--served")
        if warrant not in {None, "I-200", "I-205", "none"}:
            fail(f"--warrant: expected I-200, I-205 or none, got {warrant!r}")
        force = law.in_force(result, when, warrant)
    if json:
        emit({**msgspec.to_builtins(force), **msgspec.to_builtins(result)})
        return
    out.print(f"in force: {force.in_force}. {force.why}", markup=False)
    out.print(result.rule, markup=False)
    for step in result.steps:
        counted = step.why or f"{step.minutes / 60:g} h"
        out.print(f"  {step.day:%a %Y-%m-%d}  {counted:<40} {step.used / 60:g} h used", markup=False)
    for alarm in result.alarms:
        out.print(f"  {alarm.hours} h used at {alarm.at:%a %Y-%m-%d %H:%M %Z}", markup=False)
    end = result.deadline
    out.print(f"deadline: {f'{end:%a} {end.isoformat()}' if end else 'no hold'} ({result.reading})", markup=False)


app.command("may-hold")(may_hold)
app.command("add")(add)
app.command("ask")(ask)


@app.command("facts")
def facts_(json: Json = False) -> None:
    """Every fact that a rule may ask for: type, meaning, source, derivation.

    Example: tenprint law facts
    """
    from tenprint import law

    words = law.vocabulary()
    if json:
        shown = ("name", "type", "means", "source", "values", "of", "default", "derive")
        emit(
            {
                "facts": [{k: getattr(f, k) for k in shown} for f in words.facts.values()],
                "records": {
                    r.name: [{k: getattr(f, k) for k in shown} for f in r.fields.values()]
                    for r in words.records.values()
                },
            }
        )
        return
    for fact in words.facts.values():
        out.print(f"[bold]{fact.name}[/bold]  {fact.type}  {fact.means}")


@contextmanager
def _refusals() -> Iterator[None]:
    """Refusals of the law room become messages."""
    from tenprint.law import LawError

    try:
        yield
    except LawError as wrong:
        fail(str(wrong))


def _day(text: str, where: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        fail(f"{where}: expected a date such as 2012-12-21, got {text!r}")


def _known(text: str | None) -> date | None:
    return None if text is None else _day(text, "--known-on")


def _time(text: str, option: str = "--released") -> datetime:
    """A time as typed: with its offset, or without one, which is the facility's local time."""
    advice = f"{option}: expected a time such as 2012-11-09T15:00, got {text!r}; the hour matters for the clock"
    if "T" not in text and " " not in text:
        fail(advice)
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        fail(advice)


def _regime(regime: Regime) -> dict[str, Any]:
    keys = ("id", "kind", "title", "signed", "in_force_from", "in_force_to", "operational_from", "operational_to",
            "authority", "source", "standing", "says", "doubt")  # fmt: skip
    plain = {key: getattr(regime, key) for key in keys}
    return {key: value.isoformat() if isinstance(value, date) else value for key, value in plain.items()}


def _short(answer: Evaluation) -> dict[str, Any]:
    keys = ("regime", "result", "results", "permitted", "duties", "missing", "flags", "doubts", "standing", "trace")
    return {key: getattr(answer, key) for key in keys}


def _row(row: Any) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(row)
    answer = plain.pop("evaluation")
    keys = ("overlays", "permitted", "duties", "result", "missing", "flags", "doubts", "standing", "trace")
    return {**plain, **{k: answer[k] for k in keys},
            "base": answer["regime"]}  # fmt: skip


def _meaning(name: str) -> str:
    """What a fact means, in words; of a field of records too."""
    from tenprint.law import vocabulary

    words = vocabulary()
    records, _, field = name.rpartition(".")
    fact = words.records[words.facts[records].of].fields[field] if records else words.facts[name]
    return fact.means


def _print_answer(answer: Evaluation) -> None:
    out.print(f"[bold]{answer.regime}[/bold]  {answer.says}")
    for o in answer.overlays:
        out.print(f"  + {o}")
    for control in answer.controls:
        out.print(f"{MARKS['control']}{control}")
    for doubt in answer.doubts:
        out.print(f"[yellow]doubt on this day[/yellow]  {escape(doubt)}")
    if answer.permitted:
        out.print(f"permitted: {', '.join(answer.permitted)}")
    if answer.duties:
        out.print(f"required by statute: {', '.join(answer.duties)}")
    if answer.result:
        out.print(f"result: {', '.join(answer.results)}")
    if answer.missing:
        out.print(f"missing: {', '.join(answer.missing)}")
        for name in answer.missing:
            out.print(f"  {name}: {_meaning(name)}", markup=False)
    if answer.flags:
        out.print(f"flags: {', '.join(answer.flags)}")
    if answer.needs_reviewer:
        out.print("a supervisor's sign-off is needed")
    out.print(f"standing: {answer.standing}; sources: {', '.join(answer.sources)}")
    out.print("why:")
    for line in answer.trace:
        if line.get("rule") and line["holds"] is not False:
            mine = "[magenta]control of this program[/magenta] " if line.get("control") else ""
            said = f"{line['regime']} {line['rule']}: {line['holds']}. {line['says']}"
            out.print(f"  {mine}{escape(said)}")
            facts = msgspec.json.encode(line["facts"]).decode()
            out.print(f"      {line['effect']}; {facts}", markup=False)
            where = f", {line['pinpoint']}" if line["pinpoint"] else ""
            out.print(f"      [{', '.join(line['source'])}]{where}; {line['standing']}", markup=False)
