"""Deliberate faults of one place, put into a copy of the program one at a time: which tests notice, and which survive.

    python tools/faults.py cases --number 20 --seed 1      a sample of twenty in one room
    python tools/faults.py cases --list                    every place at which a fault could be put

The tests nearest to the room run once, to see which of them reach which line (`tools/reached.py`); then a fault is
tried with the tests that reach it, the quickest first, then with their whole files, and with all tests when none does.
A survivor that is known stands in `tools/faults.toml` with the reason; any other ends the run with exit code 1.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "tenprint"
KNOWN = Path(__file__).with_suffix(".toml")

ROOMS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "cases": (
        ("cases/card/*.py", "cases/custody/*.py"),
        (
            "tests/cases",
            "tests/spec/cases",
            "tests/generative/test_cases_histories.py",
            "tests/custody",
            "tests/exchange/test_desks.py",
        ),
    ),
    "law": (("law/*.py",), ("tests/law",)),
    "ledger": (
        ("ledger/*.py", "proof/*.py"),
        ("tests/ledger", "tests/proof", "tests/figures/test_attacks.py", "tests/cli/test_ledger_audit.py"),
    ),
    "figures": (("figures/*.py",), ("tests/figures", "tests/facts", "tests/spec/figures")),
    "disclosure": (("figures/disclosure.py", "figures/guarded.py"), ("tests/figures",)),
}
"""Of each room the files that get faults, and the tests nearest to them, the quickest first."""

SWAPPED: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.And: ast.Or, ast.Or: ast.And,
    ast.Add: ast.Sub, ast.Sub: ast.Add,
}  # fmt: skip
OTHER_WAY = {"min": "max", "max": "min", "any": "all", "all": "any"}


@dataclass(frozen=True)
class Fault:
    """One change of a file.

    Attributes:
        file: Below `src/tenprint`.
        line: Where it is, from 1.
        text: The line as it stands there.
        old: The text that stands there.
        new: The text that is put there.
        start: Offset of the old text in the file.
    """

    file: str
    line: int
    text: str
    old: str
    new: str
    start: int

    @property
    def name(self) -> str:
        """The file and the change, without the line number, so that it outlives other changes."""
        change = f"{' '.join(self.old.split())} -> {' '.join(self.new.split())}"
        return f"{self.file}: {change}  in  {self.text}"

    def put(self, text: str) -> str:
        """The file's text with the fault in it."""
        return text[: self.start] + self.new + text[self.start + len(self.old) :]


def faults_of(text: str, file: str = "") -> Iterator[Fault]:
    """Every fault that could be put into a source text."""
    tree = ast.parse(text)
    settings = {id(k.value) for node in ast.walk(tree) if isinstance(node, ast.ClassDef) for k in node.keywords}
    settings |= {id(k.value) for k in ast.walk(tree) if isinstance(k, ast.keyword) and k.arg == "strict"}
    raw = text.encode()
    begins = [0, *(place + 1 for place, byte in enumerate(raw) if byte == ord("\n"))]
    for node in ast.walk(tree):
        if id(node) in settings:  # what kind of class it is, such as frozen; zip(strict=True)
            continue
        where = node.test if isinstance(node, ast.If) else node
        if not isinstance(where, ast.expr) or (isinstance(where, ast.Name) and where.id == "TYPE_CHECKING"):
            continue
        for changed in _changed(node):
            start = begins[where.lineno - 1] + where.col_offset
            old = ast.get_source_segment(text, where) or ""
            line = text.splitlines()[where.lineno - 1].strip()
            yield Fault(file, where.lineno, line, old, f"({ast.unparse(changed)})", len(raw[:start].decode()))


def _changed(node: ast.AST) -> Iterator[ast.expr]:
    """The node with something in it changed."""
    match node:
        case ast.Compare(left=left, ops=[op], comparators=right) if type(op) in SWAPPED:
            yield ast.Compare(left=left, ops=[SWAPPED[type(op)]()], comparators=right)  # type: ignore[list-item]
        case ast.BoolOp(op=op, values=values):
            yield ast.BoolOp(op=SWAPPED[type(op)](), values=values)  # type: ignore[arg-type]
        case ast.BinOp(left=left, op=op, right=right_) if type(op) in SWAPPED:
            yield ast.BinOp(left=left, op=SWAPPED[type(op)](), right=right_)  # type: ignore[arg-type]
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield operand
        case ast.Constant(value=bool() as value):
            yield ast.Constant(value=not value)
        case ast.Constant(value=int() as value):
            yield ast.Constant(value=value + 1)
        case ast.Call(func=ast.Name(id=name), args=args, keywords=keywords) if name in OTHER_WAY:
            yield ast.Call(func=ast.Name(id=OTHER_WAY[name]), args=args, keywords=keywords)
        case ast.If():
            yield ast.Constant(value=False)
            yield ast.Constant(value=True)


