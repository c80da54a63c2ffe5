"""``tenprint card``: the ANSI/NIST toolkit for one transaction at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tenprint.cli import card_edit
from tenprint.cli.common import FINDINGS, UNUSABLE, Json, Refused, emit, err, existing, fail, out

if TYPE_CHECKING:
    from tenprint.itl import FingerImage, Transaction
    from tenprint.itl.report import CardReport

app = typer.Typer(
    no_args_is_help=True, help="ANSI/NIST transactions: show, check, images, roundtrip, make, diff, redact."
)

File = Annotated[
    Path, typer.Argument(help="A transaction in the traditional encoding (.an2, .eft, .ebts ...).", show_default=False)
]
Lenient = Annotated[bool, typer.Option("--lenient", help="Read a damaged file as far as its bytes allow.")]
LONGEST_SHOWN = 200


@contextmanager
def _refusals(subject: object) -> Iterator[None]:
    """Faults of a file become messages with exit code 2."""
    from tenprint.itl import ItlError

    try:
        yield
    except ItlError as fault:
        advice = _ADVICE.get(fault.code.name, "")
        fail(f"{subject}: {fault}.{' ' if advice else ''}{advice}")
    except OSError as fault:
        fail(f"{subject}: {fault.strerror or fault}. Check the path.")


_NOT_OURS = "NIEM XML, bare images (.wsq, .raw) and minutiae files (.fmr) are not transactions of this encoding."
_DAMAGED = "The file is damaged; --lenient reads it as far as its bytes allow."
_ADVICE = {
    "NOT_ITL": _NOT_OURS,
    "EMPTY": _NOT_OURS,
    "TRUNCATED": _DAMAGED,
    "BAD_LENGTH": _DAMAGED,
    "NO_SEPARATOR": _DAMAGED,
}


_DAMAGE = frozenset({"NOT_ITL", "TRUNCATED", "BAD_LENGTH", "NO_SEPARATOR"})


def _open(path: Path, *, lenient: bool, damage: frozenset[str] = _DAMAGE) -> Transaction:
    """Read a file; records that do not end where they say are refused unless asked for, the rest are warnings."""
    from tenprint import itl

    with _refusals(path):
        transaction = itl.read(path, strict=False)
        found = next((item for item in transaction.deviations if item.code.name in damage), None)
        if found is not None and not lenient:
            raise itl.ItlError(found.code, found.detail, record=found.record, field=found.field, offset=found.offset)
    for item in transaction.deviations:
        if item.level == "error":
            err.print(f"warning: {path}: {item}", markup=False)
    return transaction


def _clean(text: str) -> str:
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)


app.command("set")(card_edit.set_)
app.command("split")(card_edit.split)
app.command("join")(card_edit.join)


@app.command()
def show(
    file: File,
    contact_sheet: Annotated[
        Path | None, typer.Option("--contact-sheet", help="Write all images with finger names to this picture (.png).")
    ] = None,
    lenient: Lenient = False,
    json: Json = False,
) -> None:
    """Print the records, fields and images of a transaction.

    Example: tenprint card show booking.eft --contact-sheet prints.png
    """
    from tenprint.itl.report import report

    transaction = _open(file, lenient=lenient)
    if contact_sheet is not None:
        from tenprint.itl.contact import contact_sheet as draw

        try:
            draw(transaction).save(contact_sheet)
        except (OSError, ValueError) as fault:
            fail(f"--contact-sheet {contact_sheet}: cannot be written ({fault}). Use a name that ends in .png.")
    card = report(transaction, str(file))
    if json:
        emit(card)
        return
    _print_card(card)
    if contact_sheet is not None:
        out.print(f"\ncontact sheet: {contact_sheet}", markup=False)


def _print_card(card: CardReport) -> None:
    from tenprint.itl.names import describe

    version = card.version or "not stated"
    out.print(f"{card.tot or 'no TOT'}, version {version}, {len(card.records)} records", markup=False)
    for position, record in enumerate(card.records):
        idc = "" if record.idc is None else f", IDC {record.idc:02d}"
        out.print(f"\nrecord {position}: Type-{record.type}{idc}", markup=False)
        for tag, text in record.fields.items():
            number = tag.partition(".")[2]
            name = describe(record.type, int(number)) if number.isdigit() else None
            shown = text.replace("\x1e", "; ").replace("\x1f", " | ")
            shown = shown if len(shown) <= LONGEST_SHOWN else f"{shown[:LONGEST_SHOWN]}... ({len(shown)} characters)"
            out.print(f"  {tag:<8} {name.mnemonic if name else '':<6} {_clean(shown)}", markup=False)
        if record.image is not None:
            image = record.image
            words = [
                image.position_name,
                f"{image.width} x {image.height} at {image.ppi:g} ppi",
                image.format,
                image.impression_name,
            ]
            out.print(f"  image: {', '.join(word for word in words if word)}", markup=False)
        if record.trouble:
            out.print(f"  trouble: {record.trouble}", markup=False)
    _print_notes(card)


def _print_notes(card: CardReport) -> None:
    """Notes, one line for each kind and record."""
    seen: dict[tuple[str, int | None], list[Any]] = {}
    for item in card.deviations:
        if item.level == "note":
            seen.setdefault((item.code, item.record), []).append(item)
    for (code, record), items in seen.items():
        more = f" (and {len(items) - 1} more)" if len(items) > 1 else ""
        place = "" if record is None else f"record {record}, field {items[0].field}: "
        out.print(f"\nnote {code} {place}{items[0].message}{more}", markup=False)


@app.command()
def check(
    file: File,
    profile: Annotated[
        str | None, typer.Option(help="ebts-9.1, ebts-10.0 or ebts-11.2. Default: the one that 1.013 names, else 9.1.")
    ] = None,
    fail_on: Annotated[str, typer.Option("--fail-on", help="What makes the exit code 1: error or warning.")] = "error",
    json: Json = False,
) -> None:
    """Check a transaction against a version of EBTS; exit 1 when there are errors.

    What is the same in every version is an error in every version. Every image is decoded and looked at.

    Example: tenprint card check booking.eft --profile ebts-11.2
    """
    from tenprint import itl
    from tenprint.itl.profile import NAMES

    if profile is not None and profile not in NAMES:
        fail(f"--profile: expected one of {', '.join(NAMES)}, got {profile!r}")
    if fail_on not in {"error", "warning"}:
        fail(f"--fail-on: expected error or warning, got {fail_on!r}")
    with _refusals(file):
        transaction = itl.read(file, strict=False)
        profile = profile or itl.check.named(transaction)
        found = itl.check.findings(transaction, profile)
        told = {(item.record, item.field) for item in found if item.severity == "error"}
        found += [
            item for item in itl.check.in_images(transaction, profile) if (item.record, item.field) not in told
        ]  # fmt: skip
    if json:
        emit({"file": str(file), "profile": profile, "findings": found})
    else:
        for item in found:
            place = "transaction" if item.record is None else f"record {item.record}"
            field = f" {item.field}" if item.field else ""
            trust = "" if item.confidence == "high" else f" [{item.confidence} confidence]"
            out.print(f"{item.severity}: {place}{field} {item.rule}: {_clean(item.message)}{trust}", markup=False)
        errors = sum(item.severity == "error" for item in found)
        out.print(f"{profile}: {errors} errors, {len(found) - errors} warnings", markup=False)
    if any(item.severity in {"error", fail_on} for item in found):
        raise typer.Exit(FINDINGS)


@app.command()
def images(
    file: File,
    out_dir: Annotated[
        Path, typer.Option("--out", help="Folder for the images; made when it is not there.", show_default=False)
    ],
    lenient: Lenient = False,
    json: Json = False,
) -> None:
    """Save every image: as it stands in the record, and decoded as PNG where a library can.

    Example: tenprint card images booking.eft --out prints
    """
    from tenprint.itl.export import save_image

    transaction = _open(file, lenient=lenient)
    try:
        out_dir.mkdir(parents=True, exist_ok=True)
        saved = [entry for record in transaction.records if (entry := save_image(record, out_dir)) is not None]
    except OSError as fault:
        fail(f"--out {out_dir}: cannot be written ({fault.strerror or fault}). Choose another folder.")
    if json:
        emit(saved)
    else:
        for entry in saved:
            out.print(f"{entry.file or f'record {entry.record}'}: {entry.trouble or entry.png}", markup=False)
    if not saved:
        err.print(f"{file}: the transaction has no images", markup=False)
    if any(entry.trouble for entry in saved):
        raise typer.Exit(FINDINGS)


@app.command()
def roundtrip(
    files: Annotated[list[Path], typer.Argument(help="Transactions.", show_default=False)],
    reencode: Annotated[
        bool, typer.Option("--reencode", help="Rebuild from the fields instead of keeping the bytes.")
    ] = False,
    lenient: Lenient = False,
    json: Json = False,
) -> None:
    """Read each file and write it back in memory; exit 0 only if every byte is the same.

    Example: tenprint card roundtrip --reencode *.an2
    """
    results, unusable = [], False
    for file in files:
        try:
            results.append(_roundtrip(file, reencode=reencode, lenient=lenient))
        except Refused as refusal:
            unusable = True
            results.append({"file": str(file), "identical": False, "error": str(refusal), "differences": []})
    if json:
        emit(results)
    else:
        for entry in results:
            word = "unusable" if entry["error"] else "identical" if entry["identical"] else "differs"
            out.print(f"{word}: {entry['file']}", markup=False)
            for item in entry["differences"]:
                out.print(f"  {item}", markup=False)
            if entry["error"]:
                err.print(f"tenprint: {entry['error']}", markup=False)
        same = sum(entry["identical"] for entry in results)
        out.print(f"{same} of {len(results)} identical", markup=False)
    if unusable:
        raise typer.Exit(UNUSABLE)
    if not all(entry["identical"] for entry in results):
        raise typer.Exit(FINDINGS)


def _roundtrip(file: Path, *, reencode: bool, lenient: bool) -> dict[str, Any]:
    from tenprint.itl.regular import irregularities, same_as_file

    transaction = _open(file, lenient=lenient, damage=frozenset({"TRUNCATED"}))
    differences: list[str] = []
    with _refusals(file):
        identical = same_as_file(transaction, file, rebuilt=reencode)
        if reencode and not identical:
            differences = [str(item) for item in irregularities(transaction)]
    return {"file": str(file), "identical": identical, "error": None, "differences": differences}


@app.command()
def make(
    out_file: Annotated[Path, typer.Option("--out", help="The transaction to write.", show_default=False)],
    seed: Annotated[
        int | None, typer.Option("--seed", help="Compose a synthetic person with synthetic fingers.")
    ] = None,
    encounter: Annotated[int, typer.Option("--encounter", help="Which taking of the synthetic prints.")] = 0,
    folder: Annotated[
        Path | None, typer.Option("--images", help="Folder of finger images: 07.png, fgp07.wsq, left-index.png ...")
    ] = None,
    form: Annotated[int, typer.Option("--type", help="Record type of the images: 4 or 14.")] = 4,
    field: Annotated[
        list[str] | None, typer.Option("--field", help="TAG=VALUE or MNEMONIC=VALUE; may be repeated.")
    ] = None,
    tot: Annotated[str, typer.Option("--tot", help="Type of transaction.")] = "CAR",
    at: Annotated[str | None, typer.Option("--at", help="Moment of the transaction (ISO 8601). Default: now.")] = None,
    json: Json = False,
) -> None:
    """Compose a criminal tenprint from finger images, or of a synthetic person.

    Example: tenprint card make --out car.eft --images prints --type 14 --field "NAM=SAMPLE,PAT"
    """
    if form not in {4, 14}:
        fail(f"--type: expected 4 or 14, got {form}")
    if folder is not None and seed is not None:
        fail("give --images D or --seed N, not both")
    from tenprint.cli.common import moment, utc_now
    from tenprint.itl import folder as images_folder
    from tenprint.itl.build import sample

    values = _pairs(field or [], "--field")
    when = moment(at) or utc_now()
    if folder is None:
        fingers = _synthetic_fingers(1 if seed is None else seed, encounter)
    else:
        with _refusals(folder):
            fingers = images_folder.images(existing(folder))
    with _refusals(out_file):
        transaction = sample(values, fingers, form="type-4" if form == 4 else "type-14", tot=tot, when=when)
        transaction.write(out_file)
    summary = {
        "file": str(out_file),
        "tot": transaction.tot,
        "tcn": transaction.tcn,
        "images": len(fingers),
        "bytes": len(transaction),
    }
    if json:
        emit(summary)
    else:
        out.print("{file}: {tot} {tcn}, {images} images, {bytes} bytes".format(**summary), markup=False)


def _synthetic_fingers(seed: int, encounter: int) -> list[FingerImage]:
    """Ten rolled fingers of a person who does not exist."""
    from tenprint.cli.common import progress
    from tenprint.finger import synthetic
    from tenprint.itl import FingerImage

    person = synthetic.person(seed)
    fingers = []
    with progress("synthetic fingers", 10) as advance:
        for position in range(1, 11):
            fingers.append(FingerImage(position=position, pixels=person.impression(position, encounter)))
            advance()
    return fingers


def _pairs(texts: list[str], option: str) -> dict[str, str]:
    pairs = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name.strip():
            fail(f"{option}: expected NAME=VALUE, got {text!r}")
        pairs[name.strip()] = value
    return pairs


@app.command()
def diff(before: File, after: File, json: Json = False) -> None:
    """What differs between two transactions, field by field; exit 1 when anything does.

    Example: tenprint card diff sent.eft received.eft
    """
    from tenprint.itl.difference import differences

    with _refusals(f"{before} and {after}"):
        found = differences(_open(before, lenient=True), _open(after, lenient=True))
    if json:
        emit({"before": str(before), "after": str(after), "differences": found})
    else:
        for item in found:
            place = "transaction" if item.record is None else f"record {item.record}"
            field = f" {item.field}" if item.field else ""
            old = "nothing" if item.before is None else item.before
            new = "nothing" if item.after is None else item.after
            out.print(f"{item.kind}: {place}{field}: {_clean(old)} -> {_clean(new)}", markup=False)
        out.print("identical" if not found else f"{len(found)} differences", markup=False)
    if found:
        raise typer.Exit(FINDINGS)


@app.command()
def redact(
    file: File,
    out_file: Annotated[Path, typer.Option("--out", help="The redacted transaction to write.", show_default=False)],
    drop: Annotated[list[str] | None, typer.Option("--drop", help="A further tag to drop; may be repeated.")] = None,
    replace: Annotated[
        list[str] | None, typer.Option("--replace", help="TAG=VALUE to write instead; may be repeated.")
    ] = None,
    keep: Annotated[list[str] | None, typer.Option("--keep", help="A tag to leave alone; may be repeated.")] = None,
    drop_images: Annotated[bool, typer.Option("--drop-images", help="Take out every image record too.")] = False,
    json: Json = False,
) -> None:
    """Drop or replace what names or describes a person, and what nobody knows to be harmless; say what went and stays.

    Text inside images goes too. Prints and minutiae stay unless --drop-images.

    Example: tenprint card redact booking.eft --out anonymous.eft
    """
    from tenprint.itl.redact import redact as take_out
    from tenprint.itl.redact import stays

    transaction = _open(file, lenient=False)
    with _refusals(file):
        done = take_out(
            transaction,
            drop=drop or [],
            replace=_pairs(replace or [], "--replace"),
            keep=keep or [],
            drop_images=drop_images,
        )
    with _refusals(out_file):
        transaction.write(out_file)
    kept = [record.position for record in transaction.records if record.type not in {1, 2}]
    left = stays(transaction)
    if json:
        emit(
            {"file": str(file), "out": str(out_file), "redacted": done, "image_records_kept": len(kept), "stays": left}
        )
        return
    for item in done:
        field = f" {item.field}" if item.field else ""
        instead = f" by {item.replacement}" if item.replacement else ""
        out.print(f"record {item.record}{field}: {item.action}{instead} ({item.why})", markup=False)
    out.print(f"{out_file}: {len(done)} redacted", markup=False)
    for why in dict.fromkeys(item.why for item in left):
        where = [str(item.record) for item in left if item.why == why]
        err.print(f"stays: record {', '.join(where[:12])}{' ...' if len(where) > 12 else ''}: {why}", markup=False)
    if kept:
        err.print("--drop-images takes out every record of images and minutiae", markup=False)
