"""What a fit and its controls scored, side by side, and what follows from it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from llmerm import certificates
from llmerm.certificates import Certificate
from llmerm.losses import Loss
from llmerm.result import FitResult
from llmerm.typing import Usage

CONSTANT = "the best constant"


@dataclass(frozen=True, kw_only=True)
class Arm:
    """One run: the fit itself, or one of its controls.

    Attributes:
        name: a word or two for the table.
        about: what was done to the samples, in words.
        result: the fit; None where the proposer had nothing to say of such samples.
        error: the chosen program's held-out error; that of the best constant where there is none.
        interval: where the chosen program's error rate on this arm's population is, exact and two-
            sided; it pays for all candidates, and all intervals of a `Controls` hold together with
            its confidence. None for a constant, and for a loss that does not count errors.
        note: why the error is that of a constant, in words; else empty.
    """

    name: str
    about: str
    result: FitResult | None
    error: float
    interval: tuple[float, float] | None = None
    note: str = ""

    @property
    def certificate(self) -> Certificate:
        """That of the arm's fit. A control's is about the altered samples, not about yours."""
        if self.result is None:
            return certificates.none(self.note, delta=1.0)
        return self.result.certificate

    @property
    def least(self) -> float:
        """The lower end of the interval; the error itself where there is none."""
        return self.interval[0] if self.interval else self.error

    @property
    def most(self) -> float:
        """The upper end of the interval; the error itself where there is none."""
        return self.interval[1] if self.interval else self.error


@dataclass(frozen=True, kw_only=True)
class Controls:
    """A fit beside its controls, and how much of its score the data earned. Print it.

    Attributes:
        fit: the fit as you would have made it.
        shuffled: the same on labels that were dealt out at random; more than chance there is
            luck, or a leak.
        without_samples: the same with no sample to learn from: what is known beforehand.
        renamed: the same with other names for characters or columns.
        left_out: the name of each control that was not run, and why.
        constant: the error of the best constant on the held-out samples.
        loss: by which all were scored.
        held_out: the number of held-out samples.
        confidence: with which all intervals hold together.
        usage: what all runs cost together.
    """

    fit: Arm
    shuffled: Arm | None
    without_samples: Arm | None
    renamed: Arm | None
    left_out: tuple[tuple[str, str], ...]
    constant: float
    loss: Loss
    held_out: int
    confidence: float
    usage: Usage

    @property
    def arms(self) -> tuple[Arm, ...]:
        """The fit and the controls that were run."""
        every = (self.fit, self.shuffled, self.without_samples, self.renamed)
        return tuple(arm for arm in every if arm is not None)

    @property
    def earned(self) -> float:
        """The error of the best that has no labels to learn from, less that of the fit.

        That best is the least of three errors: of the best constant, with shuffled labels, without
        samples. For a loss that counts errors it is a share: 0.5 are 50 points of accuracy. It is
        negative where the fit did worse. A control that was left out is not taken off: without the
        run without samples, what was known beforehand is in it, and the sentence says so.
        """
        ignorant = (self.shuffled, self.without_samples)
        errors = [arm.error for arm in ignorant if arm is not None]
        return min([self.constant, *errors]) - self.fit.error

    @property
    def earned_at_least(self) -> float | None:
        """What is earned on the population, at least, with the `confidence`; 0 if it may be luck.

        What the constant and the run without samples err at least, less what the fit errs at most,
        and never more than `earned`. The constant's error is exact, as labels count in their
        shares; shuffled labels are left out, since no program beats the constant on them, but for
        luck. None for a loss that does not count errors, where a program has no interval, and where
        the run without samples was left out.
        """
        untaught = self.without_samples
        if untaught is None or not self.loss.wrong:
            return None
        if any(not arm.interval and not arm.note for arm in self.arms):
            return None
        least = min(self.constant, untaught.least)
        return max(0.0, min(least - self.fit.most, self.earned))

    @property
    def from_names(self) -> float | None:
        """The error under other names, less that of the fit: what the names contribute.

        By luck it may be below 0. None where nothing was renamed.
        """
        return None if self.renamed is None else self.renamed.error - self.fit.error

    @property
    def leaks(self) -> bool:
        """Whether shuffled labels are told better than luck explains: held-out labels leak.

        Without an interval, for a loss that does not count errors, it cannot be told: False.
        """
        dealt = self.shuffled
        return dealt is not None and dealt.interval is not None and dealt.most < self.constant

    @property
    def sentence(self) -> str:
        """What a data scientist wants to know, in one sentence."""
        kind = "accuracy" if self.loss.wrong else "mean loss"
        told = f"{kind} {self._score(self.fit.error)} on {self.held_out} held-out samples"
        others = [f"{arm.name} {self._score(arm.error)}" for arm in self.arms[1:]]
        others.append(f"{CONSTANT} {self._score(self.constant)}")
        return f"{told}; {', '.join(others)}: {self._earned}{self._depending}"

    def __str__(self) -> str:
        lines = [*_aligned([self._head, *map(self._row, self.arms)]), self.sentence]
        lines += [f"left out: {name} ({why})" for name, why in self.left_out]
        if self.leaks:
            lines.append(_LEAK)
        return "\n".join(lines)

    __repr__ = __str__

    @property
    def _head(self) -> tuple[str, ...]:
        if not self.loss.wrong:
            return ("", "mean loss", "")
        return ("", "accuracy", f"with confidence {self.confidence:.4g}", "")

    def _row(self, arm: Arm) -> tuple[str, ...]:
        score = self._score(arm.error)
        if not self.loss.wrong:
            return (arm.name, score, arm.note)
        ends = (_floor(1 - arm.most), _ceiling(1 - arm.least))
        between = f"{ends[0]:.1f} to {ends[1]:.1f} %" if arm.interval else ""
        return (arm.name, score, between, arm.note)

    def _score(self, error: float) -> str:
        return f"{100 * (1 - error):.1f} %" if self.loss.wrong else f"{error:.4g}"

    @property
    def _earned(self) -> str:
        amount, least = self._amount(self.earned), self.earned_at_least
        earner = "the data" if self.without_samples else "the data and what was known before them"
        if not self.loss.wrong:
            return f"{earner} took {amount} off the loss"
        told = f"{amount} points were earned by {earner}"
        if least is None:
            return told
        if least > 0:
            sure = f"confidence {self.confidence:.4g}"
            return f"{told} (at least {math.floor(100 * least)} with {sure})"
        return f"{told} (so few that it may be luck)" if self.earned > 0 else told

    @property
    def _depending(self) -> str:
        if self.from_names is None:
            return ""
        return f", {self._amount(self.from_names)} depend on the names"

    def _amount(self, error: float) -> str:
        shown = max(error, 0.0)
        return f"{100 * shown:.0f}" if self.loss.wrong else f"{shown:.4g}"


_LEAK = (
    "beware: with shuffled labels the program is better than a constant by more than luck, so "
    "the proposer knows held-out labels"
)


def _floor(share: float) -> float:
    return math.floor(round(1000 * share, 6)) / 10


def _ceiling(share: float) -> float:
    return math.ceil(round(1000 * share, 6)) / 10


def _aligned(rows: list[tuple[str, ...]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
