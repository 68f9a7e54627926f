"""What else learns a rule from a hundred bit strings, on the same samples: accuracy and seconds.

Run as `python benchmarks/peers.py --json`. Each way gets 100 balanced strings of 20 characters and
20 wall seconds, in a process of its own, and is asked for 1,000 others. What needs longer is ended
after a minute more; what is not installed says so (`pip install '.[bench]'`).
"""

from __future__ import annotations

import json
import multiprocessing
import sys
import time
import warnings
from importlib.metadata import PackageNotFoundError, version
from multiprocessing.connection import Connection

from peer_ways import WAYS

import llmerm
from llmerm.errors import LlmermWarning

N, TRAIN, FRESH, SECONDS, PATIENCE = 20, 100, 1000, 20.0, 60.0
PACKAGES = ("scikit-learn", "gplearn", "cvc5", "aalpy")
Row = dict[str, object]


@llmerm.task(n=N)
def majority(x: str) -> int:
    return int(x.count("1") > len(x) // 2)


@llmerm.task(n=N)
def first_is_last(x: str) -> int:
    return int(x[0] == x[-1])


@llmerm.task(n=N)
def ones_by_three(x: str) -> int:
    """A regular language of three states."""
    return int(x.count("1") % 3 == 0)


@llmerm.task(n=N)
def no_three_zeros(x: str) -> int:
    """A regular language of four states."""
    return int("000" not in x)


RULES = (
    "parity",
    "majority",
    "palindrome",
    "pattern",
    "first_is_last",
    "ones_by_three",
    "no_three_zeros",
)


def measured(rule: str, way: str) -> Row:
    """One way on one rule, in a process that can be ended."""
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_measure, args=(rule, way, sender))
    process.start()
    sender.close()
    found: Row = {"ended": f"no answer {PATIENCE:g} s after the limit"}
    try:
        if receiver.poll(SECONDS + PATIENCE):
            found = receiver.recv()
    except EOFError:
        found = {"ended": "its process died"}
    finally:
        process.kill()
        process.join()
    return found


def _measure(rule: str, way: str, sender: Connection) -> None:
    warnings.simplefilter("ignore", LlmermWarning)  # nothing is held out
    options = {"negatives": "uniform"} if rule == "palindrome" else {}  # one flip is a parity
    task = llmerm.tasks.get(rule, n=N, **options)
    train = dict(task.sample(TRAIN, seed=1))
    fresh = {x: y for x, y in task.sample(FRESH, seed=2) if x not in train}
    started = time.perf_counter()
    try:
        predict = WAYS[way](list(train.items()), SECONDS)
    except ImportError as error:
        sender.send({"not installed": str(error)})
        return
    seconds = round(time.perf_counter() - started, 2)
    if predict is None:
        sender.send({"accuracy": None, "seconds": seconds})
        return
    right = sum(p == y for p, y in zip(predict(list(fresh)), fresh.values(), strict=True))
    sender.send({"accuracy": round(right / len(fresh), 3), "seconds": seconds})


def versions() -> dict[str, str]:
    """The versions of what is compared, where it is installed."""
    found = {"llmerm": llmerm.__version__}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "not installed"
    return found


def cell(row: Row) -> str:
    """A row in a few characters."""
    if "seconds" not in row:
        return next(iter(row))
    accuracy = row["accuracy"]
    return f"{'none' if accuracy is None else f'{accuracy:.3f}'} ({row['seconds']} s)"


def main() -> None:
    """Prints the table or the object."""
    table = {way: {rule: measured(rule, way) for rule in RULES} for way in WAYS}
    if "--json" in sys.argv:
        print(json.dumps({"versions": versions(), "rules": table}))
        return
    print("| | " + " | ".join(RULES) + " |")
    for way, rows in table.items():
        print(f"| {way} | " + " | ".join(map(cell, rows.values())) + " |")
    print(versions())


if __name__ == "__main__":
    main()
