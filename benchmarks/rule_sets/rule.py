"""A hidden rule: what it computes, how its inputs are drawn, and what is shown of it."""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

Draw = Callable[[random.Random], object]
Pair = tuple[object, object]
TRIES = 20_000
FEW, POOL = 9, 40


@dataclass(frozen=True)
class Rule:
    """A hidden rule.

    Attributes:
        name: what it says, in words.
        rule: the truth, from an input to its label.
        draw: an input like those that are shown.
        other: an input of another length or size; None where that has no meaning.
        samples: how many examples are shown.
        seconds: how long may be searched.
        held_out: the share of the examples that verify the answer.
        balanced: whether both labels are drawn equally often.
        aside: whether nobody tunes for the rule; None to draw that by lot (`with_lots`).
    """

    name: str
    rule: Callable[..., object]
    draw: Draw
    other: Draw | None = None
    samples: int = 60
    seconds: float = 6.0
    held_out: float = 0.5
    balanced: bool = False
    aside: bool | None = None

    def shown(self, rng: random.Random) -> list[Pair]:
        """The examples to learn from: few are chosen as a person would, many are as they come."""
        if self.samples > FEW:
            return self.fresh(rng, self.draw, self.samples)
        drawn = self.fresh(rng, self.draw, POOL)
        return unlike(list({repr(x): (x, y) for x, y in drawn}.values()))[: self.samples]

    def fresh(self, rng: random.Random, draw: Draw, count: int) -> list[Pair]:
        """So many further inputs with their labels."""
        return [self.pair(rng, draw) for _ in range(count)]

    def pair(self, rng: random.Random, draw: Draw) -> Pair:
        """An input and its label; where labels are balanced, the label is drawn first."""
        if not self.balanced:
            x = draw(rng)
            return x, self.rule(x)
        wanted = rng.random() < 0.5
        for _ in range(TRIES):
            x = draw(rng)
            if bool(y := self.rule(x)) == wanted:
                return x, y
        raise ValueError(f"no input of {self.name!r} is {wanted} in {TRIES} draws.")


def unlike(pairs: Sequence[Pair]) -> list[Pair]:
    """The pairs, those first that look unlike the ones before them, then those with a new label.

    Few examples say little where all are of one form; a person would pick different ones.
    """
    left, forms, labels = list(pairs), set[str](), set[str]()
    ordered = []
    while left:
        best = min(left, key=lambda pair: (form(pair[0]) in forms, repr(pair[1]) in labels))
        left.remove(best)
        ordered.append(best)
        forms.add(form(best[0]))
        labels.add(repr(best[1]))
    return ordered


def form(x: object) -> str:
    """What an input looks like, with its letters and digits made alike."""
    return re.sub("[0-9]", "0", re.sub("[A-Z]+", "A", re.sub("[a-z]+", "a", repr(x))))


def with_lots(rules: Sequence[Rule]) -> tuple[Rule, ...]:
    """The rules, a third of the undecided set aside: those whose names hash the lowest."""
    undecided = sorted((rule.name for rule in rules if rule.aside is None), key=lot)
    aside = set(undecided[: len(undecided) // 3])
    return tuple(
        replace(rule, aside=rule.name in aside) if rule.aside is None else rule for rule in rules
    )


def lot(name: str) -> bytes:
    """What stands for chance: known to all, and blind to how hard the rule is."""
    return hashlib.sha256(name.encode()).digest()
