"""Past one process: what a cluster of workers gains and costs, in time and memory, or when killed.

Run as `python benchmarks/scale.py --json` (extra `dask`) on a machine with two cores that are idle;
it takes about 20 minutes. `--part` measures one part, `--small` everything in a tenth of the size.

- scaling: programs x inputs on a Dask cluster of one worker process, and of two. A worker has one
  core to itself and its sandboxes, as engines for many machines give each worker its share.
- overhead: the same on the two workers, and on this machine's own pool of as many.
- memory: the driver's largest resident set while very many programs are verified.
- killed: a worker is killed with -9 every 5 seconds, while programs are verified, and in a sweep;
  the result against an untouched one.
- model: seconds as a sum of costs per program and per input, each measured alone on a cluster of
  one worker, against runs of other sizes there and on two workers.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from proposing import provider

import llmerm
from llmerm import experiments
from llmerm.experiments import Options
from llmerm.scoring.portions import MOST
from llmerm.typing import Scored
from llmerm.verifier import IN_FLIGHT

Figures = dict[str, object]


@dataclass(frozen=True)
class Sizes:
    """How much is measured."""

    programs: int = 1_000
    inputs: int = 100_000
    candidates: int = 100_000
    kill_every: float = 5.0
    seeds: int = 40
    repeats: int = 5

    def small(self) -> Sizes:
        """A tenth of it."""
        return replace(
            self,
            programs=self.programs // 10,
            candidates=self.candidates // 10,
            kill_every=self.kill_every / 2,
            seeds=self.seeds // 4,
            repeats=1,
        )


def samples(inputs: int) -> llmerm.Samples:
    """Integers and whether they are odd."""
    return llmerm.Samples.of([(i, i % 2) for i in range(inputs)])


def programs(count: int) -> list[str]:
    """Different programs, of which none is right and each takes about as long."""
    return [
        f"def f(x):\n    y = (x * {i + 3} + {i}) % 97\n    return (x + (y > 48)) % 2"
        for i in range(count)
    ]


@contextmanager
def cluster(workers: int, *, bound: bool = True) -> Iterator[Executor]:
    """An executor over worker processes, each bound to a core of its own."""
    from distributed import Client, LocalCluster

    with (
        LocalCluster(
            n_workers=workers, threads_per_worker=1, dashboard_address="127.0.0.1:0"
        ) as dask,
        Client(dask) as client,
    ):
        client.wait_for_workers(workers)
        if bound:
            cores = sorted(os.sched_getaffinity(0))
            for core, address in enumerate(client.scheduler_info()["workers"]):
                client.run(bind, cores[core % len(cores)], workers=[address])
        executor = client.get_executor()
        executor.pids = lambda: [worker.pid for worker in dask.workers.values()]
        llmerm.verify(programs(8), samples(100), executor=executor)  # all is loaded
        yield executor


def bind(core: int) -> None:
    """Keeps all threads of this process, and what they start, on one core."""
    for thread in os.listdir("/proc/self/task"):
        os.sched_setaffinity(int(thread), {core})


def seconds(work: Callable[[], object]) -> float:
    """Wall seconds of a call."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def verified(sizes: Sizes, executor: Executor | None) -> float:
    """Wall seconds to verify the programs on the inputs."""
    data, sources = samples(sizes.inputs), programs(sizes.programs)
    data.fingerprint  # noqa: B018 - computed once, before the clock starts
    return seconds(lambda: llmerm.verify(sources, data, executor=executor))


def scaling(sizes: Sizes) -> Figures:
    """One worker against two, and two against this machine's own pool."""
    with cluster(1) as one:
        alone = verified(sizes, one)
    with cluster(2) as two:
        busy = time.process_time()
        both = verified(sizes, two)
        busy = time.process_time() - busy
    here = verified(sizes, None)
    return {
        "programs": sizes.programs,
        "inputs": sizes.inputs,
        "one_worker_seconds": alone,
        "two_workers_seconds": both,
        "own_pool_seconds": here,
        "speedup": alone / both,
        "overhead": both / here - 1,
        "driver_cpu_seconds_per_program": busy / sizes.programs,
    }


