"""Feeds the reader of models' replies what no model should write: it answers, and soon.

Replies that carry a program in one of the usual ways are changed in a few places; others repeat one
piece for ten megabytes. Each must give a program that `Program` accepts, or a reason.

    python benchmarks/fuzz_extract.py --replies 100000 --json
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from llmerm.program import Program
from llmerm.proposers.extract import read
from llmerm.proposers.model import Reply
from llmerm.typing import Failed

TARGETS = {"broken": 0, "slowest_seconds": 1.0, "slowest_ten_megabytes_seconds": 20.0}
CODE = "import re\n\ndef ones(s):\n    return s.count('1')\n\ndef f(x):\n    return ones(x) % 2\n"
USUAL = (
    json.dumps({"code": CODE}),
    f"Here it is:\n\n```python\n{CODE}```\n\nIt's parity.",
    f"<think>def f(x): return 0</think>\n```json\n{json.dumps({'code': CODE})}\n```",
    f"```python\n{CODE[:50]}```\nand\n```python\n{CODE[50:]}```\n```\nprint(f('1'))\n```",
    f"I think so:\n{CODE}\nx is even\n",
    ">>> def f(x):\n...     return 1\n>>> f(2)\n1\n",
    "So `f = lambda x: x.count('1') % 2`.",
    str({"code": CODE}),
)
PIECES = (
    *("```", "```python\n", "~~~", '{"code": "', '"}', "'", '"', '"""', "`", "\\", "\\n", "&lt;"),
    *("\n", "\n\n", "    ", "\t", "\r", "\x0c", "\u2028", "\0", "\ud800", "é", "\u201c", "#", "@"),
    *(
        "def f(x):",
        "lambda ",
        "class A:",
        "import ",
        "return 1",
        "x = ",
        "f = ",
        "(",
        ")",
        "{",
        "[",
    ),
    *("<think>", "</think>", "<code>", ">>> ", "... ", "> ", ":", "1"),
)


def main() -> None:
    """Prints the figures and whether they are as they should be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object, for machines")
    parser.add_argument("--replies", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    rng = random.Random(options.seed)
    figures = {"seed": options.seed, **fuzz(rng, options.replies), **repeated()}
    targets = {
        name: {"value": figures[name], "limit": most, "met": figures[name] <= most}
        for name, most in TARGETS.items()
    }
    if options.json:
        print(json.dumps({"figures": figures, "targets": targets}, indent=2))
        return
    for name, figure in [*figures.items(), ("targets", targets)]:
        print(f"{name:30} {figure}")


def fuzz(rng: random.Random, count: int) -> dict[str, Any]:
    """How `count` changed replies were read, and how long the slowest took."""
    ends: Counter[str] = Counter()
    slowest, start = 0.0, time.perf_counter()
    for _ in range(count):
        end, seconds = taken(changed(rng))
        ends[end] += 1
        slowest = max(slowest, seconds)
    broken = {end: n for end, n in ends.items() if end.startswith("broken")}
    return {
        "replies": count,
        "broken": sum(broken.values()),
        "ends": dict(ends.most_common(40)),
        "slowest_seconds": slowest,
        "seconds": time.perf_counter() - start,
    }


def repeated() -> dict[str, Any]:
    """The slowest of the pieces, each repeated for ten megabytes."""
    times = {piece: taken(piece * (10_000_000 // len(piece)))[1] for piece in (*PIECES, *USUAL)}
    worst = max(times, key=lambda piece: times[piece])
    return {"slowest_piece": worst[:40], "slowest_ten_megabytes_seconds": times[worst]}


def taken(text: str) -> tuple[str, float]:
    """What became of a reply, "program", a reason or "broken: why"; and the CPU seconds."""
    began = time.process_time()
    try:
        found = read(Reply(text))
        if isinstance(found, Failed):
            end = found.reason
        else:
            end = "program" if Program(found).name else "broken: no name"
    except BaseException as error:  # whatever it is, it is what this looks for
        end = f"broken: {type(error).__name__}: {error} on {text!r}"[:300]
    return end, time.process_time() - began


def changed(rng: random.Random) -> str:
    """A usual reply with up to six changes."""
    text = rng.choice(USUAL)
    for _ in range(rng.randint(1, 6)):
        text = rng.choice(CHANGES)(text, rng.randint(0, len(text)), rng)
    return text


def _insert(text: str, place: int, rng: random.Random) -> str:
    return text[:place] + rng.choice(PIECES) + text[place:]


def _delete(text: str, place: int, rng: random.Random) -> str:
    return text[:place] + text[place + rng.randint(1, 12) :]


def _repeat(text: str, place: int, rng: random.Random) -> str:
    end = place + rng.randint(1, 12)
    return text[:place] + text[place:end] * rng.randint(2, 50) + text[end:]


def _append(text: str, _: int, rng: random.Random) -> str:
    return text + rng.choice(USUAL)


def _cut_off(text: str, place: int, _: random.Random) -> str:
    return text[:place]


CHANGES: tuple[Callable[[str, int, random.Random], str], ...] = (
    *(_insert, _insert, _delete, _repeat, _append, _cut_off),
)

if __name__ == "__main__":
    main()
