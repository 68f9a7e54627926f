"""The certificate as a value and as a sentence, and the least of several."""

from __future__ import annotations

import dataclasses

import pytest

from llmerm import certificates
from llmerm.certificates import anytime, best_mean, best_of, combine, described, fresh, within
from llmerm.errors import ArgumentError
from llmerm.typing import SampleError


def test_a_certificate_reads_as_a_sentence():
    """What it bounds, with what confidence, from what, for how many candidates."""
    text = str(best_of(0, 100, delta=0.05, count=16, why="chosen among at most 16"))
    assert text == (
        "with confidence 0.95 the program is wrong on at most 5.61% of inputs drawn like the samples, labels in the same shares "
        "(0 errors on 100 held-out samples; chosen among at most 16)"
    )
    assert "no certificate: because" in str(certificates.none("because", delta=0.05))


def test_each_kind_says_what_it_is():
    """The samples it is from, and what it bounds: errors, misses of more than t, or a mean loss."""
    assert "(1 error on 9 fresh samples; on samples that chose nothing)" in str(fresh(1, 9))
    assert "144 bits" in str(described(0, 900, bits=144))
    assert "on 900 training samples" in str(described(0, 900, bits=144))
    assert "number 3 of a series" in str(anytime(0, 100, position=3))
    assert "fit of 16 candidates number 2" in str(anytime(0, 100, position=2, each=16))
    mean = best_mean(0.5, 100, most=10, count=4, why="the best of 4")
    assert "the program's mean loss is at most 1.4" in str(mean)
    assert "(mean loss 0.5 on 100 held-out samples; the best of 4)" in str(mean)
    assert "nothing can be said of how often the program is wrong" in str(fresh(3, 3))


def test_a_bound_is_never_rounded_down():
    """What is printed is at least the bound."""
    bound = best_of(0, 100, count=16, why="").bound
    assert bound > 0.0560
    assert "5.61%" in str(best_of(0, 100, count=16, why=""))


def test_a_certificate_cannot_be_changed():
    """It is frozen."""
    with pytest.raises(dataclasses.FrozenInstanceError):
        fresh(0, 10).bound = 0.0


def test_the_shares_of_a_series_add_up_to_no_more_than_delta():
    """Also where each place is a fit of k candidates, all of which are paid for."""
    shares = [16 / certificates.anytime_count(j, each=16) for j in range(1, 2000)]
    assert 0.999 < sum(shares) < 1
    with pytest.raises(ArgumentError, match="`position`"):
        anytime(0, 10, position=0)


def test_within_counts_all_that_is_off_by_more_than_t():
    """At the distance itself it is not; a missing prediction and a text are."""
    predictions = [1.0, 1.5, 1.6, SampleError("ValueError"), "1"]
    found = within(predictions, [1.0] * 5, t=0.5)
    assert found.errors == 3
    assert found.bound == pytest.approx(certificates.clopper_pearson(3, 5))
    assert "is off by more than 0.5" in str(found)
    with pytest.raises(ArgumentError, match="2 predictions but 1 labels"):
        within([1.0, 2.0], [1.0], t=1.0)
    with pytest.raises(ArgumentError, match="`t`"):
        within([1.0], [1.0], t=-1.0)


def test_combining_takes_the_least_bound_and_adds_up_the_risks():
    """Whichever is less; both were made with half of delta."""
    one, other = fresh(9, 100, delta=0.025), described(0, 2000, bits=50, delta=0.025)
    for both in (combine(one, other), combine(other, one)):
        assert both.bound == other.bound < one.bound
        assert both.confidence == 0.95
        assert both.method == "description-length"
        assert "the least of 2 bounds, which share delta" in str(both)
    assert combine(one).bound == one.bound


@pytest.mark.parametrize(
    ("some", "says"),
    [
        ([], "no certificate"),
        ([fresh(0, 10), certificates.none("too few", delta=0.05)], "too few"),
        ([fresh(0, 10), fresh(0, 10, population="longer inputs")], "longer inputs"),
        ([fresh(0, 10), within([0.0], [0.0], t=1)], "is off by more than 1"),
        ([fresh(0, 10, delta=0.5), fresh(0, 10, delta=0.5)], "nothing is left"),
    ],
)
def test_what_cannot_be_combined_is_refused(some, says):
    """Another population, another loss, no confidence: never a bound that does not hold."""
    with pytest.raises(ArgumentError, match=says):
        combine(*some)
