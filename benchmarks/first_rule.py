"""How soon a newcomer sees a rule: from `pip install .` in an empty environment, and the import.

Run as `python benchmarks/first_rule.py --json`. It makes an environment in a temporary folder,
installs the repository there with pip (which needs a package index; what pip has in its cache is
not fetched again, unless `--no-cache` is given) and learns a rule in it. The import is the median
of 15 fresh interpreters in that environment, less that of one which imports nothing.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

ROOT = Path(__file__).parents[1]
FIRST_RULE = """
import llmerm

samples = llmerm.tasks.get("half_parity", n=100).sample(200, seed=0)
result = llmerm.fit(samples, proposer="enumerate")
assert result.verified
print(result.program.source)
"""
MOST_SECONDS = 60.0
MOST_IMPORT_MS = 150.0


def run(*command: str, cwd: Path | None = None) -> str:
    """What a command prints, without this process's own way to packages."""
    plain = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        command, cwd=cwd, env=plain, check=True, stdout=subprocess.PIPE, text=True
    )
    return done.stdout


def took(*command: str, cwd: Path | None = None) -> float:
    """The wall seconds of a command."""
    started = time.perf_counter()
    run(*command, cwd=cwd)
    return time.perf_counter() - started


def import_ms(python: str, folder: Path, repeats: int = 15) -> float:
    """The median milliseconds of `import llmerm` in a fresh interpreter."""
    both = [
        [took(python, "-c", statement, cwd=folder) for _ in range(repeats)]
        for statement in ("import llmerm", "pass")
    ]
    imported, empty = map(statistics.median, both)
    return 1000 * (imported - empty)


def measure(folder: Path, options: list[str]) -> dict[str, float]:
    """Installs into an empty environment, learns a rule there, and imports the package."""
    venv.create(folder / "env", with_pip=True)
    python = str(folder / "env" / "bin" / "python")
    quiet = ["--quiet", "--disable-pip-version-check", *options]
    install = took(python, "-m", "pip", "install", *quiet, str(ROOT))
    rule = took(python, "-c", FIRST_RULE, cwd=folder)
    return {
        "install_seconds": install,
        "rule_seconds": rule,
        "import_ms": import_ms(python, folder),
    }


def target(value: float, limit: float) -> dict[str, float | bool]:
    """A figure beside its limit."""
    return {"value": value, "limit": limit, "met": value < limit}


def main() -> None:
    """Measures once, and prints the figures and targets."""
    options = ["--no-cache-dir"] if "--no-cache" in sys.argv else []
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(Path(folder), options)
    first = figures["install_seconds"] + figures["rule_seconds"]
    targets = {
        "first_rule_seconds": target(first, MOST_SECONDS),
        "import_ms": target(figures["import_ms"], MOST_IMPORT_MS),
    }
    print(json.dumps({"figures": figures, "targets": targets}, indent=2))


if __name__ == "__main__":
    main()
