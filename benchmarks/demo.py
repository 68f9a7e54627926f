"""The demo as a whole: seconds, tasks solved exactly, memory; and what `import llmerm` costs.

Run as `python benchmarks/demo.py --json`. The demo runs once (it takes a minute); imports are
medians of several fresh interpreters, less an empty one's.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path


def demo() -> tuple[dict[str, object], float, float]:
    """The demo's JSON, its wall seconds, and the peak memory of it and all it starts, in MiB."""
    started = time.perf_counter()
    command = [sys.executable, "-m", "llmerm", "demo", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        peak = [0.0]
        watcher = threading.Thread(target=watch, args=(process, peak))
        watcher.start()
        shown = json.load(process.stdout)
        process.wait()
        watcher.join()
    return shown, time.perf_counter() - started, peak[0]


def watch(process: subprocess.Popen[bytes], peak: list[float]) -> None:
    """Keeps the largest sum of proportional set sizes seen while the process runs."""
    while process.poll() is None:
        peak[0] = max(peak[0], sum(map(memory, family(process.pid))) / 1024)
        time.sleep(0.2)


def family(pid: int) -> list[int]:
    """The process and all below it."""
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        children = [int(c) for task in tasks for c in (task / "children").read_text().split()]
    except OSError:
        return []
    return [pid, *(below for child in children for below in family(child))]


def memory(pid: int) -> int:
    """The proportional set size in KiB: shared pages are counted once over the family."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def import_ms(statement: str, repeats: int = 15) -> float:
    """Median milliseconds of a fresh interpreter that runs the statement."""
    taken = []
    for _ in range(repeats):
        started = time.perf_counter()
        subprocess.run([sys.executable, "-c", statement], check=True, env={**os.environ})
        taken.append(time.perf_counter() - started)
    return 1000 * statistics.median(taken)


def main() -> None:
    imported = import_ms("import llmerm") - import_ms("pass")
    shown, seconds, peak = demo()
    exact = sum(row["test_accuracy"] == 1.0 for row in shown["tasks"])
    figures = {
        "per_task": {
            row["task"]: {k: row[k] for k in ("status", "seconds", "test_accuracy", "bits")}
            for row in shown["tasks"]
        },
        "import_ms": imported,
        "import_with_fit_ms": import_ms("import llmerm; llmerm.fit") - import_ms("pass"),
    }
    targets = {
        "demo_seconds": {"value": seconds, "limit": 90, "met": seconds < 90},
        "exact_tasks": {"value": exact, "limit": 10, "met": exact >= 10},
        "import_ms": {"value": imported, "limit": 150, "met": imported < 150},
        "peak_memory_mib": {"value": peak, "limit": 600, "met": peak < 600},
    }
    print(json.dumps({"figures": figures, "targets": targets}, indent=2))


if __name__ == "__main__":
    main()
