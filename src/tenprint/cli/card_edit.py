"""``tenprint card set, split, join``: change a field, part a file of several transactions, put them together."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tenprint.cli.common import Json, emit, existing, fail, out, write_private


def set_(
    file: Annotated[Path, typer.Argument(help="The transaction.")],
    fields: Annotated[
        list[str],
        typer.Argument(
            metavar="TAG=VALUE...",
            help="Such as 2.018=SAMPLE,PAT, or 14.006@02=2011 for the record with IDC 02. An empty value takes the "
            "field out.",
        ),
    ],
    out_file: Annotated[Path | None, typer.Option("--out", help="Where to write it. Default: the same file.")] = None,
    json: Json = False,
) -> None:
    """Set fields of a transaction; LEN and CNT follow, and nothing else changes.

    The first record of the tag's type is meant unless an IDC is named.

    Example: tenprint card set booking.eft 2.018=SAMPLE,PAT 1.009=MYCARD-0000002 --out other.eft
    """
    from tenprint import itl

    try:
        transaction = itl.read(existing(file), strict=False)
        done = [_set(transaction, text) for text in fields]
        transaction.write(out_file or file)
    except itl.ItlError as fault:
        fail(f"{file}: {fault}")
    except OSError as fault:
        fail(f"{fault.filename or file}: {fault.strerror or fault}. Check the path.")
    if json:
        emit([{"record": r, "field": tag, "before": was, "after": now} for r, tag, was, now in done])
        return
    for record, tag, was, now in done:
        out.print(f"record {record} {tag}: {was or 'nothing'} -> {now or 'nothing'}", markup=False)
    out.print(f"{out_file or file}: {len(done)} fields set", markup=False)


def _set(transaction: object, text: str) -> tuple[int, str, str | None, str]:
    """Set one field; the record, the tag, what stood there and what stands there now."""
    from tenprint import itl

    assert isinstance(transaction, itl.Transaction)  # noqa: S101 - given by the caller
    name, equals, value = text.partition("=")
    tag, _, idc = name.partition("@")
    kind = tag.partition(".")[0]
    if not equals or not kind.isdigit() or "." not in tag:
        fail(f"{text!r}: expected TAG=VALUE such as 2.018=SAMPLE,PAT, or TAG@IDC=VALUE")
    records = [r for r in transaction.of_type(int(kind)) if not idc or r.idc_text == idc or str(r.idc) == idc]
    if not records:
        fail(f"{text!r}: there is no Type-{kind} record{f' with IDC {idc}' if idc else ''}")
    record = records[0]
    was = record.get(tag)
    if value:
        record.set(tag, value if isinstance(record, itl.TaggedRecord) or not value.isdigit() else int(value))
    elif was is not None:
        record.remove(tag)
    return record.position, tag, was, value


def split(
    file: Annotated[Path, typer.Argument(help="A file with one transaction after the other.")],
    out_dir: Annotated[Path, typer.Option("--out", help="Folder for a file each.", show_default=False)],
    json: Json = False,
) -> None:
    """Write a file for each transaction of a file, byte for byte.

    Example: tenprint card split both.eft --out parts
    """
    from tenprint.itl import ItlError, several

    try:
        parts = list(several.split(existing(file)))
        out_dir.mkdir(parents=True, exist_ok=True)
        names = [
            out_dir / f"{file.stem}.{n:0{max(2, len(str(len(parts))))}}{file.suffix}" for n in range(1, len(parts) + 1)
        ]
        for name, part in zip(names, parts, strict=True):
            write_private(name, part)
    except ItlError as fault:
        fail(f"{file}: {fault}")
    except OSError as fault:
        fail(f"{fault.filename or file}: {fault.strerror or fault}. Check the path.")
    if json:
        emit([{"file": str(name), "bytes": len(part)} for name, part in zip(names, parts, strict=True)])
        return
    for name, part in zip(names, parts, strict=True):
        out.print(f"{name}: {len(part):,} bytes", markup=False)


def join(
    files: Annotated[list[Path], typer.Argument(help="Transactions, in the order in which they are to stand.")],
    out_file: Annotated[Path, typer.Option("--out", help="The file to write.", show_default=False)],
    json: Json = False,
) -> None:
    """Write transactions one after the other into one file, byte for byte; the reverse of split.

    Example: tenprint card join one.eft two.eft --out both.eft
    """
    from tenprint.itl import ItlError, several

    content = b""
    for file in files:
        try:
            content += several.join([existing(file)])
        except ItlError as fault:
            fail(f"{file}: {fault}")
    try:
        write_private(out_file, content)
    except OSError as fault:
        fail(f"{out_file}: {fault.strerror or fault}. Check the path.")
    if json:
        emit({"file": str(out_file), "bytes": len(content), "transactions": len(files)})
    else:
        out.print(f"{out_file}: {len(files)} transactions, {len(content):,} bytes", markup=False)
