"""`monitor`: the quarterly review. The one place where a flag of a review becomes a case that people answer for."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tenprint.cli import monitor_cases, monitor_methods
from tenprint.cli.common import As, At, Db, Json, Refused, emit, existing, fail, out, to_json
from tenprint.cli.figures_given import Facts, Origin, folder_of
from tenprint.cli.monitor_cases import desk
from tenprint.cli.opening import opened, stated

if TYPE_CHECKING:
    from tenprint.cases.finding.events import Flag
    from tenprint.exchange.findings import RegisteredRule, ReviewRecord
    from tenprint.monitor import Population, Review, Rule

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    help="The quarterly review of counties and booking agencies; every flag a case that somebody answers.",
)

WANTED = "{} is missing: pip install 'tenprint[statistics,pictures,paper,web]'"
RuleName = Annotated[str, typer.Argument(metavar="RULE", help="Name or id of a rule, or a .toml file of your own.")]


@contextmanager
def reviewing() -> Iterator[None]:
    """Turn what the monitor refuses, and extras that are missing, into a message for the user."""
    try:
        from tenprint.facts import FactsError
        from tenprint.figures import FiguresError
        from tenprint.monitor import MonitorError
        from tenprint.monitor.tables import TableError
        from tenprint.nation import NationError
    except ModuleNotFoundError as missing:
        raise Refused(WANTED.format(missing.name)) from None
    try:
        yield
    except ModuleNotFoundError as missing:
        raise Refused(WANTED.format(missing.name)) from None
    except (FactsError, FiguresError, MonitorError, TableError, NationError, OSError) as wrong:
        raise Refused(str(wrong)) from wrong


@app.command()
def rule(
    which: RuleName = "quarterly-review",
    file: Annotated[Path | None, typer.Option("--out", help="Write the rule to this new .toml file.")] = None,
    name: Annotated[str, typer.Option("--name", help="Name of a copy; its text and so its id change.")] = "",
    json: Json = False,
) -> None:
    """The rule of the review as its file says it, and its id: metrics, comparison, thresholds, version.

    Example: tenprint monitor rule --out own.toml --name our-review
    """
    with reviewing():
        from tenprint.monitor import find_rule

        found = _named(find_rule(which), name) if name else find_rule(which)
        if file is not None and (file.suffix != ".toml" or file.exists()):
            fail(f"{file}: expected a new file whose name ends in .toml")
        if file is not None:
            file.write_bytes(found.content)
    if json:
        emit({"rule": found.id, "name": found.name, "version": found.version, "text": found.text})
    elif file is not None:
        out.print(f"{file}: {found.id}", markup=False)
    else:
        out.print(f"# {found.id}\n\n{found.text}", markup=False, emoji=False, end="")


def _named(found: Rule, name: str) -> Rule:
    """A copy of a rule under another name: one line of its file changes."""
    from tenprint.monitor.rule import parse

    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name):
        fail(f"--name: expected small letters, digits and single hyphens, such as our-review; got {name!r}")
    return parse(name, re.sub(rb"(?m)^name\s*=.*$", f'name = "{name}"'.encode(), found.content, count=1))


@app.command()
def register(db: Db, name: As, which: RuleName = "quarterly-review", at: At = None, json: Json = False) -> None:
    """Put a rule on the ledger before it is run: whole text and hash, at the ledger's own clock.

    Example: tenprint monitor register --db county.db --as rita
    """
    from tenprint.exchange.findings import register_rule

    with reviewing():
        from tenprint.monitor import find_rule

        found = find_rule(which)
    with opened(db) as exchange:
        registered, new = register_rule(exchange, found.id, found.text, name, stated(exchange, at, name=name))
    if json:
        emit({"rule": registered.rule, "sha256": registered.sha256, "registered_at": registered.registered_at,
              "by": registered.by, "seq": registered.seq, "new": new})  # fmt: skip
        return
    done = "registered" if new else "was registered already:"
    when = f"{registered.registered_at.astimezone(UTC):%Y-%m-%d %H:%M}"
    out.print(f"{registered.rule}: {done} {when} UTC, entry {registered.seq} of the ledger", markup=False)


@app.command()
def example(
    out_: Annotated[Path, typer.Option("--out", help="New folder of facts.", show_default=False)],
    seed: Annotated[int, typer.Option("--seed", help="The same seed gives the same country.")] = 1,
    counties: Annotated[int, typer.Option("--counties", min=12, max=999, help="How many counties.")] = 60,
    json: Json = False,
) -> None:
    """The facts of a synthetic country to try a review on.

    From the first quarter of 2011 on, people in a few counties of it are arrested for traffic in order to be looked up.

    Example: tenprint monitor example --out facts --seed 1
    """
    with reviewing():
        from tenprint.nation import Effect, Plan, draw, write

        planted = Effect(kind="pretext", sizes=(0.35, 0.45), share=0.05)
        nation = draw(Plan(seed=seed, counties=counties, quarters=10, median=250.0, effects=(planted,)))
        write(nation, out_)
    if json:
        emit({"folder": out_, "seed": seed, "counties": counties, "quarters": nation.plan.names})
        return
    span = f"{nation.plan.names[0]} to {nation.plan.names[-1]}"
    out.print(f"{out_}: {counties} synthetic counties, {span}. Nobody and no place in it is real.", markup=False)


@app.command()
def run(
    facts: Facts,
    quarter: Annotated[str, typer.Option("--quarter", help="Calendar quarter, such as 2011Q2.", show_default=False)],
    out_: Annotated[Path, typer.Option("--out", help="Folder for review.json, report.html and report.pdf.")],
    which: Annotated[
        str | None,
        typer.Option("--rule", help="Name or id of a rule, or a .toml file. Default: the shipped one of that quarter."),
    ] = None,
    db: Annotated[
        str | None, typer.Option("--db", envvar="TENPRINT_DB", help="The exchange on which the rule was registered.")
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", help="What was known. Default: the end of the next quarter.", show_default=False),
    ] = None,
    origin: Origin = None,
    census: Annotated[
        list[Path] | None, typer.Option("--census", help="Populations to stand beside (CSV). May be given again.")
    ] = None,
    calls: Annotated[
        list[Path] | None,
        typer.Option(
            "--calls", help="Calls for help to stand beside: CSV of jurisdiction, quarter, what, value, source."
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Review a quarter: write the report and say what was flagged. A flag is a question to somebody, not a finding.

    Without --as-of, what was known one quarter after the end of the quarter. With --db (or --facts on an exchange) the
    report says when the rule was registered; without it, that it was not.

    Example: tenprint monitor run --facts facts --quarter 2011Q2 --out review
    """
    with reviewing():
        from tenprint import monitor
        from tenprint.monitor import report

        chosen = monitor.find_rule(which) if which else monitor.rule_for(quarter)
        found = _registered(db or (facts if "://" in facts or Path(facts).is_file() else None), chosen)
        with folder_of(facts) as folder:
            review = monitor.run(
                folder, quarter, rule=chosen, as_of=as_of, origin=origin,
                registered_at=found.registered_at if found else None,
            )  # fmt: skip
            review = _with_beside(review, folder, census or [], calls or [], warning := _standing(found, review))
        files = report.write(review, out_)
    digest = _digest(out_ / "review.json")
    if json:
        emit({
            "quarter": quarter, "as_of": review.as_of, "origin": review.origin, "rule": review.rule,
            "registered_at": review.registered_at, "warning": warning, "tests": review.tests,
            "flags": review.flags, "expected_false": review.expected_false, "review": digest, "files": files,
        })  # fmt: skip
        return
    _say(review, warning, digest, files)


