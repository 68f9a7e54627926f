"""What no bound can be made of is refused by every certificate, and says what was expected."""

from __future__ import annotations

import math

import numpy as np
import pytest

import llmerm
from llmerm import certificates
from llmerm.errors import ArgumentError
from llmerm.losses import ABSOLUTE, ZERO_ONE, Loss
from llmerm.samples import Samples, Split
from llmerm.typing import Scored

PAIRS = Samples.of([(i, i % 2) for i in range(40)])
PROGRAM = "def f(x): return x % 2"


def best_of(errors, samples, **options):
    return certificates.best_of(errors, samples, count=4, why="of 4", **options)


def anytime(errors, samples, **options):
    return certificates.anytime(errors, samples, position=2, each=4, **options)


def described(errors, samples, **options):
    return certificates.described(errors, samples, bits=50, **options)


def best_mean(errors, samples, **options):
    mean = errors / samples if samples else 0.0
    return certificates.best_mean(mean, samples, most=1.0, count=4, why="of 4", **options)


def fresh_losses(errors, samples, **options):
    return certificates.fresh_losses([1.0] * errors + [0.0] * (samples - errors), most=1.0, **options)  # fmt: skip


def within(errors, samples, **options):
    found = [9.0] * errors + [0.0] * (samples - errors)
    return certificates.within(found, [0.0] * samples, t=1.0, **options)


def of_choice(errors, samples, *, delta=0.05, loss=ZERO_ONE):
    verdict, split = Scored(0.0, errors / max(samples, 1), 50.0), Split(PAIRS, PAIRS[:samples])
    return certificates.of_choice(verdict, split, loss, delta=delta, count=4, why="of 4")


def of_series(errors, samples, *, delta=0.05, loss=ZERO_ONE):
    verdict, split = Scored(0.0, errors / max(samples, 1), 50.0), Split(PAIRS, PAIRS[:samples])
    return certificates.of_series(verdict, split, loss, delta=delta, position=2, each=4, why="of 4")


COUNTED = (best_of, anytime, certificates.fresh, described)
ALL = (*COUNTED, best_mean, fresh_losses, within, of_choice, of_series)


@pytest.mark.parametrize("make", ALL)
@pytest.mark.parametrize("delta", [0, 1, -0.1, 5, math.nan, math.inf])
def test_delta_is_a_chance(make, delta):
    """Outside of (0, 1) it is none; inside of it the same call gives a bound."""
    assert 0 < make(1, 20).bound < 1
    with pytest.raises(ArgumentError, match="`delta`"):
        make(1, 20, delta=delta)


@pytest.mark.parametrize("make", [*COUNTED, best_mean, fresh_losses, within])
def test_no_samples_say_nothing(make):
    """An empty held-out part is refused."""
    with pytest.raises(ArgumentError, match=r"at least 1"):
        make(0, 0)


def test_a_choice_without_held_out_samples_is_certified_by_its_length_alone():
    """The count of candidates, and so the place in a series, is not what pays then."""
    assert of_choice(0, 0).method == of_series(0, 0).method == "description-length"
    assert of_choice(0, 0).bound == of_series(0, 0).bound


@pytest.mark.parametrize("make", [*COUNTED, best_mean, of_choice, of_series])
def test_more_errors_than_samples_are_refused(make):
    """There is no such outcome."""
    with pytest.raises(ArgumentError, match="must be between 0 and"):
        make(21, 20)


@pytest.mark.parametrize("make", COUNTED)
def test_a_share_of_errors_is_not_taken_for_their_count(make):
    """0.9 of 20 would count as less than one error; numpy's integers are integers."""
    with pytest.raises(ArgumentError, match="`errors` must be a whole number"):
        make(0.9, 20)
    with pytest.raises(ArgumentError, match="`samples` must be a whole number"):
        make(0, 20.5)
    assert make(np.int64(3), np.int64(20)).bound == make(3, 20).bound


@pytest.mark.parametrize(
    ("position", "each", "says"),
    [(0, 1, "at least 1"), (1, 0, "at least 1"), (1.5, 1, "`position`"), (1, math.nan, "`each`")],
)
def test_a_place_in_a_series_is_a_whole_number_from_one(position, each, says):
    """A share of delta that is not one of the series' would not be paid for."""
    with pytest.raises(ArgumentError, match=says):
        certificates.anytime_count(position, each=each)


def test_a_loss_without_a_declared_end_has_no_bound():
    """By name or by hand, with one place or many: none is given, and the reason names ways out."""
    for made in (of_choice(0, 20, loss=ABSOLUTE), of_series(0, 20, loss=ABSOLUTE)):
        assert (made.method, made.bound) == ("none", math.inf)
        assert "within(t)" in made.why
    own = llmerm.fit(
        PAIRS, proposer=llmerm.ScriptedProposer([PROGRAM]), loss=Loss("own", lambda a, b: a != b)
    )
    assert (own.certificate.method, own.certificate.bound) == ("none", math.inf)
    with pytest.raises(ArgumentError, match="unbounded"):
        certificates.best_mean(0.5, 20, most=math.inf, count=1, why="")
    with pytest.raises(ArgumentError, match="unbounded"):
        certificates.fresh_losses([0.5] * 20, most=math.inf)


def test_a_program_without_a_score_is_not_taken_for_one_without_errors():
    """Held-out samples that it was not scored on say nothing of it."""
    halves, whole = PAIRS.split(), Split(PAIRS, PAIRS[:0])
    options = {"delta": 0.05, "count": 4, "why": "of 4"}
    with pytest.raises(ArgumentError, match="no held-out error"):
        certificates.of_choice(Scored(0.0, None, 50.0), halves, ZERO_ONE, **options)
    with pytest.raises(ArgumentError, match="no training error"):
        certificates.of_choice(Scored(None, 0.0, 50.0), whole, ZERO_ONE, **options)


def test_a_loss_above_its_declared_end_is_refused():
    """It was not the largest value, so the bound would not hold."""
    with pytest.raises(ArgumentError, match="declared"):
        certificates.fresh_losses([0.5, 2.0], most=1.0)
    with pytest.raises(ArgumentError, match="declared"):
        certificates.best_mean(1.5, 20, most=1.0, count=1, why="")


@pytest.mark.parametrize("delta", [0, 1, math.nan])
def test_fits_refuse_such_a_delta_before_anything_is_drawn(delta):
    """So do programs that are handed in."""
    proposer = llmerm.ScriptedProposer([PROGRAM])
    with pytest.raises(ArgumentError, match="`delta`"):
        llmerm.fit(PAIRS, proposer=proposer, delta=delta)
    assert proposer.paid == []
    with pytest.raises(ArgumentError, match="`delta`"):
        llmerm.verify(PROGRAM, PAIRS, delta=delta)


def test_bounds_about_another_population_are_not_mixed():
    """A held-out part in the labels' own shares is not the samples as they came."""
    with pytest.raises(ArgumentError, match="speak of different things"):
        certificates.combine(best_of(0, 20, delta=0.02), certificates.fresh(0, 20, delta=0.02))