def memory(sizes: Sizes) -> Figures:
    """The driver's peak, from a process of its own, so that nothing else is in it."""
    command = [sys.executable, __file__, "--driver", str(sizes.candidates)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def driver(candidates: int) -> None:
    """Verifies so many programs on a cluster, and prints what that took."""
    with cluster(2, bound=False) as executor:
        sources, data = programs(candidates), samples(100)
        before = peak_mb()
        took = seconds(lambda: llmerm.verify(sources, data, executor=executor))
        figures = {"candidates": candidates, "seconds": took, "before_mb": before}
        print(json.dumps({**figures, "driver_mb": peak_mb()}))


def peak_mb() -> float:
    """The largest resident set of this process so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def killed(sizes: Sizes) -> Figures:
    """What is the same, and how often a worker was killed for it."""
    with cluster(2, bound=False) as executor:
        parts = {
            "verify": killed_verify(sizes, executor),
            "sweep": killed_sweep(sizes, executor),
        }
    return {
        **parts,
        "kills": min(part["killed"] for part in parts.values()),
        "same_result": all(part["same_result"] for part in parts.values()),
        "each_counted_once": all(part["each_counted_once"] for part in parts.values()),
    }


def killed_verify(sizes: Sizes, executor: Executor) -> Figures:
    """Programs on inputs, with and without."""
    data, sources = samples(sizes.inputs), programs(sizes.programs)
    whole = essence(llmerm.verify(sources, data))
    seen: list[int] = []
    with killing(executor, sizes.kill_every) as deaths:
        result = llmerm.verify(
            sources, data, executor=executor, progress=lambda at: seen.append(at.drawn)
        )
    return {
        "killed": len(deaths),
        "same_result": essence(result) == whole,
        "each_counted_once": seen == list(range(1, len(sources) + 1)),
    }


def killed_sweep(sizes: Sizes, executor: Executor) -> Figures:
    """The cells of an experiment, with and without."""
    options = Options(
        tasks=("parity", "half_parity"),
        methods=("majority", "enumerate"),
        n=20,
        n_test=5_000,
        seeds=tuple(range(sizes.seeds)),
    )
    with tempfile.TemporaryDirectory() as folder:
        whole = experiments.run("paper-table", options, out=f"{folder}/whole")
        seen: list[int] = []
        with killing(executor, sizes.kill_every) as deaths:
            found = experiments.run(
                "paper-table",
                options,
                out=f"{folder}/killed",
                executor=executor,
                progress=lambda at: seen.append(at.done),
            )
        tables = [Path(folder, name, "table.csv").read_bytes() for name in ("whole", "killed")]
    return {
        "cells": found.cells,
        "killed": len(deaths),
        "same_result": tables[0] == tables[1] and outcomes(found) == outcomes(whole),
        "each_counted_once": seen == list(range(1, found.cells + 1)),
    }


def outcomes(found: experiments.Sweep) -> list[object]:
    """What was found of each cell, without the seconds."""
    known = ((one.cell.key, one.outcome) for one in found.results)
    return [(key, out.status, out.source, out.bound, out.tests) for key, out in known]


@contextmanager
def killing(executor: Executor, every: float) -> Iterator[list[int]]:
    """Kills a worker with -9 each time so many seconds are over; the processes that were killed."""
    over, deaths = threading.Event(), []

    def kill() -> None:
        while not over.wait(every):
            pids = executor.pids()
            deaths.append(pids[len(deaths) % len(pids)])
            os.kill(deaths[-1], signal.SIGKILL)

    thread = threading.Thread(target=kill)
    thread.start()
    try:
        yield deaths
    finally:
        over.set()
        thread.join()


def essence(result: llmerm.FitResult) -> object:
    """All but the seconds."""
    return result.chosen, [
        replace(c.verdict, cpu_seconds=0.0) if isinstance(c.verdict, Scored) else c.verdict
        for c in result.candidates
    ]


@dataclass(frozen=True)
class Run:
    """Something to measure: programs on inputs, on a cluster of so many workers."""

    programs: int
    inputs: int
    workers: int = 1


FIRST, PROGRAMS = Run(1, 100), Run(600, 100)
WHOLE, WHOLES = Run(1, MOST), Run(201, MOST)
CHECKS = tuple(
    Run(programs, inputs, workers)
    for programs, inputs in ((400, 1_000), (100, 20_000), (40, 100_000), (16, 300_000))
    for workers in (1, 2)
)
"""The costs are taken from the former, and checked on these, none of which is one of them."""


def model(sizes: Sizes) -> Figures:
    """Costs, and what they say of other runs, beside what these took.

    All are measured in turn, round after round: what a machine can do changes with its neighbours.
    From the second round on, the workers have the inputs, and sandboxes over them.
    """
    runs = (FIRST, PROGRAMS, WHOLE, WHOLES, *CHECKS)
    with cluster(1) as one, cluster(2) as two:
        idle = idling()
        rounds = [
            {run: spent(run, {1: one, 2: two}[run.workers], idle) for run in runs}
            for _ in range(sizes.repeats)
        ]
    took = {run: statistics.median(each[run].wall for each in rounds) for run in runs}
    driver = {run: statistics.median(each[run].driver for each in rounds) for run in runs}
    costs = costs_of(took, driver)
    checks = [
        {**vars(run), "said": costs.shared(run, os.cpu_count() or 1), "took": took[run]}
        for run in CHECKS
    ]
    return {
        **vars(costs),
        "seconds_per_draw_in_a_ledger": draws(sizes),
        "seconds_per_call": calls(sizes),
        "checks": checks,
        "worst": max(abs(one["said"] / one["took"] - 1) for one in checks),
        "said": [said(costs, *size, machines) for size in SAID for machines in (1, 10, 1_000)],
    }


def said(
    costs: Costs, programs: int, inputs: int, slower: float, machines: int
) -> dict[str, object]:
    """What the costs say of machines of 16 cores, and which part takes the longest."""
    run = Run(programs, inputs, 16 * machines)
    each = replace(costs, per_program_and_input=costs.per_program_and_input + slower)
    parts = each.parts(run)
    return {
        "programs": programs,
        "inputs": inputs,
        "slower": slower,
        "machines": machines,
        "seconds": each.seconds(run),
        "most": max(parts, key=parts.__getitem__),
    }


SLOW = 1e-5
SAID = (
    (1_000, 100_000, 0.0),
    (1_000, 10**6, 0.0),
    (1_000, 10**6, SLOW),
    (100_000, 10**6, SLOW),
    (1_000, 10**9, 0.0),
)
"""Programs, inputs, and seconds that a call takes beyond those measured: what is asked of them."""


@dataclass(frozen=True)
class Costs:
    """Seconds of one core: of a worker, or of the driver where the name says so."""

    once: float
    once_per_input: float
    per_program: float
    per_program_and_input: float
    driver_per_program: float
    driver_per_program_and_input: float

    def parts(self, run: Run) -> dict[str, float]:
        """Seconds for which each of them is busy while `verify` runs, at least."""
        useful = min(run.workers, IN_FLIGHT * -(-run.inputs // MOST))  # for more there are no units
        worker = self.per_program + self.per_program_and_input * run.inputs
        driver = self.driver_per_program + self.driver_per_program_and_input * run.inputs
        return {
            "before and after": self.once + self.once_per_input * run.inputs,
            "a worker": (run.programs - 1) * worker / useful,
            "the driver": (run.programs - 1) * driver,
        }

    def seconds(self, run: Run) -> float:
        """What `verify` takes, where each worker has a core of its own, and the driver, too."""
        parts = self.parts(run)
        return parts["before and after"] + max(parts["a worker"], parts["the driver"])

    def shared(self, run: Run, cores: int) -> float:
        """The same, where workers and the driver share the cores of one machine."""
        parts = self.parts(run)
        busy = parts["a worker"] * run.workers + parts["the driver"]
        return max(self.seconds(run), parts["before and after"] + busy / cores)


def costs_of(took: dict[Run, float], driver: dict[Run, float]) -> Costs:
    """The costs, from runs on a cluster of one worker: on few inputs, and on a whole portion."""

    def each(seconds: dict[Run, float], one: Run, many: Run) -> float:
        return (seconds[many] - seconds[one]) / (many.programs - one.programs)

    program, driver_program = each(took, FIRST, PROGRAMS), each(driver, FIRST, PROGRAMS)
    whole, driver_whole = each(took, WHOLE, WHOLES), each(driver, WHOLE, WHOLES)
    return Costs(
        once=took[FIRST],
        once_per_input=(took[WHOLE] - took[FIRST]) / MOST,
        per_program=program,
        per_program_and_input=(whole - program) / MOST,
        driver_per_program=driver_program,
        driver_per_program_and_input=max(0.0, driver_whole - driver_program) / MOST,
    )


@dataclass(frozen=True)
class Spent:
    """What a run took, in seconds: and this process alone, in seconds of a core."""

    wall: float
    driver: float


def spent(run: Run, executor: Executor, idle: float) -> Spent:
    """What it takes to verify that, from plain pairs on.

    `idle` is what this process spends in a second in which nothing is asked of it.
    """
    began, before = time.perf_counter(), time.process_time()
    llmerm.verify(programs(run.programs), samples(run.inputs), executor=executor)
    wall = time.perf_counter() - began
    return Spent(wall, time.process_time() - before - idle * wall)


def idling(seconds: float = 5.0) -> float:
    """CPU seconds of this process in a second: a scheduler of the cluster is in it, too."""
    before = time.process_time()
    time.sleep(seconds)
    return (time.process_time() - before) / seconds


def draws(sizes: Sizes, count: int = 400) -> float:
    """The seconds that a ledger adds to a draw."""

    def fit(ledger: str | None) -> None:
        proposer = llmerm.ScriptedProposer(programs(count))
        llmerm.fit(samples(100), k=count, proposer=proposer, batch_size=count, ledger=ledger)

    with tempfile.TemporaryDirectory() as folder:
        paths = iter(range(sizes.repeats))
        kept = median(sizes, lambda: fit(f"{folder}/{next(paths)}.sqlite"))
    return (kept - median(sizes, lambda: fit(None))) / count


def calls(sizes: Sizes, few: int = 8, many: int = 208) -> float:
    """Seconds of a call to a model that answers at once, on this machine, eight at a time."""

    def fit(count: int) -> float:
        told = stub.fit("--bits", 100, "--k", count, "--concurrency", 8)
        return told["ended"] - told["started"]

    with provider() as stub:
        times = [(fit(many) - fit(few)) / (many - few) for _ in range(sizes.repeats)]
    return statistics.median(times)


def median(sizes: Sizes, work: Callable[[], None]) -> float:
    """The median seconds of some runs."""
    return statistics.median(seconds(work) for _ in range(sizes.repeats))


def targets(figures: dict[str, Figures]) -> Figures:
    """What was to be reached, and whether it was."""
    limits = {
        "speedup of two workers": ("scaling", "speedup", 1.7, True),
        "overhead of the cluster": ("scaling", "overhead", 0.10, False),
        "driver's memory, MiB": ("memory", "driver_mb", 1024, False),
        "same result with workers killed": ("killed", "same_result", True, True),
        "nothing counted twice": ("killed", "each_counted_once", True, True),
        "kills in each": ("killed", "kills", 3, True),
        "the model against measurements": ("model", "worst", 0.20, False),
    }
    reached = {}
    for name, (part, figure, limit, at_least) in limits.items():
        if part in figures:
            value = figures[part][figure]
            met = value >= limit if at_least else value <= limit
            reached[name] = {"value": value, "limit": limit, "met": met}
    return reached


PARTS = {"scaling": scaling, "memory": memory, "killed": killed, "model": model}


def main() -> None:
    """Measures the parts and prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--part", action="append", choices=list(PARTS))
    for name, default in vars(Sizes()).items():
        parser.add_argument("--" + name.replace("_", "-"), type=type(default), default=default)
    parser.add_argument("--driver", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.driver:
        driver(given.driver)
        return
    sizes = Sizes(**{name: getattr(given, name) for name in vars(Sizes())})
    figures: dict[str, Figures] = {}
    for part in given.part or PARTS:
        figures[part] = PARTS[part](sizes.small() if given.small else sizes)
        print(part, figures[part], file=sys.stderr, flush=True)
    report = {"cores": os.cpu_count(), "figures": figures, "targets": targets(figures)}
    print(json.dumps(report, indent=None if given.json else 2))


if __name__ == "__main__":
    main()