def _registered(db: str | None, rule: Rule) -> RegisteredRule | None:
    from tenprint.exchange.findings import registered

    if db is None:
        return None
    with opened(db) as exchange:
        return registered(exchange, rule.id)


def _standing(found: RegisteredRule | None, review: Review) -> str:
    """What has to be said loudly about when the rule was registered; empty when it was in time."""
    from tenprint.monitor.quarters import first_day, number

    if found is None:
        return (
            f"Nothing shows that the rule {review.rule} was registered before it was run: whoever chose it may have "
            "seen the numbers. Register it before the quarter ends: tenprint monitor register --db URL --as N; then "
            "give --db URL."
        )
    when = f"{found.registered_at:%Y-%m-%d %H:%M} UTC"
    if found.registered_at > review.as_of:
        return f"The rule was registered only at {when}, after the moment as of which this review was made."
    if found.registered_at.date() >= first_day(number(review.quarter) + 1):
        return (
            f"The rule was registered only at {when}, after the quarter had ended: its numbers could be seen by then."
        )
    return ""


def _with_beside(review: Review, folder: Path, census: list[Path], calls: list[Path], warning: str) -> Review:
    """The review with what stands beside: complaints, claims and calls at its flags, populations of its counties."""
    import msgspec

    from tenprint.monitor import beside

    flagged = sorted({flag.unit.jurisdiction for flag in review.flags})
    counties = {reading.unit.jurisdiction for metric in review.metrics for reading in metric.readings}
    stands = beside.office(folder, review.quarter, flagged, review.as_of, review.origin)
    for file in calls:
        stands += beside.calls(existing(file), review.quarter, flagged)
    known: tuple[Population, ...] = ()
    notes: tuple[str, ...] = (warning,) if warning and review.registered_at is not None else ()
    for file in census:
        found = beside.populations(existing(file), review.quarter, counties)
        known += found
        notes += () if found else (f"{file.name} names none of the counties reviewed.",)
    return msgspec.structs.replace(review, beside=stands, populations=known, notes=(*notes, *review.notes))


