"""What a program may return, as operators around its expression."""

from __future__ import annotations

from collections.abc import Iterator

from llmerm.search.goal import Goal
from llmerm.search.op import Op
from llmerm.values import key

_TRUTHS = (["0", "1"], ["false", "true"])


def answers(goal: Goal) -> tuple[Op, ...]:
    """The ways to return a label: an expression of its type, or a test that chooses one of two.

    >>> [op.source for op in answers(Goal.of(["no", "yes"] * 10))]
    ['{0}', "'yes' if {0} else 'no'"]
    """
    return tuple(_ways(goal))


def _ways(goal: Goal) -> Iterator[Op]:
    classes = goal.classes
    bare = classes is None or list(map(key, classes)) in _TRUTHS
    for kind in goal.targets:
        if kind != "bool" or bare:
            yield Op(f"the {kind}", "label", (kind,), "{0}")
    if classes is not None:
        negative, positive = classes
        yield Op("choice", "label", ("bool",), f"{positive!r} if {{0}} else {negative!r}")
