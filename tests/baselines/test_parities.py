"""GF(2) elimination and correlation search: exact where the information is in the data."""

from __future__ import annotations

import itertools
import math
import random

import numpy as np
import pytest

from llmerm import baselines, tasks
from llmerm.baselines.gf2_elimination import combination
from llmerm.baselines.low_degree import detected
from llmerm.errors import ArgumentError, DataError
from llmerm.samples import Samples


@pytest.mark.parametrize("k", [1, 3, 10, 30])
def test_elimination_is_exact_on_every_parity(k):
    """With more samples than bits the parity of any k of 30 bits is found."""
    task = tasks.get("k_parity", n=30, k=k)
    samples = task.sample(1 << 4 if k == 0 else 1060, seed=0)
    predictor = baselines.get("gf2_elimination").fit(samples[:60])
    assert predictor.places == task.coordinates
    assert predictor.predict(samples.inputs[60:]) == list(samples.outputs[60:])


def test_elimination_finds_a_flipped_parity():
    """The complement of a parity is affine over GF(2), and found as well."""
    samples = tasks.get("parity", n=12).sample(200, seed=0)
    flipped = Samples.of([(x, "even" if y == 0 else "odd") for x, y in samples])
    predictor = baselines.get("gf2_elimination").fit(flipped[:100])
    assert predictor.predict(flipped.inputs[100:]) == list(flipped.outputs[100:])


def test_elimination_with_too_few_samples_fits_and_does_not_generalise():
    """With 20 samples of 60 bits many parities fit; the one taken is no better than a coin."""
    samples = tasks.get("k_parity", n=60, k=3).sample(1020, seed=0)
    score = baselines.score(baselines.get("gf2_elimination"), samples[:20], samples[20:])
    assert score.interpolates
    assert 0.4 < score.test_accuracy < 0.6


def test_elimination_says_the_most_frequent_label_where_no_parity_fits():
    """A conjunction is no parity: what is left is the constant."""
    train = Samples.of([(f"{i:04b}", int(i % 4 == 3)) for i in range(16)])
    assert baselines.get("gf2_elimination").fit(train).predict(["1111"]) == [0]


def test_combinations_over_gf2_agree_with_brute_force():
    """For random vectors there is a combination exactly where trying all of them finds one."""
    rng = random.Random(0)
    hits = 0
    for _ in range(300):
        columns = [rng.getrandbits(5) for _ in range(rng.randint(1, 5))]
        goal = rng.getrandbits(5)
        sums = {_xor(part) for r in range(6) for part in itertools.combinations(columns, r)}
        found = combination(columns, goal)
        assert (found is not None) == (goal in sums)
        if found is not None:
            hits += 1
            assert _xor([columns[i] for i in found]) == goal
    assert 50 < hits < 250


def _xor(numbers):
    total = 0
    for number in numbers:
        total ^= number
    return total


@pytest.mark.parametrize("k", [1, 2, 3])
def test_correlation_search_is_exact_on_short_parities(k):
    """A parity of up to three of 50 bits is seen with 200 samples."""
    task = tasks.get("k_parity", n=50, k=k)
    samples = task.sample(1200, seed=0)
    predictor = baselines.get("low_degree").fit(samples[:200])
    assert [c.places for c in predictor.coefficients] == [task.coordinates]
    assert predictor.predict(samples.inputs[200:]) == list(samples.outputs[200:])


def test_correlation_search_does_not_see_long_parities():
    """The parity of ten bits correlates with no product of three: the guess is a constant."""
    samples = tasks.get("k_parity", n=50, k=10).sample(400, seed=0)
    predictor = baselines.get("low_degree").fit(samples[:200])
    assert len(set(predictor.predict(samples.inputs[200:]))) == 1


def test_coefficients_agree_with_brute_force():
    """For every set of at most three of eight bits the correlation is what its definition says."""
    rng = np.random.default_rng(0)
    signs = (1 - 2 * rng.integers(0, 2, (500, 8))).astype(np.float32)
    mixed = signs[:, 0] + signs[:, 1] * signs[:, 2] + signs[:, 3] * signs[:, 5] * signs[:, 7]
    target = np.where(mixed + 0.1 > 0, 1, -1).astype(np.float32)
    expected = {}
    for d in (1, 2, 3):
        least = target.std() * math.sqrt(2 * math.log(2 * math.comb(8, d) * 3 / 0.05) / 500)
        for places in itertools.combinations(range(8), d):
            weight = np.mean((target - target.mean()) * signs[:, places].prod(axis=1))
            if abs(weight) > least:
                expected[places] = weight
    found = {c.places: c.weight for c in detected(signs, target, 3, 0.05)}
    assert found.keys() == expected.keys() >= {(0,), (1, 2), (3, 5, 7)}
    assert all(found[places] == pytest.approx(expected[places], abs=1e-5) for places in found)


def test_noise_shows_no_coefficient():
    """In 40 draws of labels that are coins, at most 6 show any (5 % of 40 are 2)."""
    rng = np.random.default_rng(1)
    shown = 0
    for _ in range(40):
        signs = (1 - 2 * rng.integers(0, 2, (200, 12))).astype(np.float32)
        target = (1 - 2 * rng.integers(0, 2, 200)).astype(np.float32)
        shown += bool(detected(signs, target, 2, 0.05))
    assert shown <= 6


def test_many_bits_lower_the_degree():
    """With 3,000 bits pairs are too many products; the single bit that decides is still found."""
    rng = np.random.default_rng(2)
    signs = (1 - 2 * rng.integers(0, 2, (100, 3000))).astype(np.float32)
    assert [c.places for c in detected(signs, signs[:, 7], 3, 0.05)] == [(7,)]


def test_a_degree_of_nothing_is_refused():
    """The degree is at least 1, delta a probability."""
    with pytest.raises(ArgumentError, match="`degree` must be at least 1"):
        baselines.get("low_degree", degree=0)
    with pytest.raises(ArgumentError, match=r"`delta` in \(0, 1\)"):
        baselines.get("low_degree", delta=1.0)


@pytest.mark.parametrize("name", ["gf2_elimination", "low_degree"])
def test_inputs_without_bits_are_refused(name):
    """A column of floats is no bit."""
    with pytest.raises(DataError, match="reads bits, and the inputs have none: x"):
        baselines.get(name).fit(Samples.of([(0.5, 0), (1.5, 1)]))
