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
from dataclasses import replace
from functools import partial
from itertools import repeat
from pathlib import Path

from sandbox_peers import WAYS, Way

from llmerm.incumbents import Incumbents
from llmerm.program import Program
from llmerm.samples import Samples, Split
from llmerm.sandbox import LinuxSandbox, Sandbox, Session, default
from llmerm.typing import Ran, Scored, Verdict
from llmerm.verifier import ABANDONED, Verifier

PROGRAMS = 64
BITS = 100
RIGHT = 4  # of the programs, where the others are wrong
TARGETS = {
    "pool_ms": 250.0,
    "worker_mb": 60.0,
    "ratio_200": 1.5,
    "ratio_10000": 0.6,
    "ratio_early": 0.15,
}


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


def early_stopping(sandbox: Sandbox, *, workers: int, repeats: int) -> dict[str, float]:
    """Finding the right ones among wrong programs at 10,000 inputs, over running all bare."""
    rng = random.Random(0)
    inputs = strings(rng, 10_000)
    right = [f"def f(x):\n    return x.count('1') % 2 + 0 * {i}\n" for i in range(RIGHT)]
    sources = [*right, *programs(rng)[RIGHT:]]
    rng.shuffle(sources)
    split = Samples.of([(x, x.count("1") % 2) for x in inputs]).split(0.5, seed=0)
    bares, early = [], []
    with Verifier(sandbox, workers=workers) as verifier:
        judged(verifier, sources, split)  # all workers are up
        for _ in range(repeats):
            bares.append(timed(lambda: bare(sources, inputs))[0])
            seconds, verdicts = timed(lambda: judged(verifier, sources, split))
            early.append(seconds)
            assert isinstance(verdicts, list)
            assert sum(isinstance(v, Scored) and not v.held_out_error for v in verdicts) == RIGHT
    plain, walled = statistics.median(bares), statistics.median(early)
    abandoned = sum(verdict == ABANDONED for verdict in verdicts)
    return {
        "bare_seconds": plain,
        "early_seconds": walled,
        "ratio": walled / plain,
        "abandoned": abandoned,
    }


def judged(verifier: Verifier, sources: Sequence[str], split: Split) -> list[Verdict]:
    incumbents = Incumbents(split, 0.0)

    def one(draw: int) -> Verdict:
        bar = partial(incumbents.bar, draw)
        verdict = verifier.verify(Program(sources[draw]), *split, bar=bar)
        incumbents.add(draw, verdict)
        return verdict

    return list(verifier.threads.map(one, range(len(sources))))


def strict_ms(sandbox: Sandbox, *, repeats: int) -> float:
    """Milliseconds for each input, where each call has a process of its own."""
    inputs = strings(random.Random(3), 200)
    source = "def f(x): return x.count('1') % 2"
    assert isinstance(sandbox, LinuxSandbox)
    with replace(sandbox, strict=True).session(inputs) as session:
        session.run(source)
        seconds = statistics.median(timed(lambda: session.run(source))[0] for _ in range(repeats))
    return 1e3 * seconds / len(inputs)


def peer(way: Way, count: int, *, workers: int, repeats: int) -> dict[str, float] | str:
    """Seconds of another way to run the programs over seconds bare; or why there are none."""
    rng = random.Random(0)
    sources, inputs = programs(rng), strings(rng, count)
    expected = bare(sources, inputs)
    try:
        way(sources[0], inputs[:1], expected[0][:1])
    except ImportError as error:
        return f"not installed: {error.name}"
    bares, others = [], []
    with ThreadPoolExecutor(workers) as pool:
        for _ in range(repeats):
            bares.append(timed(lambda: bare(sources, inputs))[0])
            seconds, got = timed(lambda: list(pool.map(way, sources, repeat(inputs), expected)))
            others.append(seconds)
            assert got == expected
    plain, walled = statistics.median(bares), statistics.median(others)
    return {"seconds": walled, "ratio": walled / plain, "repeats": repeats}


def side_by_side(
    sandbox: Sandbox, pool: dict[str, float], count: int, *, workers: int
) -> dict[str, object]:
    """Each way to run the programs on so many inputs: its seconds, and these over bare ones."""
    repeats = 3 if count <= 1_000 else 1
    rows: dict[str, object] = {
        "bare exec": {"seconds": pool["bare_seconds"], "ratio": 1.0},
        "llmerm": {"seconds": pool["sandbox_seconds"], "ratio": pool["ratio"]},
        "llmerm strict": "see strict_ms_per_input",
    }
    if count <= 1_000 and isinstance(sandbox, LinuxSandbox):
        strict = replace(sandbox, strict=True)
        rows["llmerm strict"] = ratio(strict, count, workers=workers, repeats=1)
    for name, way in WAYS.items():
        rows[name] = peer(way, count, workers=workers, repeats=repeats)
    rows["llmerm on monty"] = on_monty(count, workers=workers)
    return rows


def on_monty(count: int, *, workers: int) -> dict[str, float] | str:
    try:
        from llmerm.sandbox.monty import MontySandbox
    except ImportError as error:
        return f"not installed: {error.name}"
    return ratio(MontySandbox(cpu_seconds=60.0), count, workers=workers, repeats=1)


def with_numpy(repeats: int) -> dict[str, float] | str:
    """What it costs to let programs import numpy."""
    sandbox = default(cpu_seconds=5.0, allow=("numpy",))
    source = "import numpy as np\ndef f(x): return int(np.sum(np.array(list(x)) == '1'))"
    with sandbox.session(strings(random.Random(4), 200)) as session:
        outcomes = [timed(lambda: session.run(source)) for _ in range(20)]
    assert all(isinstance(outcome, Ran) for _, outcome in outcomes)
    return {
        "pool_ms": pool_ms(sandbox, repeats=repeats),
        "worker_mb": worker_mb(sandbox),
        "ms_per_candidate_200": 1e3 * statistics.median(seconds for seconds, _ in outcomes),
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
    early = early_stopping(sandbox, workers=workers, repeats=repeats)
    megabytes = worker_mb(sandbox)
    measured = {
        "worker_mb": megabytes,
        "pool_ms": start,
        "ratio_200": few["ratio"],
        "ratio_10000": many["ratio"],
        "ratio_early": early["ratio"],
    }
    return {
        "isolation": sandbox.isolation,
        "cores": os.cpu_count(),
        "load": os.getloadavg()[0],
        "workers": workers,
        "programs": PROGRAMS,
        "parallel_floor": parallel_floor(workers, repeats=repeats),
        "inputs_200": few,
        "inputs_10000": many,
        "early_stopping": early,
        "strict_ms_per_input": strict_ms(sandbox, repeats=repeats),
        "side_by_side_200": side_by_side(sandbox, few, 200, workers=workers),
        "side_by_side_10000": side_by_side(sandbox, many, 10_000, workers=workers),
        "pool_ms": start,
        "worker_mb": megabytes,
        "with_numpy": with_numpy(repeats),
        "targets": {
            name: {"value": measured[name], "limit": most, "met": measured[name] <= most}
            for name, most in TARGETS.items()
        },
    }


def main() -> None:
    """Prints the figures, as JSON if asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object, for machines")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    figures = measure(options.workers, options.repeats)
    targets = figures.pop("targets")
    if options.json:
        print(json.dumps({"figures": figures, "targets": targets}, indent=2))
        return
    figures["targets"] = targets
    for name, figure in figures.items():
        print(name, figure if not isinstance(figure, dict) else "")
        for part, value in figure.items() if isinstance(figure, dict) else ():
            print(f"    {part:20} {value}")


if __name__ == "__main__":
    main()
