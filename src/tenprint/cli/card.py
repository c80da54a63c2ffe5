"""``tenprint card``: the ANSI/NIST toolkit for one transaction at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tenprint.cli.common import FINDINGS, Json, Refused, emit, err, fail, out

if TYPE_CHECKING:
    from tenprint.itl import Deviation, Image, Record, Transaction

app = typer.Typer(
    no_args_is_help=True, help="ANSI/NIST transactions: show, check, images, roundtrip, make, diff, redact."
)

File = Annotated[
    Path, typer.Argument(help="A transaction in the traditional encoding (.an2, .eft, .ebts ...).", show_default=False)
]
Lenient = Annotated[bool, typer.Option("--lenient", help="Read a damaged file as far as its bytes allow.")]
LONGEST_SHOWN = 200


@contextmanager
def _refusals(path: Path) -> Iterator[None]:
    """Faults of a file become messages with exit code 2."""
    from tenprint.itl import ItlError

    try:
        yield
    except ItlError as fault:
        fail(f"{path}: {fault}. {_advice(fault.code.name)}")
    except OSError as fault:
        fail(f"{path}: cannot be read ({fault.strerror or fault}). Check the path.")


def _advice(code: str) -> str:
    if code in {"NOT_ITL", "EMPTY"}:
        return "NIEM XML, bare images (.wsq, .raw) and minutiae files (.fmr) are not transactions of this encoding."
    return "A damaged file can be read as far as it goes with --lenient."


def _open(path: Path, *, lenient: bool) -> Transaction:
    """Read a file; damage at the boundaries of records is refused unless asked for, other deviations are warnings."""
    from tenprint import itl

    with _refusals(path):
        transaction = itl.read(path, strict=False)
        damage = next((item for item in transaction.deviations if _is_damage(item)), None)
        if damage is not None and not lenient:
            raise itl.ItlError(
                damage.code, damage.detail, record=damage.record, field=damage.field, offset=damage.offset
            )
    for item in transaction.deviations:
        if item.level == "error":
            err.print(f"warning: {path}: {item}", markup=False)
    return transaction


def _is_damage(item: Deviation) -> bool:
    return item.level == "error" and item.code.value.startswith("ITL01")


@app.command()
def show(file: File, lenient: Lenient = False, json: Json = False) -> None:
    """Print the records and fields of a transaction.

    Example: tenprint card show booking.eft
    """
    transaction = _open(file, lenient=lenient)
    with _refusals(file):
        sheet = {
            "file": str(file),
            "tot": transaction.tot,
            "version": transaction.version,
            "records": [_record(record) for record in transaction.records],
            "deviations": [_deviation(item) for item in transaction.deviations],
        }
    if json:
        emit(sheet)
    else:
        _print_sheet(sheet)


def _record(record: Record) -> dict[str, Any]:
    from tenprint.itl import ItlError

    try:
        image, trouble = record.image(), None
    except ItlError as fault:
        image, trouble = None, str(fault)
    sheet: dict[str, Any] = {"type": record.type, "idc": record.idc, "fields": _texts(record)}
    sheet["image"] = None if image is None else _image(image)
    if trouble:
        sheet["trouble"] = trouble
    return sheet


def _texts(record: Record) -> dict[str, str]:
    """Fields by tag; image bytes are named by their length, a repeated field has its values joined by RS."""
    from tenprint.itl import TaggedRecord

    fields: dict[str, str] = {}
    for tag in dict.fromkeys(record.tags()):
        number = int(tag.partition(".")[2])
        raws = record.raw_all(number) if isinstance(record, TaggedRecord) else [record.raw(number)]
        if number == 999 or (not isinstance(record, TaggedRecord) and tag == record.tags()[-1]):
            size = len(raws[-1] or b"")
            fields[tag] = f"({size} bytes)"
        else:
            fields[tag] = "\x1e".join(record.charset.decode(bytes(raw or b"")) for raw in raws)
    return fields


def _image(image: Image) -> dict[str, Any]:
    return {
        "format": image.format,
        "claimed": image.claimed,
        "width": image.width,
        "height": image.height,
        "header_width": image.header_width,
        "header_height": image.header_height,
        "position": image.position,
        "impression": image.impression,
        "ppi": image.ppi,
        "ppi_source": image.ppi_source,
        "bytes": image.size,
    }


def _deviation(item: Deviation) -> dict[str, Any]:
    place = {"record": item.record, "field": item.field, "offset": item.offset}
    return {"code": item.code.value, "name": item.code.name, "level": item.level, "message": item.detail, **place}


def _print_sheet(sheet: dict[str, Any]) -> None:
    from tenprint.itl.names import describe

    out.print(
        f"{sheet['tot'] or 'no TOT'}, version {sheet['version'] or 'not stated'}, {len(sheet['records'])} records",
        markup=False,
    )
    for position, record in enumerate(sheet["records"]):
        idc = "" if record["idc"] is None else f", IDC {record['idc']:02d}"
        out.print(f"\nrecord {position}: Type-{record['type']}{idc}", markup=False)
        for tag, text in record["fields"].items():
            name = describe(record["type"], int(tag.partition(".")[2]))
            shown = text.replace("\x1e", "; ").replace("\x1f", " | ")
            shown = shown if len(shown) <= LONGEST_SHOWN else f"{shown[:LONGEST_SHOWN]}... ({len(shown)} characters)"
            out.print(f"  {tag:<8} {name.mnemonic if name else '':<6} {_printable(shown)}", markup=False)
        if record["image"]:
            image = record["image"]
            where = "" if image["position"] is None else f", position {image['position']}"
            out.print(
                f"  image: {image['format']}, {image['width']} x {image['height']} at {image['ppi']:g} ppi{where}",
                markup=False,
            )
    for item in sheet["deviations"]:
        if item["level"] == "note":
            out.print(
                f"note: {item['code']} record {item['record']}, field {item['field']}: {item['message']}", markup=False
            )


def _printable(text: str) -> str:
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)


@app.command()
def check(
    file: File,
    profile: Annotated[str, typer.Option(help="ebts-9.1, ebts-10.0 or ebts-11.2.")] = "ebts-9.1",
    json: Json = False,
) -> None:
    """Check a transaction against a version of EBTS; exit 1 when there are errors.

    Example: tenprint card check booking.eft --profile ebts-11.2
    """
    from tenprint import itl
    from tenprint.itl.profile import NAMES

    if profile not in NAMES:
        fail(f"--profile: expected one of {', '.join(NAMES)}, got {profile!r}")
    with _refusals(file):
        found = itl.check.findings(itl.read(file, strict=False), profile)
    if json:
        emit({"file": str(file), "profile": profile, "findings": found})
    else:
        for item in found:
            place = "transaction" if item.record is None else f"record {item.record}"
            field = f" {item.field}" if item.field else ""
            trust = "" if item.confidence == "high" else f" [{item.confidence} confidence]"
            out.print(f"{item.severity}: {place}{field} {item.rule}: {_printable(item.message)}{trust}", markup=False)
        errors = sum(item.severity == "error" for item in found)
        out.print(f"{profile}: {errors} errors, {len(found) - errors} warnings", markup=False)
    if any(item.severity == "error" for item in found):
        raise typer.Exit(FINDINGS)


SUFFIX = {"WSQ": "wsq", "RAW": "raw", "JPEG": "jpg", "JPEGL": "jpg", "JP2": "jp2", "PNG": "png", "TIFF": "tif"}


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
    transaction = _open(file, lenient=lenient)
    try:
        out_dir.mkdir(parents=True, exist_ok=True)
        saved = [entry for record in transaction.records if (entry := _save(record, out_dir)) is not None]
    except OSError as fault:
        fail(f"--out {out_dir}: cannot be written ({fault.strerror or fault}). Choose another folder.")
    if json:
        emit(saved)
    else:
        for entry in saved:
            note = f": {entry['trouble']}" if entry["trouble"] else f", {entry['png']}"
            out.print(f"{entry['file']}{note}", markup=False)
    if not saved:
        err.print(f"{file}: the transaction has no images", markup=False)
    if any(entry["trouble"] for entry in saved):
        raise typer.Exit(FINDINGS)


def _save(record: Record, folder: Path) -> dict[str, Any] | None:
    from PIL import Image as Picture

    from tenprint.itl import ItlError

    stem = f"{record.position:02d}-type{record.type}-idc{record.idc or 0:02d}"
    try:
        image = record.image()
    except ItlError as fault:
        return {"file": stem, "png": None, "trouble": str(fault), "record": record.position}
    if image is None:
        return None
    if image.position is not None:
        stem += f"-fgp{image.position:02d}"
    target = folder / f"{stem}.{SUFFIX.get(image.format, 'bin')}"
    target.write_bytes(image.view)
    entry: dict[str, Any] = {
        "record": record.position,
        "file": str(target),
        "png": None,
        "trouble": None,
        **_image(image),
    }
    try:
        picture = Picture.fromarray(image.pixels())
        png = folder / f"{stem}.decoded.png" if image.format == "PNG" else folder / f"{stem}.png"
        picture.save(png, dpi=(image.ppi, image.ppi))
        entry["png"] = str(png)
    except ItlError as fault:
        entry["trouble"] = str(fault)
    return entry


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
    report, unusable = [], 0
    for file in files:
        try:
            report.append(_roundtrip(file, reencode=reencode, lenient=lenient))
        except Refused as refusal:
            unusable += 1
            report.append({"file": str(file), "identical": False, "error": str(refusal), "differences": []})
    if json:
        emit(report)
    else:
        for entry in report:
            word = "unusable" if entry["error"] else "identical" if entry["identical"] else "differs"
            out.print(f"{word}: {entry['file']}", markup=False)
            for item in entry["differences"]:
                out.print(f"  {item}", markup=False)
            if entry["error"]:
                err.print(f"tenprint: {entry['error']}", markup=False)
    if unusable:
        raise typer.Exit(2)
    if not all(entry["identical"] for entry in report):
        raise typer.Exit(FINDINGS)


def _roundtrip(file: Path, *, reencode: bool, lenient: bool) -> dict[str, Any]:
    from tenprint.itl.regular import irregularities

    transaction = _open(file, lenient=lenient)
    with _refusals(file):
        if not reencode:
            identical, differences = _same(file, transaction), []
        else:
            found = irregularities(transaction)
            identical = not found and transaction.reencode() == file.read_bytes()
            differences = [f"{item.code.value} {_where(item.record, item.fields)}{item.message}" for item in found]
    return {"file": str(file), "identical": identical, "error": None, "differences": differences}


def _where(record: int | None, fields: tuple[str, ...]) -> str:
    if record is None:
        return ""
    more = f" and {len(fields) - 1} more fields" if len(fields) > 1 else ""
    return f"record {record}{', field ' + fields[0] if fields else ''}{more}: "


def _same(file: Path, transaction: Transaction) -> bool:
    """Compare record by record: the parts a transaction consists of, against the file read anew."""
    with file.open("rb") as source:
        for chunk in transaction.parts():
            for start in range(0, len(chunk), 1 << 20):
                part = chunk[start : start + (1 << 20)]
                if source.read(len(part)) != part:
                    return False
        return not source.read(1)