def _digest(file: Path) -> str:
    return f"sha256:{hashlib.sha256(file.read_bytes()).hexdigest()}"


def _say(review: Review, warning: str, digest: str, files: list[Path]) -> None:
    out.print(
        f"{review.quarter}, as known {review.as_of:%Y-%m-%d %H:%M} UTC, origin {review.origin}, rule {review.rule}: "
        f"{review.tests:,} tests, {len(review.flags)} flags, on average at most {review.level:.1%} of them chance.",
        markup=False,
    )
    if warning:
        out.print(f"WARNING: {warning}", markup=False)
    elif review.registered_at is not None:
        out.print(f"The rule was registered at {review.registered_at:%Y-%m-%d %H:%M} UTC, in time.", markup=False)
    for flag in review.flags:
        out.print(f"  {flag.id}: {flag.statement}", markup=False)
    for county, name in {f.unit.jurisdiction: f.unit.county for f in review.flags}.items():
        beside = [f"{b.what} {_known(b.value)}" for b in review.beside if b.jurisdiction == county]
        out.print(f"  beside {name or county}: {', '.join(beside)}", markup=False)
    out.print(f"review {digest}", markup=False)
    for file in files:
        out.print(f"  {file}", markup=False)
    if review.flags:
        place = next((f for f in files if f.name == "review.json"), files[0])
        out.print(f"next: tenprint monitor open {place} --owner NAME --db URL --as NAME", markup=False)


def _known(value: int | None) -> str:
    return "not known" if value is None else str(value)


@app.command(name="open")
def open_(
    review: Annotated[Path, typer.Argument(help="The review.json of a run.", show_default=False)],
    db: Db,
    name: As,
    owner: Annotated[str, typer.Option("--owner", help="Who owes the written findings.", show_default=False)],
    at: At = None,
    json: Json = False,
) -> None:
    """Record a review and make each of its flags a case with owner and deadline: all of them or none.

    The same review again changes nothing; another review that raises a flag is noted in the same case. Do it for a
    review without flags too: a quiet quarter is told from one that nobody reviewed.

    Example: tenprint monitor open review/review.json --owner rita --db county.db --as rita
    """
    import msgspec

    from tenprint.cases.finding.words import say

    record, flags = read_review(existing(review))
    with desk(db) as findings:
        done = findings.open(record, flags, owner, name, stated(findings.exchange, at, name=name))
    if json:
        emit([{"number": h.number, "events": [msgspec.to_builtins(e) for e in h.events]} for h in done])
        return
    for one in done:
        for event in one.events:
            out.print(f"{one.number}: {say(event)}", markup=False)
        if not one.events:
            out.print(f"{one.number}: nothing changed; this review opened it before.", markup=False)
    if not done:
        out.print(f"{record.quarter}: recorded; the review raised no flag.", markup=False)


