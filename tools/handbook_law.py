"""The handbook of the law, written from the tables and from the examples that are tests.

One page a regime and one a form, a calendar of days, a picture of all regimes, reference of facts and sources.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from tenprint import law
from tenprint.cases.card.detainer import PROBABLE_CAUSE
from tenprint.law.evaluate import effect
from tenprint.law.forms import Form, all_forms
from tenprint.law.regimes import Law, Regime, Rule
from tenprint.law.vocabulary import Fact
from tools.timeline_law import timeline

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "tests" / "spec" / "law" / "examples.toml"
HOME = "docs/handbook/law"
MADE = "<!-- Written by tools/handbook_law.py from src/tenprint/law/tables and tests/spec/law. Change those. -->\n\n"

STANDING = {
    "primary": "primary: the text itself was seen in a public copy",
    "secondary": "secondary: others report it; the text was not seen",
    "unverified": "unverified: general knowledge only; no source was found",
}


def pages() -> dict[str, str]:
    """Every page of the handbook of the law, by its path."""
    tables = law.load()
    examples = tomllib.loads(EXAMPLES.read_text(encoding="utf-8"))
    made = {f"{HOME}/{_file(regime.id)}": MADE + _regime_page(regime, tables, examples) for regime in tables.regimes}
    made |= {f"{HOME}/{_file('form ' + form.name)}": MADE + _form_page(form, tables) for form in all_forms()}
    made[f"{HOME}/README.md"] = MADE + _index(tables)
    made[f"{HOME}/calendar.md"] = MADE + _calendar(tables)
    made[f"{HOME}/timeline.svg"] = timeline(tables)
    made["docs/reference/law-facts.md"] = MADE + _facts_page(tables)
    made["docs/reference/law-sources.md"] = MADE + _sources_page(tables)
    return made


def _file(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") + ".md"


def _days(start: date | None, end: date | None) -> str:
    return f"from {start} on" if end is None else f"from {start} up to, not including, {end}"


def _regime_page(regime: Regime, tables: Law, examples: dict[str, Any]) -> str:
    parts = [f"# {regime.id}: {regime.title}\n\n{regime.says}\n\n{_head(regime, tables)}"]
    if regime.doubt:
        parts.append(f"**What is doubtful.** {regime.doubt}\n")
    if regime.doubts:
        parts.append(
            "## Doubts of certain days\n\n"
            + _table(
                ("from", "to", "what", "source"),
                [(str(d.starts), str(d.ends or "open"), d.says, ", ".join(d.source)) for d in regime.doubts],
            )
        )
    if regime.signatures:
        parts.append(
            "## What it adds to rules of law\n\n"
            + _table(("rule", "what"), [(f"`{s.rule}`", s.says) for s in regime.signatures])
        )
    if regime.no_rule:
        parts.append("In this time the question had no rule: the answer is empty and says so.\n")
    parts += [_rules(regime, tables)] if regime.rules else []
    told = [example for example in examples["example"] if example["regime"] == regime.id]
    parts.append("## Examples\n\nEach is a test (`tests/spec/law/examples.toml`). What is not mentioned is unknown.\n")
    parts += [_example(example, examples["base"]) for example in told]
    parts.append("[All regimes](README.md) · [the law by days](calendar.md) · [facts](../../reference/law-facts.md)\n")
    return "\n".join(parts)


def _head(regime: Regime, tables: Law) -> str:
    rows = [
        ("Question", tables.questions[regime.question].title),
        ("In force", _days(regime.in_force_from, regime.in_force_to)),
        ("Signed", regime.signed),
        ("Known from", regime.known),
        ("Operational", _days(regime.operational_from, regime.operational_to) if regime.operational_from else None),
        ("Authority", regime.authority),
        ("Source", "; ".join(f"[{key}] {tables.sources[key]}" for key in regime.source)),
        ("Standing", STANDING[regime.standing]),
        ("Kind", _kind(regime)),
        ("Overlays in its time", _under(regime, tables)),
        ("Every rule presupposes", f"`{regime.standard}`" if regime.standard else None),
        ("Always permitted, unless a statute requires an act", ", ".join(regime.always) or None),
        ("Classes, highest first", " > ".join(" = ".join(rank) for rank in regime.ranks) or None),
        ("When no rule holds", regime.otherwise),
        ("Hash of the file", f"`{regime.digest[:16]}`"),
    ]
    return _table(("", ""), [(f"**{name}**", str(value)) for name, value in rows if value is not None])


def _kind(regime: Regime) -> str:
    if regime.kind == "base":
        return "base regime"
    what = "control of this program, no law;" if regime.kind == "control" else "overlay"
    return f"{what} over {_over(regime)}"


def _over(regime: Regime) -> str:
    return "every base regime" if "*" in regime.over else ", ".join(f"[{base}]({_file(base)})" for base in regime.over)


def _under(regime: Regime, tables: Law) -> str | None:
    spans = [
        overlays
        for _, _, base, overlays in tables.spans(regime.question)
        if base.id == regime.id and regime.kind == "base"
    ]
    names = dict.fromkeys(overlay.id for overlays in spans for overlay in overlays)
    return ", ".join(f"[{name}]({_file(name)})" for name in names) or None


def _rules(regime: Regime, tables: Law) -> str:
    rows = [
        (
            f"`{rule.code}`",
            _said(rule),
            f"`{rule.when}`",
            _follows(rule),
            _cited(rule, regime),
            rule.standing or regime.standing,
        )
        for rule in regime.rules
    ]
    table = _table(("code", "rule", "condition", "what follows", "source", "standing"), rows)
    named = sorted(
        {name for rule in regime.rules for name in re.findall(r"[a-z_]{3,}", f"{rule.when} {rule.unless or ''}")}
    )
    derived = [(f"`{name}`", tables.vocabulary.facts[name].means) for name in named if name in tables.vocabulary.facts]
    facts = "## What the facts mean\n\n" + _table(("fact", "meaning"), derived) if derived else ""
    return f"## Rules\n\n{table}\n{facts}"


def _cited(rule: Rule, regime: Regime) -> str:
    keys = ", ".join(f"[{key}]" for key in rule.source or regime.source)
    return f"{keys} {rule.pinpoint}".strip()


def _said(rule: Rule) -> str:
    extra = f" Not where: `{rule.unless}`." if rule.unless else ""
    unknown = f" While unknown it does not apply: {rule.because}" if rule.because else ""
    return rule.says + extra + unknown


def _follows(rule: Rule) -> str:
    reach = ", duties included" if rule.even_duties else ""
    return effect(rule) + reach


def _example(example: dict[str, Any], base: dict[str, Any]) -> str:
    facts = {**base[example["question"]], **example.get("given", {})}
    given = "; ".join(f"`{name}` {_value(value)}" for name, value in facts.items()) or "nothing is known"
    stated = {k: v for k, v in facts.items() if v != "unknown"}
    answer = law.evaluate(example["question"], stated, on=example["on"], controls=example.get("controls"))
    lines = [f"### {example['title']}\n", f"- **Given** {given}", f"- **When** the decision is made on {example['on']}"]
    lines.append(f"- **Then** {_answer(answer)}")
    lines.append(f"- Rests on {', '.join(answer.sources)}; weakest standing: {answer.standing}\n")
    return "\n".join(lines)


def _answer(answer: law.Evaluation) -> str:
    said = []
    if answer.permitted or answer.duties:
        said.append(f"permitted: {', '.join(answer.permitted) or 'nothing'}")
    if answer.duties:
        said.append(f"required by statute: {', '.join(answer.duties)}")
    if answer.results:
        said.append(f"result: {', '.join(answer.results)}")
    if answer.missing:
        said.append(f"missing: {', '.join(answer.missing)}")
    if answer.flags:
        said.append(f"flags: {', '.join(answer.flags)}")
    if answer.needs_reason:
        said.append(f"a written reason for {', '.join(answer.needs_reason)}")
    if answer.needs_reviewer:
        said.append("a supervisor's sign-off")
    return "; ".join(said) or "no rule: the answer is empty"


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list) and all(isinstance(item, dict) for item in value):
        return (
            "none"
            if not value
            else " and ".join("(" + ", ".join(f"{k} {_value(v)}" for k, v in row.items()) + ")" for row in value)
        )
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _form_page(form: Form, tables: Law) -> str:
    exclusion = "Saturdays, Sundays and federal holidays stand still" if form.excludes else "no day stands still"
    clock = (
        "It asks for no hold: there is no deadline."
        if form.hold_hours is None
        else f"{form.hold_hours} hours from release; {exclusion}."
    )
    rows = [
        ("In use", _days(form.in_use_from, form.in_use_to)),
        ("Clock", clock),
        (
            "Takes effect",
            "when the person is served" if form.effective_when_served else "when issued; not served is a defect",
        ),
        ("Boxes of a priority", ", ".join(form.criteria) or "none"),
        ("Boxes of probable cause", ", ".join(PROBABLE_CAUSE) if form.probable_cause else "none"),
        ("Needs a warrant (I-200 or I-205)", "yes" if form.warrant else "no"),
        ("Source", "; ".join(f"[{key}] {tables.sources[key]}" for key in form.source)),
        ("Standing", STANDING[form.standing]),
    ]
    page = (
        f"# Form {form.name}\n\n{form.title}. {form.says}\n\n{_table(('', ''), [(f'**{n}**', v) for n, v in rows])}\n"
    )
    page += f"**What is doubtful.** {form.doubt}\n\n" if form.doubt else ""
    if form.hold_hours is not None:
        page += (
            "## Worked deadlines\n\n"
            + _table(("released (Chicago)", "deadline", "stood still"), list(_worked(form)))
            + "\n"
        )
    return page + "[All regimes and forms](README.md) · [how the clock counts](../../explanation/law.md)\n"


def _worked(form: Form) -> Iterator[tuple[str, str, str]]:
    from datetime import datetime

    for released in ("2012-11-09T15:00", "2011-12-29T10:30", "2010-11-24T23:30", "2009-07-01T08:00", "2013-01-17T16:00",
                     "2021-06-17T12:00", "2012-06-02T09:00", "2012-03-09T22:00"):  # fmt: skip
        moment = datetime.fromisoformat(released)
        result = law.hold_deadline(form.name, moment, "America/Chicago")
        assert result.deadline is not None
        still = "; ".join(f"{day.day} {day.why}" for day in result.excluded_days) or "none"
        yield f"{moment:%a %Y-%m-%d %H:%M}", f"{result.deadline:%a %Y-%m-%d %H:%M}", still


def _index(tables: Law) -> str:
    text = (
        "# The law, regime by regime\n\n"
        "What a jail may do in a place and on a day stands in [the law of places](places/README.md).\n\n"
        "What was permitted on a day, by which rule, from which source, and how well that is verified.\n\n"
        "![Timeline of all regimes and forms](timeline.svg)\n\n"
        "To answer a question about a day: find the day in the [calendar](calendar.md), open the base regime, "
        "then each overlay; what an overlay withholds is not permitted. Or ask `tenprint law evaluate FACTS.json "
        "--on DATE`, where the trace names every rule. A person chooses among what is permitted; a statute's duty is "
        "listed apart; neither acts by itself.\n\n"
    )
    for key, question in tables.questions.items():
        rows = [
            (
                f"[{r.id}]({_file(r.id)})",
                r.title,
                str(r.in_force_from),
                str(r.in_force_to or "open"),
                r.kind,
                r.standing,
            )
            for r in tables.regimes
            if r.question == key
        ]
        text += f"## {key}: {question.title}\n\n{_table(('regime', 'title', 'from', 'to', 'kind', 'standing'), rows)}\n"
    rows = [
        (f"[{f.name}]({_file('form ' + f.name)})", str(f.in_use_from), str(f.in_use_to or "open"), _hold(f), f.standing)
        for f in all_forms()
    ]
    text += f"## Forms\n\n{_table(('form', 'from', 'to', 'hold', 'standing'), rows)}\n"
    meanings = "\n".join(f"- {meaning}" for meaning in STANDING.values())
    return (
        text
        + f"## Standing\n\n{meanings}\n\nSources: [docs/reference/law-sources.md](../../reference/law-sources.md).\n"
    )


def _hold(form: Form) -> str:
    if form.hold_hours is None:
        return "no hold"
    return f"{form.hold_hours} h" + (", days stand still" if form.excludes else "")


def _calendar(tables: Law) -> str:
    text = "# The law by days\n\nEach row is a stretch of days with the same law. The second day is not included.\n\n"
    for key in tables.questions:
        rows = [
            (
                str(start),
                str(end or "open"),
                f"[{base.id}]({_file(base.id)})",
                ", ".join(f"[{o.id}]({_file(o.id)})" for o in overlays),
            )
            for start, end, base, overlays in tables.spans(key)
        ]
        text += f"## {key}\n\n{_table(('from', 'to', 'base regime', 'overlays'), rows)}\n"
    return text + "[All regimes](README.md)\n"


def _facts_page(tables: Law) -> str:
    words = tables.vocabulary
    text = (
        "# Facts\n\nEvery fact that a rule may ask for. A fact that nobody knows is left out: it is missing, "
        'never "no". '
        "An empty list means that somebody looked and there is nothing.\n\n## Facts of a case\n\n"
    )
    text += _table(("fact", "type", "meaning", "source"), [_fact(f) for f in words.facts.values()])
    for record in words.records.values():
        rows = [_fact(field)[:3] for field in record.fields.values()]
        text += f"\n## Fields of a {record.name}\n\n{record.means}\n\n{_table(('field', 'type', 'meaning'), rows)}"
    derived = [(f"`{f.name}`", f"`{f.derive}`") for f in words.facts.values() if f.derive]
    derived += [
        (f"`{r.name}.{f.name}`", f"`{f.derive}`") for r in words.records.values() for f in r.fields.values() if f.derive
    ]
    text += f"\n## Derivations\n\n{_table(('fact', 'follows from'), derived)}"
    return text + "\nThe language is described in [law-language.md](law-language.md).\n"


def _fact(fact: Fact) -> tuple[str, str, str, str]:
    kind = fact.type if not fact.values else f"{fact.type}: {', '.join(fact.values)}"
    left_out = "" if fact.default is None else f" Left out: {_value(fact.default) or 'none'}."
    return f"`{fact.name}`", f"{kind}{f' of {fact.of}' if fact.of else ''}", fact.means + left_out, fact.source


def _sources_page(tables: Law) -> str:
    used: dict[str, list[str]] = {key: [] for key in tables.sources}
    for regime in tables.regimes:
        for key in dict.fromkeys([*regime.source, *(k for rule in regime.rules for k in rule.source)]):
            used[key].append(f"[{regime.id}](../handbook/law/{_file(regime.id)})")
    for form in all_forms():
        for key in form.source:
            used[key].append(f"[{form.name}](../handbook/law/{_file('form ' + form.name)})")
    rows = [(key, text, ", ".join(used[key])) for key, text in tables.sources.items()]
    return f"# Sources of the law\n\n{_table(('key', 'source', 'used by'), rows)}"


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    lines += [f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in rows]
    return "\n".join(lines) + "\n"
