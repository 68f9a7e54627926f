"""Losses and the selector."""

from __future__ import annotations

import math
import operator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmerm import chance, losses
from llmerm.errors import ArgumentError, DataError, UnknownNameError
from llmerm.losses import ABSOLUTE, SQUARED, ZERO_ONE
from llmerm.samples import Samples, Split
from llmerm.selector import select
from llmerm.typing import Failed, SampleError, Scored

GONE = SampleError("ZeroDivisionError")
ATOMS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=2)
)
PLAIN = ATOMS | st.lists(ATOMS, max_size=2)


@pytest.mark.parametrize(
    ("prediction", "label", "loss"),
    [
        (1, 1, 0),
        (True, 1, 0),
        (1.0, 1, 0),
        ("1", 1, 1),
        (1, "1", 1),
        (None, 0, 1),
        ([1], [1], 0),
        (GONE, 1, 1),
        (0.1 + 0.2, 0.3, 0),
        (0.3001, 0.3, 1),
        (1, 1.0, 0),
        (10**400, 0.5, 1),
        ("0.5", 0.5, 1),
    ],
)
def test_zero_one_compares_by_value_and_exact_kind(prediction, label, loss):
    """Numbers are equal by value; text is never a number."""
    assert ZERO_ONE.of(prediction, label) == loss


def test_a_prediction_that_cannot_be_compared_is_a_failure_and_not_a_crash():
    """A candidate may return any type."""
    assert ABSOLUTE.of("three", 3) == math.inf
    assert SQUARED.of([3], 3) == math.inf
    assert ABSOLUTE.of(GONE, 3) == math.inf
    assert ABSOLUTE.of(10**400, 0.5) == math.inf


@given(st.lists(st.tuples(st.integers(-99, 99), st.integers(-99, 99)), min_size=1))
def test_the_mean_is_the_mean(pairs):
    """Against plain arithmetic."""
    predictions, labels = zip(*pairs, strict=True)
    expected = sum((p - y) ** 2 for p, y in pairs) / len(pairs)
    assert SQUARED.mean(predictions, labels) == pytest.approx(expected)
    assert SQUARED.mean([], []) is None
    assert ABSOLUTE.mean([1.7e308] * 9, [0] * 9) == math.inf


def test_losses_are_probed_before_anything_is_spent():
    """A loss that cannot work on these labels is refused at once."""
    with pytest.raises(DataError, match="sample 1 is 'b'"):
        losses.resolve("absolute", [1, "b"])
    with pytest.raises(DataError, match="numbers below 1e150"):
        losses.resolve("squared", [1, 10**400])
    with pytest.raises(UnknownNameError, match="'squared'"):
        losses.resolve("sqared", [1])
    with pytest.raises(ArgumentError, match="raised"):
        losses.resolve(lambda p, y: p.missing, [1])
    with pytest.raises(ArgumentError, match="expected a number >= 0"):
        losses.resolve(lambda p, y: float("nan"), [1])
    with pytest.raises(ArgumentError, match="`loss` must be one of"):
        losses.resolve(3, [1])
    assert losses.resolve(operator.ne, [1]).of(1, 2) == 1


verdicts = st.lists(
    st.one_of(
        st.builds(Failed, st.just("timeout")),
        st.builds(
            Scored, st.sampled_from([0.0, 0.1]), st.sampled_from([0.0, 0.2]), st.sampled_from([10.0, 20.0])
        ),
    )
)  # fmt: skip


@given(verdicts)
def test_the_selected_is_least_in_the_declared_order(given_verdicts):
    """Held-out error, then train error, then bits, then draw order; failures never win."""
    chosen = select(given_verdicts)
    scored = [v for v in given_verdicts if isinstance(v, Scored)]
    if not scored:
        assert chosen is None
        return
    best = given_verdicts[chosen]
    order = [(v.held_out_error, v.train_error, v.bits) for v in scored]
    assert (best.held_out_error, best.train_error, best.bits) == min(order)
    assert chosen == given_verdicts.index(best)


def test_the_error_to_beat_is_that_of_the_best_constant():
    """On the held-out part, where there is one: the majority, the median, the mean."""
    train = Samples.of([(0, 1), (1, 1), (2, 5)])
    held_out = Samples.of([(3, 1), (4, 3), (5, 3), (6, 9)])
    nothing = train.take(())
    assert chance.error(Split(train, held_out), ZERO_ONE) == 0.5
    assert chance.error(Split(train, nothing), ZERO_ONE) == pytest.approx(1 / 3)
    assert chance.error(Split(train, held_out), ABSOLUTE) == 2.0
    assert chance.error(Split(train, held_out), SQUARED) == 9.0


@given(
    st.lists(
        st.tuples(
            st.one_of(PLAIN, st.just(GONE)),
            PLAIN,
        ),
        max_size=8,
    )
)
def test_all_at_once_as_one_by_one(pairs):
    """The fast way through many predictions gives what `of` gives for each."""
    predictions, labels = [p for p, _ in pairs], [y for _, y in pairs]
    for loss in (ZERO_ONE, ABSOLUTE):
        expected = [loss.of(p, y) for p, y in pairs]
        assert [float(one) for one in loss.each(predictions, labels)] == expected


def test_within_counts_what_is_further_than_t():
    """0 or 1, whatever the distance; a text, and a missing prediction, are as wrong as can be."""
    near = losses.within(0.5)
    predictions = [1.5, 1.6, 99.0, "1", SampleError("ValueError")]
    assert list(near.each(predictions, [1.0] * 5)) == [0, 1, 1, 1, 1]
    assert losses.resolve(near, [1.0]) == near
    with pytest.raises(ArgumentError, match="`t` must be a number of at least 0"):
        losses.within(math.nan)


def test_a_declared_largest_loss_is_kept():
    """All that is above it counts as it, a missing prediction too."""
    clip = losses.clipped("squared", 4.0)
    predictions = [2.0, 9.0, "2", SampleError("ValueError")]
    assert list(clip.each(predictions, [1.0] * 4)) == [1, 4, 4, 4]
    own = losses.clipped(lambda p, y: 10 * (p != y), 3.0)
    assert own.mean(["a", "b"], ["a", "c"]) == 1.5
    with pytest.raises(ArgumentError, match="`most` must be a finite number"):
        losses.clipped("squared", math.inf)


def test_a_loss_that_counts_errors_counts_them():
    """Any number above 0 is one error then, so that the exact bound holds."""
    odd = losses.Loss("odd", lambda p, y: 7 * ((p - y) % 2), failure=1.0, most=9.0, wrong="is odd")
    assert list(odd.each([1, 2, "a"], [0, 0, 0])) == [1, 0, 1]


@given(
    labels=st.lists(st.integers(-30, 30), min_size=2, max_size=12),
    t=st.sampled_from([0, 0.5, 1, 3.5, 20]),
)
def test_no_constant_misses_fewer_labels_than_the_best_one(labels, t):
    """Against every middle of two labels, one of which is as good as any number."""
    samples = Samples.of(enumerate(labels))
    middles = [(a + b) / 2 for a in labels for b in labels]
    least = min(sum(abs(y - middle) > t for y in labels) for middle in middles)
    found = chance.error(Split(samples.take(()), samples), losses.within(t))
    assert found == pytest.approx(least / len(labels))
