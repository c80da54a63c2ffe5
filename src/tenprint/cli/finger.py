"""Fingers at the command line: ``tenprint finger minutiae``, ``compare``, ``evaluate``, ``identify``, ``bench``.

``segment`` and ``search`` are in `tenprint.cli.finger_search`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from tenprint.cli.common import FINDINGS, Json, emit, existing, fail, out, progress, write_private
from tenprint.cli.finger_inputs import finger_of, noted, written
from tenprint.cli.finger_search import search, segment

if TYPE_CHECKING:
    from tenprint.finger import Template
    from tenprint.finger.evaluation import Impression

app = typer.Typer(no_args_is_help=True, help="Minutiae, comparison and evaluation of single fingers.")

app.command()(segment)
app.command()(search)

Impostors = Literal["all", "first"]
Picture = Annotated[
    Path,
    typer.Argument(
        help="A picture of one finger (PNG, TIFF, JPEG, BMP, WSQ), a minutiae record (.fmr, .ansi, .xyt), "
        "or a box of a card (booking.eft#2).",
        show_default=False,
    ),
]
Ppi = Annotated[float | None, typer.Option("--ppi", help="Pixels per inch; default: the file's own, else 500.")]
Sets = Annotated[Path, typer.Argument(help="A set, or a folder of sets: <finger>_<impression>.png.")]
Store = Annotated[Path | None, typer.Option("--templates", help="Folder that keeps templates between runs.")]


Extractor = Annotated[
    Literal["leader", "mindtct"],
    typer.Option(
        help="leader: the network; mindtct: NIST's program, about ten times as fast, where nbis-py is installed."
    ),
]


def _save(path: Path, data: bytes) -> None:
    try:
        write_private(path, data)
    except OSError as error:
        fail(f"{path}: cannot be written ({error.strerror}). Choose another place.")


@app.command()
def minutiae(
    picture: Picture,
    ppi: Ppi = None,
    overlay: Annotated[Path | None, typer.Option(help="Draw the minutiae over the finger into this PNG file.")] = None,
    record: Annotated[
        Path | None,
        typer.Option(
            help="Write a record to this file: ISO/IEC 19794-2:2005, or by its name INCITS 378 (.ansi), NIST (.xyt)."
        ),
    ] = None,
    extractor: Extractor = "leader",
    json: Json = False,
) -> None:
    """Find the minutiae of one finger.

    Example: tenprint finger minutiae thumb.png --overlay thumb-minutiae.png
    """
    given = finger_of(picture, ppi, extractor)
    template = given.template
    if overlay:
        from tenprint.finger import pictures

        _save(overlay, pictures.png(pictures.overlay(given.pixels, given.ppi, template)))
    if record:
        _save(record, written(template, record))
    rows = [
        {"x": x, "y": y, "angle": angle, "quality": quality, "kind": ("other", "ending", "bifurcation")[kind]}
        for (x, y, angle, quality), kind in zip(template.minutiae.tolist(), template.kinds.tolist(), strict=True)
    ]
    size = {"width": template.width, "height": template.height}
    if json:
        emit(
            {
                "file": str(picture),
                "ppi": 500,
                **size,
                "quality": template.quality,
                "minutiae": rows,
                "notes": given.notes,
            }
        )
        return
    noted(given)
    _say(f"{picture}: {len(rows)} minutiae, {template.width} x {template.height} pixels at 500 ppi, "
         f"quality {template.quality:.2f}")  # fmt: skip
    for row in rows:
        _say(f"  x {row['x']:6.1f}  y {row['y']:6.1f}  angle {row['angle']:5.2f} rad  "
             f"quality {row['quality']:.2f}  {row['kind']}")  # fmt: skip


@app.command()
def compare(
    first: Picture,
    second: Picture,
    ppi: Ppi = None,
    picture: Annotated[Path | None, typer.Option(help="Draw both fingers and what corresponds into this PNG.")] = None,
    json: Json = False,
) -> None:
    """Compare two fingers and say what the score means.

    Example: tenprint finger compare thumb.png other.png --picture both.png
    """
    from tenprint import finger
    from tenprint.finger import matching, pictures
    from tenprint.finger.turning import mirrored

    given, other = finger_of(first, ppi), finger_of(second, ppi)
    one, two = given.template, other.template
    unseen = [each.name for each in (given, other) if len(each.template) < matching.LEAST_MINUTIAE]
    value, least = finger.compare(one, two), finger.threshold(1)
    means, pairs = finger.meaning(value), matching.correspondences(one, two)
    verdict = "match" if value >= least else "examiner" if value >= finger.examine_from(1) else "no match"
    verdict = "no finger seen" if unseen else verdict
    notes = [f"{each.name}: {note}" for each in (given, other) for note in each.notes]
    if matching.upside_down(one, two):
        notes.append("one of the two is upside down: they are alike only when it is turned by 180 degrees")
    if (
        verdict == "no match"
        and matching.DEFAULT.compare(matching.described(mirrored(one)), matching.described(two)) >= least
    ):
        notes.append("one of the two is mirrored: they are alike only as a mirror shows it; no match is claimed")
    said = {
        "match": f"MATCH: score {value:.2f}, above the threshold of one finger ({least:.2f})",
        "examiner": f"TOO CLOSE TO CALL: score {value:.2f}; a human examiner has to look, no match is claimed below "
        f"{least:.2f}",
        "no match": f"NO MATCH: score {value:.2f}; a match may be claimed from {least:.2f} on",
        "no finger seen": f"NO FINGER SEEN in {' and '.join(unseen)}: there is nothing to compare",
    }[verdict]
    fit = f"{len(pairs)} minutiae " + (
        "correspond" if verdict == "match" else "lie together, as some do by chance in any two fingers"
    )
    if picture:
        drawn = pictures.side_by_side(
            pictures.overlay(given.pixels, given.ppi, one),
            pictures.overlay(other.pixels, other.ppi, two),
            pairs,
            one,
            two,
            f"{said}. {means.text}; {fit}",
            match=verdict == "match",
        )
        _save(picture, pictures.png(drawn))
    if json:
        emit(
            {
                "first": str(first),
                "second": str(second),
                "score": value,
                "threshold": least,
                "match": verdict == "match",
                "verdict": verdict,
                "corresponding": len(pairs),
                "meaning": means,
                "notes": notes,
                "by_descriptor": {
                    name: each.compare(each.describe(one), each.describe(two))
                    for name, each in matching.MATCHERS.items()
                },
                "calibration": finger.CALIBRATION,
            }
        )
    else:
        for note in notes:
            _say(f"note: {note}")
        _say(said)
        if not unseen:
            _say(f"{means.text}; {fit}; calibration {means.calibration}")
    if unseen:
        raise typer.Exit(FINDINGS)


@app.command()
def evaluate(
    folder: Sets,
    protocol: Annotated[str, typer.Option(help="fvc: all genuine pairs; impostors as --impostors says.")] = "fvc",
    impostors: Annotated[
        Impostors, typer.Option(help="all: every pair of different fingers; first: first impressions.")
    ] = "all",
    descriptor: Annotated[
        Literal["fused", "edges", "cylinders"], typer.Option(help="fused is the default comparison.")
    ] = "fused",
    det: Annotated[Path | None, typer.Option(help="Draw the DET plot into this PNG file.")] = None,
    reject: Annotated[
        Path | None, typer.Option(help="Draw error against reject by quality into this PNG file.")
    ] = None,
    beside: Annotated[
        str | None,
        typer.Option(help="nbis-py, or a Python that has it: MINDTCT and BOZORTH3 on the same pairs, in the same run."),
    ] = None,
    extractor: Extractor = "leader",
    templates: Store = None,
    json: Json = False,
) -> None:
    """Measure error rates on sets of real fingers (FVC protocol, rates in percent), with every descriptor.

    Example: tenprint finger evaluate data/fvc --det det.png
    """
    from tenprint.finger import FingerError, evaluation, rejection
    from tenprint.finger.matching import MATCHERS
    from tenprint.finger.pictures import png

    if protocol != "fvc":
        fail(f"--protocol: expected fvc, got {protocol!r}")
    try:
        sets = evaluation.find_sets(existing(folder))
        with progress("extracting", sum(map(len, sets.values()))) as advance:
            found = {
                name: list(evaluation.templates_of(each, advance, templates, extractor)) for name, each in sets.items()
            }
        outcomes = {
            one: {name: evaluation.run(each, found[name], matcher, impostors=impostors) for name, each in sets.items()}
            for one, matcher in MATCHERS.items()
        }
        peers = _beside(beside, sets, impostors) if beside else {}
    except FingerError as error:
        fail(str(error))
    outcome = outcomes[descriptor]
    reports = {one: evaluation.report(each) for one, each in outcomes.items()}
    report = {
        "extractor": extractor,
        "descriptor": descriptor,
        **reports[descriptor],
        "descriptors": reports,
        "peers": peers,
    }
    if det:
        _save(det, png(evaluation.det([one.trial for one in outcome.values()])))
    if reject:
        _save(reject, png(rejection.picture(evaluation.rejection_of(outcome.values()))))
    if json:
        emit(report)
    else:
        _print(report)
    if any(row["failures"] for row in report["folders"].values()):
        raise typer.Exit(FINDINGS)


@app.command()
def identify(
    folder: Sets,
    fingers: Annotated[int, typer.Option(help="Fingers that make a person.", min=1, max=10)] = 1,
    left_out: Annotated[float, typer.Option(help="Share of people not enrolled; 0: closed set.", min=0, max=0.5)] = 0.2,
    descriptor: Annotated[
        Literal["fused", "edges"], typer.Option(help="edges: without cylinder codes, in the first stage as well.")
    ] = "fused",
    templates: Store = None,
    json: Json = False,
) -> None:
    """Search later impressions against enrolled first ones: rank-one rate, FNIR at FPIR.

    Example: tenprint finger identify data/fvc --fingers 5
    """
    from tenprint.finger import FingerError, evaluation, identification

    try:
        sets = evaluation.find_sets(existing(folder))
        everyone: dict[str, dict[int, dict[int, Template]]] = {}
        with progress("extracting", sum(map(len, sets.values()))) as advance:
            for name, each in sets.items():
                own = [template for template, _ in evaluation.templates_of(each, advance, templates)]
                groups = identification.people(name, each, own, fingers)
                everyone |= {f"{name}/{person}": sessions for person, sessions in groups.items()}
        found = identification.run(everyone, left_out, descriptor)
    except FingerError as error:
        fail(str(error))
    if json:
        emit(
            {
                "fingers": fingers,
                "descriptor": descriptor,
                **{name: getattr(found, name) for name in found.__struct_fields__},
            }
        )
        return
    _say(f"{found.enrolled} people enrolled with {fingers} finger(s); rank one {100 * found.rank_one:.2f} % "
         f"of {found.mated} mated searches; {found.unmated} searches of people who are not enrolled")  # fmt: skip
    for fpir, fnir, least in found.fnir_at_fpir:
        few = "" if fpir * found.unmated >= 1 else "; above every unmated search: too few of them for this rate"
        _say(f"FPIR {100 * fpir:g} %: FNIR {100 * fnir:.2f} % (threshold {least:.2f}{few})")
    low, high = found.genuine_range
    _say(f"mates score {low:.2f} to {high:.2f}, anybody else at most {found.impostor_highest:.2f}")


@app.command()
def bench(
    folder: Sets,
    count: Annotated[int, typer.Option(min=4, help="Pictures to use.")] = 24,
    beside: Annotated[
        str, typer.Option(help="nbis-py, where it is installed here, or a Python that has it.")
    ] = "nbis-py",
    json: Json = False,
) -> None:
    """Time extraction and comparison beside the peers that are installed here, in the same run.

    Example: tenprint finger bench data/fvc --count 24
    """
    from tenprint.finger import FingerError, peers

    try:
        report = peers.run(existing(folder), count, beside)
    except FingerError as error:
        fail(str(error))
    if json:
        emit(report)
        return
    for name, row in report["systems"].items():
        _say(f"{name}: " + ", ".join(f"{key} {value}" for key, value in row.items()))


def _say(text: str) -> None:
    out.print(text, markup=False)


def _beside(beside: str, sets: dict[str, list[Impression]], impostors: Impostors) -> dict[str, Any]:
    """The report of another program, by its name; it says nothing of quality, so no error against reject."""
    from tenprint.finger import beside as other
    from tenprint.finger import evaluation

    python, named = other.interpreter(beside), ""
    outcome = {}
    total = sum(len(each) + len(evaluation.pairs_of(each, impostors)) for each in sets.values())
    with progress("beside", total) as advance:
        for name, each in sets.items():
            named, outcome[name] = other.run(each, python, impostors=impostors, advance=advance)
    report = evaluation.report(outcome)
    for row in (report, *report["folders"].values()):
        del row["error_against_reject"]
    return {named: report}


def _print(report: dict[str, Any]) -> None:
    for name, row in report["folders"].items():
        low, high = row["eer_interval"]
        _say(f"{name}: EER {row['eer']:.2f} % (90 % interval {low:.2f} to {high:.2f}), FMR100 {row['fmr100']:.2f} %, "
             f"FMR1000 {row['fmr1000']:.2f} %, ZeroFMR {row['zero_fmr']:.2f} %")  # fmt: skip
        kept = row["extract_ms"] != row["extract_ms"]  # not a number: no template was made in this run
        extraction = "templates were kept from before" if kept else f"extraction {row['extract_ms']:.0f} ms"
        _say(f"  {row['genuine']} genuine, {row['impostor']} impostor, {row['failures']} failures; "
             f"{extraction}, comparison {row['match_us']:.0f} us")  # fmt: skip
        for file in row["failed_files"]:
            _say(f"  failed: {file}")
        for pair in row.get("doubtful", ()):
            _say(f"  one finger under two names? {' and '.join(pair['files'])} score {pair['score']:.1f}")
    known = report["error_against_reject"]
    rates = ", ".join(f"{100 * p['left_out']:g} % out: {p['fnmr']:.2f} % ({p['errors']})" for p in known["points"])
    _say(f"FNMR at FMR {known['fmr']:g} % without the lowest quality: {rates}")
    low, high = report["mean_eer_interval"]
    mean = f"mean EER {report['mean_eer']:.2f} %"
    _say(f"{report['descriptor']}: {mean}, 90 % interval over fingers {low:.2f} to {high:.2f}")
    _say("side by side, EER in percent with its 90 % interval:")
    for name, one in (report["descriptors"] | report["peers"]).items():
        rows = [(folder, row["eer"], row["eer_interval"]) for folder, row in one["folders"].items()]
        rows.append(("mean", one["mean_eer"], one["mean_eer_interval"]))
        _say(f"  {name}: " + ", ".join(f"{of} {eer:.2f} ({low:.2f} to {high:.2f})" for of, eer, (low, high) in rows))
        _say(f"    mean FMR1000 {_mean(one, 'fmr1000'):.2f} %, comparison {_mean(one, 'match_us'):.0f} us")


def _mean(report: dict[str, Any], key: str) -> float:
    return float(sum(row[key] for row in report["folders"].values()) / len(report["folders"]))
