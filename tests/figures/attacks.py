"""Publications as somebody would make them who wants them to pass for another's, or to act on who checks them."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from tenprint.proof.notes import Signer, sign_text
from tenprint.proof.receipts import canonical_json, digest
from tenprint.proof.verify import CHECKSUMS, PACKAGE

Attack = Callable[[Path], None]
"""Changes a copy of an honest package."""

STATEMENTS = {
    "copy to": "select 1; copy (select 1) to 'OUT/written.csv'",
    "copy first": "copy (select 1) to 'OUT/written.csv'; GOOD",
    "read_text": "select 'x' as state, content as county, 1 as numerator, 'x' as case_id from read_text('OUT/secret')",
    "read_blob": "select 1 as numerator, 'x' as state, filename as county from read_blob('OUT/secret')",
    "read_csv": "select 1 as numerator, 'x' as state, column0 as county from read_csv('OUT/secret', header=false)",
    "a file as table": "select 1 as numerator, 'x' as state, 'y' as county from 'OUT/secret.csv'",
    "glob": "select 1 as numerator, 'x' as state, file as county from glob('OUT/*')",
    "in a condition": "select 1 as numerator, 'x' as state, 'y' as county where exists (from read_text('OUT/secret'))",
    "in a common table": "with s as (from read_text('OUT/secret')) select 1 as numerator, content as state from s",
    "a name that is a file": 'with "OUT/secret.csv" as (select 1) select 1 as numerator from "OUT/secret.csv"',
    "attach": "attach 'OUT/written.db'",
    "install": "install httpfs; GOOD",
    "load": "load 'OUT/secret'; GOOD",
    "set": "set memory_limit = '100GB'; GOOD",
    "pragma": "pragma enable_external_access; GOOD",
    "export": "export database 'OUT/written'",
    "getenv": "select getenv('HOME') as state, 'y' as county, 1 as numerator",
    "settings": "select name as state, value as county, 1 as numerator from duckdb_settings()",
    "current_setting": "select current_setting('memory_limit') as state, 'y' as county, 1 as numerator",
    "raw table": "select 'x' as state, 'y' as county, 1 as numerator from all_outcome",
    "catalog": "select table_name as state, 'y' as county, 1 as numerator from information_schema.tables",
    "query": "select 'x' as state, 'y' as county, 1 as numerator from query('select 1')",
    "endless rows": "select 'x' as state, 'y' as county, 1 as numerator from range(100000000000)",
    "endless series": "select 'x' as state, unnest(generate_series(1, 100000000000)) as county, 1 as numerator",
    "endless text": "select repeat('x', 10000000000) as state, 'y' as county, 1 as numerator",
    "recursion": "with recursive t as (select 1 as n union all from t) select 1 as numerator, 'x' as state from t",
    "create": "create table t as select 1; GOOD",
    "describe": "describe GOOD",
    "nothing": "-- nothing",
    "nested": "(" * 4000 + "GOOD" + ")" * 4000,
}
"""What a definition may say instead of its SELECT."""


def relist(package: Path, signer: Signer) -> None:
    """Make the signed list anew, as whoever has that key."""
    files = sorted(p for p in package.rglob("*") if p.is_file() and p.name != CHECKSUMS)
    lines = "".join(
        f"{hashlib.sha256(p.read_bytes()).hexdigest()}  {p.relative_to(package).as_posix()}\n" for p in files
    )
    (package / CHECKSUMS).write_text(sign_text(f"{PACKAGE}\n{lines}", [signer]), encoding="utf-8")


def resign(package: Path, signer: Signer, name: str | None = None) -> None:
    """Sign every receipt and the list with another key; the honest key stays the one that is named."""
    for file in (package / "receipts").glob("*.json"):
        document = json.loads(file.read_bytes())
        receipt = document["receipt"]
        definition = package / "definitions" / f"{receipt['definition']}.sql"
        if definition.is_file():
            receipt["definition_hash"] = digest(definition.read_bytes())
        if (result := package / "data" / file.name).is_file():
            receipt["result_hash"] = digest(result.read_bytes())
        text = canonical_json(receipt).decode()
        document |= {"hash": digest(text.encode()), "signatures": [signer.line(text + "\n")]}
        file.write_text(json.dumps(document))
    if name is not None:
        (package / name).write_text(f"{signer.verifier}\n")
    relist(package, signer)


def statement(package: Path, sql: str, out: Path) -> None:
    """Put other SQL in the place of a definition's."""
    file = next((package / "definitions").glob("*.sql"))
    front, good = file.read_text().split("*/")
    file.write_text(f"{front}*/\n{sql.replace('GOOD', good.strip()).replace('OUT', str(out))}")