def read_review(file: Path) -> tuple[ReviewRecord, list[Flag]]:
    """What the ledger keeps of a review, and its flags as cases read them.

    Raises:
        Refused: when it is no review, or has other flags than its own tables mark.
    """
    with reviewing():
        import msgspec

        from tenprint.monitor import Review

        try:
            found = msgspec.json.decode(file.read_bytes(), type=Review)
        except msgspec.MsgspecError as wrong:
            fail(f"{file}: expected the review.json of `tenprint monitor run`: {wrong}")
    _check_flags(file, found)
    from tenprint.cases.finding.events import Flag
    from tenprint.exchange.findings import ReviewRecord

    digest, definitions = _digest(file), {m.name: m.definition for m in found.metrics}
    record = ReviewRecord(
        review=digest, quarter=found.quarter, as_of=found.as_of, origin=found.origin, rule=found.rule,
        rule_registered_at=found.registered_at, tests=found.tests, flags=len(found.flags),
        expected_false=found.expected_false, false_discovery_rate=found.false_discovery_rate,
    )  # fmt: skip
    flags = [
        Flag(
            id=f.id, quarter=f.quarter, metric=f.metric, definition=definitions.get(f.metric, ""), rule=found.rule,
            review=digest, test=f.test, direction=f.direction, observed=f.observed, expected=f.expected, q=f.q,
            statement=f.statement, **msgspec.structs.asdict(f.unit),
        )
        for f in found.flags
    ]  # fmt: skip
    return record, flags


def _check_flags(file: Path, review: Review) -> None:
    """Refuse a review from which a flag was taken, or to which one was added."""
    marked = {
        (metric.name, test, line.unit)
        for metric in review.metrics
        for test, lines in (("funnel", (*metric.readings, *metric.agencies)), ("change", metric.changes))
        for line in lines
        if line.flagged
    }
    listed = {(flag.metric, flag.test, flag.unit) for flag in review.flags}
    if marked != listed or len(listed) != len(review.flags):
        fail(
            f"{file}: its tables mark {len(marked)} places as flagged, and it lists {len(review.flags)} flags: it was "
            "changed. Run the review again."
        )


@app.command()
def publish(
    db: Db,
    out_: Annotated[Path, typer.Option("--out", help="Folder for flags.json and flags.html.", show_default=False)],
    at: Annotated[
        str | None, typer.Option("--at", help="Up to when what waits is counted (UTC). Default: the ledger's clock.")
    ] = None,
    json: Json = False,
) -> None:
    """Every flag ever raised and what became of it: how long it took, what is past due, what ended without a finding.

    Example: tenprint monitor publish --db county.db --out dispositions
    """
    from tenprint.exchange.findings import publication
    from tenprint.exchange.findings.page import page

    with opened(db) as exchange:
        when: datetime | None = stated(exchange, at)
        public = publication(exchange, when)
    out_.mkdir(parents=True, exist_ok=True)
    files = {out_ / "flags.json": to_json(public) + "\n", out_ / "flags.html": page(public)}
    for path, content in files.items():
        path.write_text(content, "utf-8")
    if json:
        emit({"files": list(files), "flags": len(public.flags), "endings": public.endings, "overdue": public.overdue,
              "closed_without_finding": public.closed_without_finding})  # fmt: skip
        return
    told = ", ".join(f"{count} {ending.replace('_', ' ')}" for ending, count in public.endings.items()) or "no flags"
    out.print(f"{len(public.flags)} flags: {told}", markup=False)
    for number in public.closed_without_finding:
        out.print(f"  CLOSED WITHOUT A WRITTEN FINDING: {number}", markup=False)
    for number in public.overdue:
        out.print(f"  PAST DUE: {number}", markup=False)
    for path in files:
        out.print(f"  {path}", markup=False)


app.add_typer(monitor_cases.app)
app.add_typer(monitor_methods.app)
