"""Numbers out of trees of one operator, eml(x, y) = exp(x) - ln(y)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import exp, log
from typing import ClassVar, TypeAlias, final

import numpy as np

from llmerm.errors import TaskError
from llmerm.program import Program
from llmerm.tasks.graphs import Dice
from llmerm.tasks.program_task import ProgramTask
from llmerm.tasks.seeding import generator
from llmerm.typing import Value

Tree: TypeAlias = "int | tuple[Tree, Tree]"
"""A variable's number, -1 for the constant 1, or eml of two trees."""

_LOW, _HIGH = 0.5, 1.5  # inputs
_LARGEST = 1000.0  # no label is larger
_TRIES = 100_000
_LEAF = 0.3  # the chance that a branch ends early
_SOURCE = """\
from math import exp, log


def eml(a, b):
    return exp(a) - log(b)


def f(x):
    return {expression}
"""


@final
@dataclass(frozen=True, kw_only=True)
class EmlTree(ProgramTask):
    """A number: a random tree of eml(x, y) = exp(x) - ln(y) over variables and 1. Regression.

    An input is a list of n numbers, uniform in [0.5, 1.5] with four decimals. Trees are drawn until
    interval arithmetic shows that every logarithm is of a positive number and no label is above
    1,000 in size. Labels of two machines can differ in the last digit, where their exp does.
    Source: Odrzywolek, "All elementary functions from a single binary operator"
    (arXiv 2603.21852).

    Attributes:
        depth: how many operators are nested, at most 6.
        variables: the tree's leaves are the first so many of the n numbers, or 1.
        task_seed: which tree.

    >>> EmlTree(n=2, depth=1).label([1.0, 1.0])
    2.718281828459045
    """

    name: ClassVar[str] = "eml_tree"
    n: int = 2
    depth: int = 2
    variables: int = 2
    task_seed: int = 0

    def __post_init__(self) -> None:
        self.check_integer("variables", low=1)
        self.check_integer("n", low=self.variables)
        self.check_integer("depth", low=1, high=6)
        self.check_integer("task_seed", low=0)

    @property
    def tree(self) -> Tree:
        """The tree.

        Raises:
            TaskError: if none of the trees that were tried is sound.
        """
        return _drawn(self.depth, self.variables, self.task_seed)

    def inputs(self, m: int, rng: np.random.Generator) -> list[Value]:
        """Numbers with four decimals."""
        rows: list[Value] = (rng.integers(5_000, 15_001, (m, self.n)) / 10_000).tolist()
        return rows

    @property
    def program(self) -> Program:
        """The rule; it holds wherever the variables exist."""
        return Program(_SOURCE.format(expression=_text(self.tree)))


@lru_cache(maxsize=64)
def _drawn(depth: int, variables: int, task_seed: int) -> Tree:
    dice = Dice(generator("eml_tree", depth, variables, task_seed))
    for _ in range(_TRIES):
        tree = _random(depth, variables, dice)
        bounds = _range(tree) if _depth(tree) == depth else None
        if bounds and bounds[0] < bounds[1]:
            return tree
    raise TaskError(f"no sound eml_tree of depth={depth} was found. Try a smaller depth.")


def _random(depth: int, variables: int, dice: Dice) -> Tree:
    if depth == 0 or dice.uniform() < _LEAF:
        return dice.below(variables + 1) - 1
    return _random(depth - 1, variables, dice), _random(depth - 1, variables, dice)


def _depth(tree: Tree) -> int:
    return 0 if isinstance(tree, int) else 1 + max(map(_depth, tree))


def _range(tree: Tree) -> tuple[float, float] | None:
    """Bounds of the tree's values over all inputs; None where it may be undefined or large."""
    if isinstance(tree, int):
        return (1.0, 1.0) if tree < 0 else (_LOW, _HIGH)
    left, right = map(_range, tree)
    if not left or not right or right[0] < 1e-3 or left[1] > log(_LARGEST) - 1:
        return None
    low, high = exp(left[0]) - log(right[1]), exp(left[1]) - log(right[0])
    return (low, high) if abs(low) < _LARGEST and abs(high) < _LARGEST else None


def _text(tree: Tree) -> str:
    if isinstance(tree, int):
        return "1" if tree < 0 else f"x[{tree}]"
    return f"eml({_text(tree[0])}, {_text(tree[1])})"
