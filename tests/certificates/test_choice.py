"""Which certificate a choice gets, by its samples and its loss."""

from __future__ import annotations

import math

import pytest

from llmerm.certificates import of_choice
from llmerm.losses import ABSOLUTE, ZERO_ONE, clipped, within
from llmerm.samples import Samples, Split
from llmerm.typing import Scored

PAIRS = Samples.of([(i, i % 2) for i in range(80)])
HALVES, WHOLE = PAIRS.split(), Split(PAIRS, PAIRS.take(()))


def made(split, loss, *, train=0.0, held_out=0.0):
    verdict = Scored(train, held_out if split.held_out else None, 99.0)
    return of_choice(verdict, split, loss, delta=0.1, count=7, why="of 7")


@pytest.mark.parametrize(
    ("split", "loss", "method", "count", "samples"),
    [
        (HALVES, ZERO_ONE, "clopper-pearson+union", 7, 40),
        (HALVES, within(0.5), "clopper-pearson+union", 7, 40),
        (HALVES, clipped("absolute", 2.0), "kl+union", 7, 40),
        (HALVES, ABSOLUTE, "none", 0, 0),
        (WHOLE, ZERO_ONE, "description-length", 1, 80),
        (WHOLE, within(0.5), "description-length", 1, 80),
        (WHOLE, clipped("absolute", 2.0), "none", 0, 0),
    ],
)
def test_the_method_follows_from_the_samples_and_the_loss(split, loss, method, count, samples):
    """Exact where errors are counted, kl where the loss ends, by length where nothing is held out."""
    found = made(split, loss)
    assert (found.method, found.count, found.samples) == (method, count, samples)
    assert found.confidence == 0.9


@pytest.mark.parametrize("wrong", range(41))
def test_errors_are_counted_back_from_their_share(wrong):
    """Whatever the share rounds to as a float."""
    assert made(HALVES, ZERO_ONE, held_out=wrong / 40).errors == wrong
    assert made(WHOLE, ZERO_ONE, train=wrong / 80).errors == wrong


def test_only_the_kind_of_code_is_added_to_the_length():
    """delta is halved once for each bit of the program, and once to say which code it is in."""
    expected = 1 - 2 ** -((99 + 1 + math.log2(10)) / 80)
    assert made(WHOLE, ZERO_ONE).bound == pytest.approx(expected)


@pytest.mark.parametrize("split", [HALVES, WHOLE])
def test_what_cannot_be_certified_says_why(split):
    """A loss without an end has no bound, and the reason names the ways out."""
    found = made(split, ABSOLUTE)
    assert found.bound == math.inf
    assert "absolute" in str(found)
    assert ("within(t)" in found.why) == bool(split.held_out)
