"""The search: programs in the order of their length, each checked on all training samples."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

from llmerm.samples import Samples
from llmerm.search.approximate import Approximations
from llmerm.search.bank import Bank
from llmerm.search.candidate import Candidate
from llmerm.search.clock import Clock, Halt
from llmerm.search.effort import Effort
from llmerm.search.emit import emit
from llmerm.search.expression import Expr
from llmerm.search.goal import Goal
from llmerm.search.grammar import UNIT, Grammar
from llmerm.search.judge import Judge, Waiting
from llmerm.search.levels import Levels
from llmerm.search.lines import lines
from llmerm.search.looked_at import LookedAt, size
from llmerm.search.op import Op
from llmerm.search.solvers.base import Solver
from llmerm.values import key

SEARCHED = ("enumeration", "last step")
"""The origins whose refuted candidates show that the samples held are too few."""

FEW, MANY = 1, 64
"""So many of the samples that refute a search's, and a solver's, candidate are looked for."""

GRACE_SECONDS = 0.5
"""So long after the end of the time is what was found still compared and handed on."""

LONG, FIRST_BITS = 20_000, 14.0
"""Of longer inputs the expressions of so few bits are gone through before any solver is asked."""

CONTRADICTED_BITS = 16.0
"""How far near misses are looked for where samples contradict each other."""


class Enumerator:
    """Programs that fit the samples, the shortest first.

    Expressions are built bottom up in the order of their bits. Of those with equal values on the
    samples only the first is kept (observational equivalence), over at most 64 samples; a program
    that matches there is run on all of them, and a sample that refutes it joins the 64.

    Args:
        grammar: what programs are made of, and what they cost.
        samples: the training samples.
        solvers: fit constants; none for plain enumeration.
        goal_directed: whether the outermost operator is solved for where it can be.
        max_bytes: the memory for values; beyond it no more are kept.
        clock: when to stop.
        seed: chooses the samples to begin with and the probes; nothing else is random.

    >>> pairs = [("0110", 1), ("0111", 0), ("10101", 1), ("1101", 0), ("0000", 1), ("0011", 0)]
    >>> samples = Samples.of(pairs * 5)
    >>> search = Enumerator(Grammar.infer(samples), samples, clock=Clock(5))
    >>> print(next(search.candidates()).source)
    def f(x):
        return x == x[::-1]
    """

    def __init__(
        self,
        grammar: Grammar,
        samples: Samples,
        *,
        solvers: Sequence[Solver] = (),
        goal_directed: bool = True,
        max_bytes: int = 384 << 20,
        clock: Clock,
        seed: int = 0,
    ) -> None:
        self.grammar = grammar
        self.samples = samples
        self.goal = Goal.of(samples.outputs)
        self.complete_below_bits = 0.0
        self._solvers = tuple(solvers)
        self._goal_directed = goal_directed
        self._max_bytes = max_bytes
        self._clock = clock
        self._looked_at = LookedAt(samples, self.goal, seed=seed)
        self._judge = Judge(samples, self.goal, clock, seed=seed)
        self._effort = Effort()
        self._waiting = Waiting()
        self._contradicted = contradicted(samples)
        self._weak: list[Candidate] = []
        self._near = Approximations(len(samples), len(set(map(key, samples.outputs))))
        self._levels = self._new_levels(work=0)

    def candidates(self) -> Iterator[Candidate]:
        """Programs that give every training label and that the samples can tell from chance.

        They come in order of bits, but a solver's find waits only a while for shorter ones. No two
        of them behave the same on the probes. Ends when the time is up, when programs get so long
        that some would fit any labels, when the memory is full, or when nothing shorter than what
        was found is to be expected (see `Effort`).
        """
        try:
            for found in self._matches():
                if found is not None and self._judge.unseen(found):
                    self._sort(self._priced(found))
                levels = self._levels
                bits = (levels.bank.unit - 1) / UNIT + self.goal.root_bits
                yield from self._distinct(self._waiting.due(bits, levels.work))
                if self._effort.enough(bits, levels.work):
                    break
        except Halt:
            pass
        self.complete_below_bits = self._levels.complete_below_bits
        yield from self._distinct(self._late(self._waiting.all()))

    def best_effort(self, most: int = 3) -> list[Candidate]:
        """What is left to say where no program fits: near misses, then the constant program.

        The first may be a program that fits but is too long to be told from chance.
        """
        label = self.goal.most_common()
        bits = self.goal.constant_bits
        constant = Candidate(label, bits, "best effort", consistent=False, source=emit(label))
        most_wrong = self._judge.mistakes(constant)
        better = (c for c in self._near.best() if self._judge.mistakes(c) < most_wrong)
        near = map(self._priced, sorted(better, key=self._judge.mistakes))
        fitting = sorted(self._weak, key=lambda c: c.bits)[:1]
        chosen = list(self._distinct(iter([*fitting, *near])))[: most - 1]
        return [*chosen, constant]

    def close_by(self) -> Iterator[Candidate]:
        """For quantities: programs that come close to the labels, the simplest first."""
        for terms, text in enumerate(lines(self.samples)):
            expr = Expr(Op("line", "float", (), text), ())
            bits = self.goal.constant_bits * (1 + terms)
            yield Candidate(expr, bits, "best effort", consistent=False, source=emit(expr))

    def _matches(self) -> Iterator[Candidate | None]:
        """The matches of one pass after the other, each over the samples that refuted the last."""
        if self._solvers and max(map(size, self.samples.inputs), default=0) > LONG:
            yield from self._without_solvers()
        while True:
            sizes = self._looked_at.sizes
            for found in self._levels.matches():
                yield found
                if found is None and self._levels.at_end and self._looked_at.sizes > sizes:
                    self._levels = self._new_levels(work=self._levels.work)
                    break
            else:
                return

    def _without_solvers(self) -> Iterator[Candidate | None]:
        """The matches of few bits: on very long inputs the solvers could take all the time."""
        levels = self._new_levels(work=0)
        self._levels = replace(levels, solvers=(), limit=min(levels.limit, FIRST_BITS))
        yield from self._levels.matches()
        self._levels = self._new_levels(work=self._levels.work)

    def _new_levels(self, *, work: int) -> Levels:
        part, held = self._looked_at.part()
        bank = Bank(self.grammar, part, held, max_bytes=self._max_bytes)
        return Levels(
            bank,
            part,
            self._solvers,
            self._goal_directed,
            self._clock,
            min(self.goal.carried_bits, CONTRADICTED_BITS if self._contradicted else math.inf),
            self._near,
            work,
        )

    def _priced(self, candidate: Candidate) -> Candidate:
        """An expression's bits with those of the choice that it is one; a list has its own."""
        if candidate.expr.op.ret == "label":
            return candidate
        return replace(candidate, bits=candidate.bits + self.goal.overhead_bits(candidate.expr))

    def _sort(self, found: Candidate) -> None:
        """Queue what holds on all samples; let the samples that refute it join those looked at."""
        try:
            refuting = self._judge.refuting(found, FEW if found.origin in SEARCHED else MANY)
        except Halt:
            self._weak.append(replace(found, consistent=False))  # nothing refutes it so far
            raise
        if not refuting and found.bits <= self.goal.trusted_bits:
            # The names of the classes are the same whatever comes: a search for 0 and 1 has none.
            level = found.bits - self.goal.named_bits(found.expr)
            self._effort.found(level, self._levels.work)
            self._waiting.add(replace(found, consistent=True), level, self._levels.work)
        elif not refuting and found.bits <= self.goal.weak_bits:
            self._weak.append(replace(found, consistent=False))
        elif not found.consistent:
            mistakes = self._judge.mistakes(found)
            self._near.offer(found.expr, found.bits, mistakes, self._judge.judged)
        elif refuting:
            self._looked_at.learn(refuting, hold=found.origin in SEARCHED)

    def _late(self, candidates: Iterator[Candidate]) -> Iterator[Candidate]:
        """The candidates; where the time is over, the first and those that take little more."""
        grace = Clock(GRACE_SECONDS)
        for place, candidate in enumerate(candidates):
            if place and self._clock.over and grace.over:
                return
            yield candidate

    def _distinct(self, candidates: Iterator[Candidate]) -> Iterator[Candidate]:
        for candidate in candidates:
            printed = self._judge.printed(candidate)
            if printed is not None:
                yield printed


def contradicted(samples: Samples) -> bool:
    """True where one input, printed alike, has two labels: then no program gives them all."""
    labels: dict[str, str] = {}
    return any(labels.setdefault(repr(x), key(y)) != key(y) for x, y in samples)
