"""CPU seconds of `llmerm.theory`, in one process: leaps, transforms, questions, verdicts.

Run as `python benchmarks/theory.py --json`. Each figure is the least of three runs. The leap of
2^20 sets is that of all masks over 20 coordinates in random order, as an array and as a list, and
that of tuples of four coordinates out of 100. The masks of a multiple of 5 coordinates are those
that need some rounds.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable

import numpy as np

from llmerm import tasks
from llmerm.theory import (
    iso_leap,
    leap,
    network_sgd,
    sgd_hardness,
    simulate_parity_gap,
    spectrum,
    walsh_hadamard,
)

SETS = 2**20
RUNS = 3
MOST_LEAP_SECONDS = 0.5


def seconds(work: Callable[[], object]) -> float:
    """The least CPU seconds out of several runs."""
    return min(once(work) for _ in range(RUNS))


def once(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def cases() -> dict[str, Callable[[], object]]:
    """What is measured, by name."""
    rng = np.random.default_rng(0)
    masks = rng.permutation(SETS).astype(np.uint64)
    listed = masks.tolist()
    fives = masks[np.bitwise_count(masks) % 5 == 0]
    sets = [tuple(row) for row in rng.integers(0, 100, (SETS, 4)).tolist()]
    parity = tasks.get("parity", n=100)
    table = 1 - 2 * rng.integers(0, 2, SETS)
    return {
        "leap_2^20_masks_in_an_array_seconds": lambda: leap(masks),
        "leap_2^20_masks_in_a_list_seconds": lambda: leap(listed),
        "leap_of_each_fifth_mask_seconds": lambda: leap(fives),
        "leap_2^20_tuples_of_4_of_100_seconds": lambda: leap(sets),
        "walsh_hadamard_2^20_seconds": lambda: walsh_hadamard(table),
        "spectrum_parity_n100_seconds": lambda: spectrum(lambda x: x.sum(axis=1) % 2, 100),
        "spectrum_table_of_20_seconds": lambda: spectrum(lambda x: x.sum(axis=1) > 10, 20),
        "iso_leap_3_variables_seconds": lambda: iso_leap(lambda z: z.prod(axis=1), 3),
        "sgd_hardness_parity_n100_m200_seconds": lambda: sgd_hardness(parity, 200),
        "network_sgd_n8_k2_seconds": lambda: network_sgd(8, 2),
        "parity_gap_n80_k2_seconds": lambda: simulate_parity_gap([80], [2]),
    }


def main() -> None:
    """Measures every case and prints the figures and the target."""
    figures = {name: round(seconds(work), 4) for name, work in cases().items()}
    leaps = {name: value for name, value in figures.items() if "leap_2^20" in name}
    which = max(leaps, key=lambda name: leaps[name])
    target = {
        "value": leaps[which],
        "limit": MOST_LEAP_SECONDS,
        "met": leaps[which] <= MOST_LEAP_SECONDS,
        "which": which,
    }
    report = {"figures": figures, "targets": {"leap_of_2^20_sets_seconds": target}}
    print(json.dumps(report) if "--json" in sys.argv else json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
