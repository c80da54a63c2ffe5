"""Run every script of this folder, one after the other, and say on which machine.

python -m bench              all of them
python -m bench itl ledger   some of them
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).resolve().parent
SHOWN = ("numpy", "numba", "onnxruntime", "duckdb", "sqlalchemy", "pyarrow")


def machine() -> str:
    """One line: processor, cores, system, Python and the packages that matter."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.split(":")[1].strip() for line in lines if line.startswith("model name")]
    packages = ", ".join(f"{name} {version(name)}" for name in SHOWN)
    processor = names[0] if names else platform.processor()
    system = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
    return f"{processor}, {os.cpu_count()} cores, {system}, {packages}"


def main() -> int:
    """Run the scripts named, or all; 1 when one of them failed."""
    every = sorted(p.stem for p in HERE.glob("*.py") if not p.stem.startswith("_"))
    wanted = sys.argv[1:] or every
    unknown = sorted(set(wanted) - set(every))
    if unknown:
        print(f"no such benchmark: {', '.join(unknown)}; there are {', '.join(every)}", file=sys.stderr)
        return 2
    print(machine())
    failed = []
    for name in wanted:
        print(f"\n== {name}", flush=True)
        if subprocess.run([sys.executable, "-m", f"bench.{name}"], check=False, cwd=HERE.parent).returncode:
            failed.append(name)
    if failed:
        print(f"\nfailed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
