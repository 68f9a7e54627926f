"""What the sandbox costs: 64 distinct programs on 100-bit strings, beside bare execution.

Bare is what nobody should do with a model's code: `exec` and a loop in one's own process.

    python benchmarks/sandbox.py --json
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from pathlib import Path

from llmerm.sandbox import Sandbox, Session, default
from llmerm.typing import Ran

PROGRAMS = 64
BITS = 100
TARGETS = {"pool_ms": 250.0, "ratio_200": 1.5, "ratio_10000": 0.6}


def programs(rng: random.Random) -> list[str]:
    """Four kinds of rule, no two programs alike: some 2 us a call, as short programs are."""
    return [SHAPES[index % len(SHAPES)].format(_some(rng), index) for index in range(PROGRAMS)]


SHAPES = (
    "def f(x):\n    return sum(x[i] == '1' for i in {0}) % 2 + 0 * {1}\n",
    "def f(x):\n    return bin(int(x, 2) >> {1}).count('1') % 2\n",
    "def f(x):\n    return int(sum(a != b for a, b in zip(x, x[1:])) > {1})\n",
    "def f(x):\n    return int(max(map(len, x.split('0'))) > 2 or x[{1}] == '1')\n",
)


def _some(rng: random.Random) -> list[int]:
    return sorted(rng.sample(range(BITS), 20))


def strings(rng: random.Random, count: int) -> list[str]:
    return [format(rng.getrandbits(BITS), f"0{BITS}b") for _ in range(count)]


def bare(sources: Sequence[str], inputs: Sequence[str]) -> list[tuple[object, ...]]:
    rows = []
    for source in sources:
        names: dict[str, object] = {}
        exec(source, names)
        f = names["f"]
        assert callable(f)
        rows.append(tuple(f(x) for x in inputs))
    return rows


def sandboxed(
    session: Session, pool: ThreadPoolExecutor, sources: Sequence[str]
) -> list[tuple[object, ...]]:
    outcomes = list(pool.map(session.run, sources))
    return [tuple(o.predictions) if isinstance(o, Ran) else (o,) for o in outcomes]


def timed(work: Callable[[], object]) -> tuple[float, object]:
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def ratio(sandbox: Sandbox, count: int, *, workers: int, repeats: int) -> dict[str, float]:
    """Seconds in the sandbox over seconds bare, each the median of interleaved repeats."""
    rng = random.Random(0)
    sources, inputs = programs(rng), strings(rng, count)
    bares, boxed = [], []
    with sandbox.session(inputs, workers=workers) as session, ThreadPoolExecutor(workers) as pool:
        sandboxed(session, pool, sources)  # all workers are up
        for _ in range(repeats):
            seconds, expected = timed(lambda: bare(sources, inputs))
            bares.append(seconds)
            seconds, got = timed(lambda: sandboxed(session, pool, sources))
            boxed.append(seconds)
            assert got == expected, "the sandbox changed a prediction"
    plain, walled = statistics.median(bares), statistics.median(boxed)
    return {
        "bare_seconds": plain,
        "sandbox_seconds": walled,
        "ratio": walled / plain,
        "ms_per_candidate": 1e3 * walled / PROGRAMS,
    }


def parallel_floor(workers: int, *, repeats: int) -> float:
    """The ratio that `workers` bare processes reach together: no sandbox can be below it.

    It is above 1 / workers where cores are threads of one core, or are shared with others.
    """
    rng = random.Random(0)
    sources, inputs = programs(rng), strings(rng, 5_000)
    parts = [sources[start::workers] for start in range(workers)]
    work = partial(bare, inputs=inputs)
    alone, together = [], []
    with ProcessPoolExecutor(workers) as pool:
        for _ in range(repeats):
            alone.append(timed(lambda: bare(sources, inputs))[0])
            together.append(timed(lambda: list(pool.map(work, parts)))[0])
    return statistics.median(together) / statistics.median(alone)


def pool_ms(sandbox: Sandbox, *, repeats: int) -> float:
    """From nothing to the first answer over 200 inputs."""
    inputs = strings(random.Random(1), 200)

    def start() -> None:
        with sandbox.session(inputs) as session:
            assert isinstance(session.run("def f(x): return 0"), Ran)

    return 1e3 * statistics.median(timed(start)[0] for _ in range(repeats))


def worker_mb(sandbox: Sandbox) -> float:
    """Proportional memory of all processes of one idle worker over 10,000 inputs."""
    before = descendants()
    with sandbox.session(strings(random.Random(2), 10_000)) as session:
        assert isinstance(session.run("def f(x): return 0"), Ran)
        return sum(proportional_kb(pid) for pid in descendants() - before) / 1024


def descendants() -> set[int]:
    parents = {int(p.name): _parent(p) for p in Path("/proc").iterdir() if p.name.isdecimal()}
    found = {os.getpid()}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def _parent(process: Path) -> int:
    try:
        return int((process / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def proportional_kb(pid: int) -> int:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    return 0


def measure(workers: int, repeats: int) -> dict[str, object]:
    sandbox = default(cpu_seconds=5.0)
    few, many = (ratio(sandbox, n, workers=workers, repeats=repeats) for n in (200, 10_000))
    start = pool_ms(sandbox, repeats=repeats)
    measured = {"pool_ms": start, "ratio_200": few["ratio"], "ratio_10000": many["ratio"]}
    return {
        "isolation": sandbox.isolation,
        "cores": os.cpu_count(),
        "load": os.getloadavg()[0],
        "workers": workers,
        "programs": PROGRAMS,
        "parallel_floor": parallel_floor(workers, repeats=repeats),
        "inputs_200": few,
        "inputs_10000": many,
        "pool_ms": start,
        "worker_mb": worker_mb(sandbox),
        "targets": {k: {"at_most": t, "met": measured[k] <= t} for k, t in TARGETS.items()},
    }


def main() -> None:
    """Prints the figures, as JSON if asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object, for machines")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    figures = measure(options.workers, options.repeats)
    if options.json:
        print(json.dumps(figures, indent=2))
        return
    for name, figure in figures.items():
        print(f"{name:14} {figure}")


if __name__ == "__main__":
    main()
