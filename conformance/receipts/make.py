"""Writes the vectors of this folder anew: python -m conformance.receipts.make (from the root of the repository)."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path

from tests.facts.histories import write
from tests.spec.figures.story import history, read

from tenprint.figures.publish import publish
from tenprint.figures.publisher import Publisher

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
NAME = "noncriminal-removal-share"


def main() -> None:
    """A package with a key that everybody knows, and damages of one byte in the middle of every file."""
    package = HERE / "package"
    shutil.rmtree(package, ignore_errors=True)
    publisher = Publisher("conformance.example", "11" * 32, "22" * 32, "33" * 32)
    story = read(ROOT / "tests" / "spec" / "figures" / "people" / f"{NAME}.txt")
    with tempfile.TemporaryDirectory() as folder:
        write(history(story), Path(folder) / "facts")
        publish(Path(folder) / "facts", package, [e.as_of for e in story.expected], names=[NAME], publisher=publisher)
    files = sorted(f for f in package.rglob("*") if f.is_file())
    damage = []
    for file in files:
        data = file.read_bytes()
        digits = [i for i, b in enumerate(data) if 48 <= b <= 57] or [len(data) // 2]
        at = digits[len(digits) // 2]
        damage.append({"file": file.relative_to(package).as_posix(), "offset": at, "byte": data[at] ^ 1})
    rows = {f.name: json.loads(f.read_bytes()) for f in files if f.parent.name == "data" and f.suffix == ".json"}
    vectors = {"key": str(publisher.signer.verifier), "rows": rows, "damage": damage}
    (HERE / "vectors.json").write_text(json.dumps(vectors, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