def forged(honest: Signer, out: Path) -> Iterator[tuple[str, Attack]]:
    """Packages that are whole in themselves, signed by somebody else than the publisher."""
    stranger, namesake = Signer.generate("stranger.example"), Signer.generate(honest.name)
    keys = (
        None,
        "verifier.txt",
        "ledger-1.verifier.txt",
        "ledger-2.verifier.txt",
        "ledger-99.verifier.txt",
        "more.txt",
    )
    for signer in (stranger, namesake):
        for name in keys:
            yield (
                f"signed by {signer.name}, the key as {name or 'nothing'}",
                lambda p, s=signer, n=name: resign(p, s, n),
            )
    for kind, sql in STATEMENTS.items():

        def act(package: Path, sql: str = sql) -> None:
            statement(package, sql, out)
            resign(package, stranger, "verifier.txt")

        yield f"statement: {kind}", act
    for kind, cell in (("quote", "x'] from read_text('OUT/secret') --"), ("name", 'x" , 1')):

        def cells(package: Path, cell: str = cell) -> None:
            file = next((package / "definitions").glob("*.sql"))
            told = json.dumps(cell.replace("OUT", str(out)))
            file.write_text(file.read_text().replace('cells = ["', f'cells = [{told}, "', 1))
            resign(package, stranger, "verifier.txt")

        yield f"cells: {kind}", cells


def paths(out: Path, stranger: Signer) -> Iterator[tuple[str, Attack]]:
    """Links, devices, and names that lead out of the package."""

    def linked(package: Path, name: str) -> None:
        target = package / name
        outside = out / f"elsewhere-{target.name}"
        target.rename(outside)
        target.symlink_to(outside)

    for name in ("LICENSE.txt", "checksums.note", "verifier.txt", "datapackage.json", "data", "facts", "receipts"):
        yield f"link: {name}", lambda p, n=name: linked(p, n)
    yield "link to a file inside", lambda p: (
        (p / "LICENSE.txt").unlink(), (p / "LICENSE.txt").symlink_to("datapackage.json"))[1]  # fmt: skip
    yield "link more", lambda p: (p / "data" / "more").symlink_to(out)
    yield "dangling link", lambda p: (p / "dangling").symlink_to(out / "nothing")
    yield "hard link", lambda p: os.link(p / "LICENSE.txt", out / "second-name")
    yield "pipe", lambda p: os.mkfifo(p / "pipe")
    yield "pipe for the list", lambda p: ((p / CHECKSUMS).unlink(), os.mkfifo(p / CHECKSUMS))[1]

    def listing(package: Path, line: str) -> None:
        text = (package / CHECKSUMS).read_text().split("\n\n")[0] + "\n"
        (package / CHECKSUMS).write_text(sign_text(text + line, [stranger]))

    sha = hashlib.sha256((out / "secret").read_bytes()).hexdigest()
    leading = (
        "../secret",
        "/etc/hostname",
        "data/../../secret",
        "./secret",
        "data//x",
        "a\\b",
        "facts/../../secret",
        " ",
    )
    for name in leading:
        yield f"listed: {name}", lambda p, n=name: listing(p, f"{sha}  {n}\n")

    def manifest(package: Path, file: str) -> None:
        path = package / "facts" / "manifest.json"
        told = json.loads(path.read_bytes())
        told["parts"][0]["file"] = file
        path.write_text(json.dumps(told))
        resign(package, stranger, "verifier.txt")

    for name in ("../../secret", "/etc/hostname", "*.parquet", "x'), read_text('y"):
        yield f"facts lead to {name}", lambda p, n=name: manifest(p, n)

    def named(package: Path, name: str) -> None:
        for file in (package / "receipts").glob("*.json"):
            document = json.loads(file.read_bytes())
            document["receipt"]["definition"] = name
            file.write_text(json.dumps(document))
        resign(package, stranger, "verifier.txt")

    for name in ("../../secret", "/etc/hostname", ""):
        yield f"definition named {name!r}", lambda p, n=name: named(p, n)


def damaged(stranger: Signer) -> Iterator[tuple[str, Attack]]:
    """Files missing, broken, of another form, or too many; the list as it was, or made anew."""

    def each(package: Path, pattern: str, content: bytes | None) -> None:
        for file in package.glob(pattern):
            file.unlink() if content is None else file.write_bytes(content)

    bad: dict[str, bytes | None] = {
        "gone": None, "empty": b"", "not text": b"\xff\xfe\x00", "a list": b"[]", "null": b"null",
        "deep": b"[" * 100_000, "huge number": b"[{\"value\": 1" + b"0" * 5000 + b"}]",
    }  # fmt: skip
    patterns = ("checksums.note", "verifier.txt", "receipts/*.json", "data/*.json", "data/*.csv", "data/*.parquet",
                "definitions/*.sql", "facts/manifest.json", "facts/*.parquet")  # fmt: skip
    for pattern in patterns:
        for kind, content in bad.items():
            if kind in {"gone", "empty", "deep"} or pattern.endswith(".json") or pattern == "checksums.note":
                yield f"{pattern} {kind}", lambda p, g=pattern, c=content: each(p, g, c)
    yield "a file too many", lambda p: (p / "data" / "more.csv").write_text("x\n") and None
    yield "no folder of receipts, listed anew", lambda p: (shutil.rmtree(p / "receipts"), relist(p, stranger))[1]


def attacks(honest: Signer, out: Path) -> list[tuple[str, Attack]]:
    """Every attack by name. ``out`` is a folder outside the package, with a file ``secret``."""
    stranger = Signer.generate("stranger.example")
    return [*forged(honest, out), *paths(out, stranger), *damaged(stranger)]
