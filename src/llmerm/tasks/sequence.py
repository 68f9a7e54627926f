"""The next term of a sequence that a short program makes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from llmerm.program import Program
from llmerm.tasks.program_task import ProgramTask, compiled
from llmerm.tasks.seeding import generator
from llmerm.typing import Value

_PRODUCT = 1 / 3  # the chance that a program multiplies two terms


@final
@dataclass(frozen=True, kw_only=True)
class NextTerm(ProgramTask):
    """The next term of a sequence: a random short recurrence, from random first terms.

    An input is n terms in a row. The next one is a sum of the last `order` terms with small random
    factors, a small constant and, in one program of three, a product of two of them, modulo
    `modulus`. There are modulus ** order different inputs.
    Source: after the KoLMogorov test (Yoran et al., "The KoLMogorov Test: compression by code
    generation", 2025), whose sequences come from short programs; the programs are this library's
    own.

    Attributes:
        order: how many terms the next one depends on.
        modulus: terms are from 0 to modulus - 1.
        task_seed: which program.

    >>> task = NextTerm(n=4, task_seed=1)
    >>> task.label([1, 2, 3, 4]) == task.program.compile(trusted=True)([1, 2, 3, 4])
    True
    """

    name: ClassVar[str] = "sequence"
    n: int = 10
    order: int = 2
    modulus: int = 1000
    task_seed: int = 0

    def __post_init__(self) -> None:
        self.check_integer("order", low=1, high=20)
        self.check_integer("modulus", low=2, high=10**6)
        self.check_integer("task_seed", low=0)
        self.check_integer("n", low=self.order)

    def inputs(self, m: int, rng: np.random.Generator) -> list[Value]:
        """Runs of terms; the first ones are uniform."""
        rule = compiled(self.program.source)
        rows: list[list[Value]] = rng.integers(0, self.modulus, (m, self.order)).tolist()
        for row in rows:
            while len(row) < self.n:
                row.append(rule(row))
        return list(rows)

    @property
    def program(self) -> Program:
        """The rule; it holds wherever there are enough terms."""
        rng = generator("sequence", self.order, self.modulus, self.task_seed)
        factors = rng.choice([-3, -2, -1, 1, 2, 3], self.order).tolist()
        terms = [f"{factor} * x[-{i}]" for i, factor in enumerate(factors, 1)]
        if rng.random() < _PRODUCT:
            terms.append(f"x[-1] * x[-{self.order}]")
        terms.append(str(int(rng.integers(10))))
        return Program(f"def f(x):\n    return ({' + '.join(terms)}) % {self.modulus}\n")
