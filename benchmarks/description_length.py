"""Candidates and seconds to the true rule against its description length, for three proposers.

Run as `python benchmarks/description_length.py --json [--plot FIGURE.svg]` (the plot needs
`pip install '.[plot]'`). Nineteen rules on bit strings of 40 characters, 100 samples each. Plain
enumeration pays exponentially for every bit of a rule; the embedded search does not where a
solver or a goal-directed step jumps to the rule. The third is a model by a script: each of its
draws is the rule with probability 1/8 and else a random program, whatever the rule's length; its
seconds are those of verifying, with nothing for a model's own time. Candidates are the different
values that a search has looked at (those of solvers are not counted), and the model's draws.
Bits are those of the program that a search found, else of the shortest that any of them found.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import statistics
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import llmerm
from llmerm.proposers.random_grammar import RandomGrammar
from llmerm.search import Clock, Enumerator, Grammar
from llmerm.search.levels import Levels
from llmerm.search.solvers.registry import default_solvers

N, TRAIN, FRESH, SECONDS = 40, 100, 500, 20.0
CHANCE, DRAWS, SEEDS = 1 / 8, 64, range(5)
Row = dict[str, float | None]


def rules() -> Iterator[tuple[str, llmerm.Task]]:
    """The rules by name, roughly from short to long."""
    for name in ("palindrome", "parity", "half_parity", "ca_parity", "dyck2"):
        yield name, llmerm.tasks.get(name, n=N)
    for size in range(3, 11):
        word = "0111010011"[:size]
        yield f"contains {word}", llmerm.tasks.get("pattern", n=N, pattern=word)
    for k in (1, 2, 3, 4, 6, 10):
        yield f"parity of {k} places", llmerm.tasks.get("k_parity", n=N, k=k)


class Counting(Enumerator):
    """A search that counts the values it has kept, those of earlier passes too."""

    def _new_levels(self, *, work: int) -> Levels:
        levels = super()._new_levels(work=work)
        self.__dict__.setdefault("banks", []).append(levels.bank)
        return levels

    @property
    def kept(self) -> int:
        """The different values of all passes."""
        return sum(column.count for bank in self.banks for column in bank.columns.values())


def searched(train: llmerm.Samples, fresh: llmerm.Samples, *, plain: bool) -> tuple[Row, str]:
    """The values kept and the seconds until the first right program, its bits and its source."""
    search = Counting(
        Grammar.infer(train),
        train,
        solvers=() if plain else default_solvers(),
        goal_directed=not plain,
        clock=Clock(SECONDS),
    )
    started = time.perf_counter()
    for found in search.candidates():
        if is_right(found.source, fresh):
            seconds = time.perf_counter() - started
            return {
                "bits": found.bits,
                "candidates": search.kept,
                "seconds": seconds,
            }, found.source
    return {"bits": None, "candidates": None, "seconds": None}, ""


def is_right(source: str, fresh: llmerm.Samples) -> bool:
    """Whether a program of the grammar gives every label."""
    names: dict[str, object] = {}
    exec(source, names)
    return all(names["f"](x) == y for x, y in fresh)  # type: ignore[operator]


def scripted(samples: llmerm.Samples, source: str) -> Row:
    """The same for a model that drafts the rule with a fixed chance: medians over a few seeds."""
    runs = [_scripted(samples, source, seed) for seed in SEEDS]
    draws, seconds = zip(*runs, strict=True)
    return {"candidates": statistics.median(draws), "seconds": statistics.median(seconds)}


def _scripted(samples: llmerm.Samples, source: str, seed: int) -> tuple[int, float]:
    rng = random.Random(seed)
    started = time.perf_counter()
    script = [source if rng.random() < CHANCE else one for one in _random(samples, seed)]
    result = llmerm.fit(samples, k=DRAWS, proposer=llmerm.ScriptedProposer(script), seed=seed)
    return len(result.candidates), time.perf_counter() - started


def _random(samples: llmerm.Samples, seed: int) -> Sequence[str]:
    async def read() -> list[str]:
        return [one.source async for one in RandomGrammar().propose(samples, DRAWS, seed)]

    return asyncio.run(read())


def measured(task: llmerm.Task) -> dict[str, object]:
    """One rule's bits, and what each proposer took."""
    train, fresh = task.sample(TRAIN, seed=1), task.sample(FRESH, seed=2)
    length_first, plain_source = searched(train, fresh, plain=True)
    embedded, source = searched(train, fresh, plain=False)
    bits = [row["bits"] for row in (length_first, embedded) if row["bits"] is not None]
    script = scripted(fresh, source or plain_source)
    return {
        "bits": min(bits, default=None),
        "length_first": length_first,
        "enumerate": embedded,
        "scripted": script,
    }


def plot(table: dict[str, dict[str, object]], path: Path) -> None:
    """Two panels on logarithmic scales; a rule that was not found is a cross at the top."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "llmerm"  # the same figures give the same file
    from matplotlib import pyplot as plt

    figure, panels = plt.subplots(1, 2, figsize=(9, 3.8), layout="constrained")
    for axes, unit in zip(panels, ("candidates", "seconds"), strict=True):
        for way, (label, colour, marker) in STYLES.items():
            rows = [(bits_of(row, way), row[way][unit]) for row in table.values()]  # type: ignore[index]
            found = [(bits, value) for bits, value in rows if value is not None]
            axes.scatter(*zip(*found, strict=True), c=colour, marker=marker, s=26, label=label)
            missing = [bits for bits, value in rows if value is None]
            top = [0.97] * len(missing)
            axes.scatter(missing, top, c=colour, marker="x", transform=axes.get_xaxis_transform())
        axes.set(yscale="log", xlabel="description length of the rule, bits")
        axes.set_title(f"{unit} to the true rule", fontsize=10)
        axes.margins(y=0.15)
        axes.spines[["top", "right"]].set_visible(False)
    panels[0].scatter([], [], c="#c44e52", marker="x", label=f"not within {SECONDS:g} s")
    figure.legend(
        *panels[0].get_legend_handles_labels(),
        frameon=False,
        fontsize=8,
        ncols=4,
        loc="outside lower center",
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, metadata={"Date": None})


def bits_of(row: dict[str, object], way: str) -> float:
    """The bits of what this way found; where it found nothing, of the shortest that is known."""
    return row[way].get("bits") or row["bits"]  # type: ignore[attr-defined, return-value]


STYLES = {
    "length_first": ("plain enumeration (length_first)", "#c44e52", "s"),
    "enumerate": ("embedded search (enumerate)", "#4c72b0", "o"),
    "scripted": ("a model that is right once in 8 draws", "#55a868", "^"),
}


def main() -> None:
    """Prints the object, and plots it if asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--plot", type=Path)
    given = parser.parse_args()
    table = {name: measured(task) for name, task in rules()}
    if given.plot:
        plot(table, given.plot)
    print(json.dumps(table, indent=None if given.json else 2))


if __name__ == "__main__":
    main()
