"""Scores of portions add up to the score of the whole, to the last bit."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from llmerm.losses import ABSOLUTE, SQUARED, ZERO_ONE, Loss
from llmerm.samples import Samples
from llmerm.scoring.portions import data_of
from llmerm.scoring.score import exact_sum, score, total
from llmerm.typing import Ran, SampleError, Scored

numbers = st.floats(min_value=0, max_value=1e300, allow_nan=False)


@given(st.lists(numbers, max_size=30), st.integers(0, 30))
def test_an_exact_sum_loses_nothing(losses, cut):
    """Sums of two parts, put together, round as the sum of all does."""
    parts = [*exact_sum(losses[:cut]), *exact_sum(losses[cut:])]
    assert math.fsum(parts) == math.fsum(losses)
    assert len(exact_sum(losses)) <= len(losses)


def test_a_sum_beyond_every_float_is_infinite():
    """So is one that holds an infinite loss."""
    assert exact_sum([1e308, 1e308]) == (math.inf,)
    assert exact_sum([1.0, math.inf]) == (math.inf,)
    assert exact_sum([]) == ()


predictions = st.one_of(
    st.integers(-5, 5), st.floats(-1e9, 1e9), st.just("no number"), st.just(SampleError("E"))
)


@given(
    pairs=st.lists(st.tuples(predictions, st.one_of(st.integers(-5, 5), st.floats(-1e9, 1e9)))),
    held_out=st.integers(0, 20),
    most=st.integers(1, 9),
    loss=st.sampled_from([ZERO_ONE, ABSOLUTE, SQUARED]),
)
def test_portions_add_up(pairs, held_out, most, loss: Loss):
    """The oracle is the loss over all predictions at once."""
    samples = Samples.of([(i, y) for i, (_, y) in enumerate(pairs)])
    train, held = samples[held_out:], samples[:held_out]
    data = data_of(train, held, most=most)
    given = [p for p, _ in pairs]
    scores = [
        score(
            Ran(given[portion.start : portion.start + len(portion.inputs)]),
            portion,
            loss,
            keep=range(len(portion.inputs)),
        )
        for portion in data.portions
    ]
    assert [one for portion in scores for one in portion.kept] == given
    errors = sum(isinstance(p, SampleError) for p in given)
    verdict = total(scores, data, bits=1.0)
    if errors and errors == len(given):
        assert verdict.reason == "raised"
        return
    assert isinstance(verdict, Scored)
    assert verdict.held_out_error == loss.mean(given[:held_out], held.outputs)
    assert verdict.train_error == loss.mean(given[held_out:], train.outputs)
    assert verdict.sample_errors == errors


def test_long_inputs_make_smaller_portions():
    """A portion has about 8 MiB, and never fewer than 1,000 inputs."""
    long = Samples.of([("x" * 100_000 + str(i), 0) for i in range(1_500)])
    short = Samples.of([(i, 0) for i in range(1_500)])
    assert [len(p.inputs) for p in data_of(long[:0], long).portions] == [1_000, 500]
    assert [len(p.inputs) for p in data_of(short[:0], short).portions] == [1_500]