def faults_in(room: str) -> list[Fault]:
    """Every fault of a room, in the order of its files."""
    files = sorted({f for pattern in ROOMS[room][0] for f in SOURCE.glob(pattern)})
    return [fault for f in files for fault in faults_of(f.read_text("utf-8"), f.relative_to(SOURCE).as_posix())]


def tests_by_line(room: str, copy: Path) -> dict[str, dict[str, list[str]]]:
    """Of each file of a room, by line, the tests that reach it, the quickest first.

    Raises:
        SystemExit: when a test fails without any fault.
    """
    told = copy.parent / f"{room}.json"
    files = {str(f.parent) for pattern in ROOMS[room][0] for f in (copy / "src" / "tenprint").glob(pattern)}
    measured = {"REACHED": str(told), "REACHED_IN": os.pathsep.join(sorted(files))}
    done = _tested(("-p", "tools.reached", *ROOMS[room][1]), copy, measured)
    if done != 0:
        raise SystemExit(f"the tests of {room} fail without a fault; run them first")
    found: dict[str, dict[str, list[str]]] = json.loads(told.read_text("utf-8"))
    return found


def survives(fault: Fault, tests: Sequence[str], copy: Path) -> bool:
    """Whether every test passes with the fault in a copy of the program."""
    file = copy / "src" / "tenprint" / fault.file
    whole = file.read_text("utf-8")
    file.write_text(fault.put(whole), "utf-8")
    try:
        return _tested(tests, copy, {}) == 0
    except subprocess.TimeoutExpired:
        return False
    finally:
        file.write_text(whole, "utf-8")


def _tested(arguments: Sequence[str], copy: Path, more: dict[str, str]) -> int:
    environment = {
        **os.environ,
        "PYTHONPATH": f"{copy / 'src'}{os.pathsep}{copy}",
        "PYTHONDONTWRITEBYTECODE": "1",
        **more,
    }
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *arguments]
    return subprocess.run(command, cwd=copy, env=environment, capture_output=True, check=False, timeout=3600).returncode


def known() -> dict[str, str]:
    """Survivors that were looked at, each with the reason."""
    rows = tomllib.loads(KNOWN.read_text("utf-8")).get("survivor", []) if KNOWN.exists() else []
    return {row["fault"]: row["why"] for row in rows}


def main() -> int:
    """Put the faults in and say which survive."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("room", choices=sorted(ROOMS))
    parser.add_argument("--number", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--list", action="store_true")
    given = parser.parse_args()
    every = faults_in(given.room)
    if given.list:
        print(*(f"{f.name}  (line {f.line})" for f in every), sep="\n")
        return 0
    some = random.Random(given.seed).sample(every, min(given.number, len(every)))
    looked_at, new = known(), 0
    with tempfile.TemporaryDirectory(prefix="tenprint-faults-") as folder:
        copy = Path(folder) / "copy"
        leave_out = shutil.ignore_patterns(".git", ".venv", "demo", "__pycache__")
        shutil.copytree(ROOT, copy, ignore=leave_out)
        reached = tests_by_line(given.room, copy)
        for number, fault in enumerate(some, start=1):
            lines = reached.get(str((copy / "src" / "tenprint" / fault.file).resolve()), {})
            tests = lines.get(str(fault.line), [])
            files = sorted({test.split("::")[0] for test in tests})  # what a fixture ran for a whole file is there too
            alive = all(survives(fault, some, copy) for some in ([tests, files] if tests else [ROOMS[given.room][1]]))
            why = looked_at.get(fault.name)
            new += alive and why is None
            said = f"SURVIVES ({why or 'nobody knows why'})" if alive else "dies"
            print(f"{number:3} {said}  {fault.name}  (line {fault.line})", flush=True)
    print(f"{len(some)} of {len(every)} possible faults of {given.room}; {new} survive that nobody has looked at")
    return 1 if new else 0


if __name__ == "__main__":
    sys.exit(main())
