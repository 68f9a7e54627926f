"""Lines for noisy quantities, beside least squares done otherwise."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression, OrthogonalMatchingPursuit

import llmerm
from llmerm.samples import Samples
from llmerm.search.lines import TERMS, lines


def noisy(rng: np.random.Generator, *, made=list) -> tuple[Samples, np.ndarray, np.ndarray]:
    X = rng.normal(size=(200, 8)).round(3)
    y = 40 * X[:, 2] - 7 * X[:, 5] + 2 * X[:, 0] + 500 + rng.normal(size=200)
    return Samples.from_arrays([made(row) for row in X.tolist()], y), X, y


def values(text: str, samples: Samples) -> np.ndarray:
    return np.array([eval(text, {"x": x}) for x in samples.inputs], float)


@pytest.mark.parametrize("seed", range(4))
def test_each_sum_is_that_of_matching_pursuit_up_to_rounding(seed):
    """Its columns are scikit-learn's choice, and its squares within 2 % of the least."""
    samples, X, y = noisy(np.random.default_rng(seed))
    found = list(lines(samples))
    assert len(found) == 1 + TERMS
    assert values(found[0], samples)[0] == pytest.approx(y.mean(), abs=y.std() / 50)
    for terms, text in enumerate(found[1:], start=1):
        scaled = (X - X.mean(0)) / X.std(0)
        oracle = OrthogonalMatchingPursuit(n_nonzero_coefs=terms).fit(scaled, y - y.mean())
        chosen = np.flatnonzero(oracle.coef_)
        assert all(f"x[{i}]" in text for i in chosen)
        assert text.count("x[") == terms
        least = LinearRegression().fit(X[:, chosen], y).predict(X[:, chosen])
        assert ((values(text, samples) - y) ** 2).sum() < 1.02 * ((least - y) ** 2).sum() + 1


def test_columns_by_name_are_read_with_what_stands_for_a_missing_cell():
    """As the search itself reads them; texts are left out."""
    rows = [{"a": i, "b": None if i % 5 == 0 else i % 7, "c": "u"} for i in range(60)]
    samples = Samples.from_arrays(rows, [3.5 * x["a"] + 20.0 * (x["b"] is None) for x in rows])
    *_, text = lines(samples)
    assert "x['a']" in text
    assert "(x['b'] is None)" in text
    assert "x['c']" not in text
    assert values(text, samples) == pytest.approx(samples.outputs, abs=1.5)


@pytest.mark.parametrize(
    "labels",
    [["a", "b"] * 30, [0, 1] * 30, [None, 1.5] * 30, [10**400 + i for i in range(60)], [True] * 60],
    ids=["texts", "few", "missing", "huge", "one"],
)
def test_labels_that_are_no_quantities_have_no_lines(labels):
    """Classes, and numbers that floats do not hold."""
    assert list(lines(Samples.from_arrays(range(60), labels))) == []


def test_a_fit_of_noisy_numbers_comes_close():
    """It used to end with a constant: now the error is the noise's, about 1."""
    samples, _, _ = noisy(
        np.random.default_rng(0), made=lambda row: {f"c{i}": v for i, v in enumerate(row)}
    )
    proposer = llmerm.proposers.Enumerate(seconds=1.0, max_bytes=4 << 20)
    result = llmerm.fit(samples, loss="squared", proposer=proposer)
    assert result.held_out_error < 3 < result.chance_error
    assert "x['c2']" in result.program.source
