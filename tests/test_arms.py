"""What is read off from a fit and its controls, against arithmetic and simulated runs."""

from __future__ import annotations

import numpy as np
import pytest

from llmerm.arms import Arm, Controls
from llmerm.certificates import interval
from llmerm.losses import ABSOLUTE, ZERO_ONE
from llmerm.typing import Usage


def arm(name, error, ends=None, note=""):
    return Arm(name=name, about="", result=None, error=error, interval=ends, note=note)


def controls(fit, shuffled=None, blind=None, renamed=None, *, loss=ZERO_ONE, constant=0.5):
    return Controls(
        fit=fit,
        shuffled=shuffled,
        without_samples=blind,
        renamed=renamed,
        left_out=(),
        constant=constant,
        loss=loss,
        held_out=100,
        confidence=0.95,
        usage=Usage(),
    )


FULL = controls(
    arm("the fit", 0.02, (0.0, 0.1)),
    arm("labels shuffled", 0.45, (0.3, 0.6)),
    arm("without samples", 0.4, (0.25, 0.55)),
    arm("names changed", 0.12, (0.05, 0.25)),
)


def test_what_is_earned_is_the_distance_to_the_best_that_has_no_labels():
    """0.4 - 0.02 by the errors, 0.25 - 0.1 by the ends; the names are worth 0.12 - 0.02."""
    assert FULL.earned == pytest.approx(0.38)
    assert FULL.earned_at_least == pytest.approx(0.15)
    assert FULL.from_names == pytest.approx(0.1)
    assert not FULL.leaks


@pytest.mark.parametrize(
    ("shuffled", "blind", "constant", "expected"),
    [(0.5, 0.5, 0.3, 0.2), (0.25, 0.5, 0.3, 0.15), (0.5, 0.1, 0.3, 0.0), (0.5, 0.04, 0.3, -0.06)],
)
def test_whichever_does_best_without_labels_is_what_counts(shuffled, blind, constant, expected):
    """The constant, luck with shuffled labels, or what is known beforehand; it may be negative."""
    found = controls(arm("", 0.1), arm("", shuffled), arm("", blind), constant=constant)
    assert found.earned == pytest.approx(expected)


def test_what_is_earned_for_sure_is_never_more_than_what_is_seen():
    """Luck with the shuffled labels takes off what was seen, and so what is sure."""
    found = controls(
        arm("", 0.0, (0.0, 0.05)), arm("", 0.35, (0.2, 0.6)), arm("", 0.5, note="none")
    )
    assert found.earned == found.earned_at_least == 0.35


def test_without_an_interval_nothing_is_sure():
    """Of a program, that is; the error of a constant needs none."""
    blind = arm("without samples", 0.5, note="nothing to say")
    assert controls(arm("", 0.1, (0.05, 0.2)), blind=blind).earned_at_least == pytest.approx(0.3)
    assert controls(arm("", 0.1)).earned_at_least is None
    assert "40 points were earned by the data" in controls(arm("", 0.1)).sentence
    assert controls(arm("", 0.1, (0.0, 0.2)), loss=ABSOLUTE).earned_at_least is None


def test_the_sentence_says_all_of_it():
    """In points of accuracy, rounded; what is sure is rounded down."""
    assert FULL.sentence == (
        "accuracy 98.0 % on 100 held-out samples; labels shuffled 55.0 %, without samples 60.0 %, "
        "names changed 88.0 %, the best constant 50.0 %: 38 points were earned by the data "
        "(at least 15 with confidence 0.95), 10 depend on the names"
    )
    lines = str(FULL).splitlines()
    assert lines[0].split() == ["accuracy", "with", "confidence", "0.95"]
    assert lines[3] == "without samples  60.0 %    45.0 to 75.0 %"
    assert repr(FULL) == str(FULL)


def test_a_loss_that_counts_nothing_is_told_as_it_is():
    """In the label's unit, without points."""
    arms = arm("the fit", 0.25), arm("labels shuffled", 3.5), arm("without samples", 4.0)
    found = controls(*arms, loss=ABSOLUTE, constant=3.0)
    assert found.sentence == (
        "mean loss 0.25 on 100 held-out samples; labels shuffled 3.5, without samples 4, "
        "the best constant 3: the data took 2.75 off the loss"
    )


def test_little_that_is_earned_may_be_luck():
    """And less than nothing is nothing."""
    blind = arm("", 0.5, (0.4, 0.6))
    some = controls(arm("", 0.45, (0.3, 0.6)), blind, blind)
    assert "5 points were earned by the data (so few that it may be luck)" in some.sentence
    none = controls(arm("", 0.55, (0.4, 0.7)), None, blind, arm("", 0.5, (0.4, 0.6)))
    assert "0 points were earned by the data, 0 depend on the names" in none.sentence


def test_a_leak_is_said():
    """Shuffled labels that are told better than luck explains."""
    leaky = controls(arm("", 0.0, (0.0, 0.1)), arm("", 0.1, (0.05, 0.2)))
    assert leaky.leaks
    assert "the proposer knows held-out labels" in str(leaky)
    assert "beware" not in str(FULL)
    lucky = controls(arm("", 0.25), arm("", 2.5), loss=ABSOLUTE, constant=3.0)
    assert not lucky.leaks


def test_what_is_sure_holds_as_often_as_it_says():
    """The best of 8 at 0.1 errors, and blind the best of 8 at 0.4: 0.3 are earned, 4,000 times."""
    rng = np.random.default_rng(0)
    m, k, held, said = 200, 8, 0, 0
    ends = [interval(e, m, delta=0.05 / 4 / k) for e in range(m + 1)]
    best = rng.binomial(m, [0.1, 0.4], size=(4_000, k, 2)).min(axis=1)
    for fit, blind in best:
        found = controls(
            arm("", fit / m, ends[fit]), arm("", 0.5, (0.3, 0.7)), arm("", blind / m, ends[blind])
        )
        held += found.earned_at_least <= 0.3
        said += found.earned_at_least > 0
    assert held / len(best) >= 0.95
    assert said / len(best) > 0.9
