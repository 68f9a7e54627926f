"""Prior: operators counted in sources re-weight a grammar, which stays a probability."""

from __future__ import annotations

import math

import pytest

from llmerm.errors import ArgumentError
from llmerm.proposers.enumerator import Enumerate
from llmerm.samples import Samples
from llmerm.search import Grammar, operator_counts

BITS = Grammar.infer(Samples.of([("0110", 1), ("1100", 0)]))


def test_forms_are_counted_whatever_the_names():
    """Slices, comprehensions and calls count where they occur; once for each source."""
    sources = [
        "def f(text):\n    back = text[::-1]\n    return back[::-1]",
        "def f(s):\n    return sum(k == '1' for k, _ in __import__('itertools').groupby(s))",
        "def f(x): return x.count('1') % 2",
    ]
    counts = operator_counts(BITS, sources)
    assert counts["reverse"] == 1
    assert counts["mod"] == 1
    assert counts["count apart"] == 1  # a character is a word too
    assert counts["tail"] == 0


def test_a_slice_is_no_index_and_one_is_not_true():
    """`x[::-1]` is a reversal, and neither an item of a list nor the constant True."""
    counts = operator_counts(BITS, ["def f(x): return x[::-1]"])
    assert counts["reverse"] == 1
    assert not {"true", "list at", "character"} & counts.keys()
    assert operator_counts(BITS, ["def f(x): return x[1] or True"])["true"] == 1


@pytest.mark.parametrize("source", ["", "def f(:", "\x00", "(" * 5000, "x" * 200_000])
def test_what_is_no_python_counts_for_nothing(source):
    """Broken, empty and oversized sources are passed over."""
    assert not operator_counts(BITS, [source])


def test_counted_operators_become_cheaper_and_the_rest_stay_possible():
    """A counted operator costs fewer bits, the others finitely more; probabilities sum to <= 1."""
    heavy = BITS.reweighted({"reverse": 5, "no such operator": 3})
    assert heavy.cost(heavy["reverse"]) < BITS.cost(BITS["reverse"])
    assert all(math.isfinite(heavy.cost(op)) for op in heavy.ops)
    for kind in heavy.types:
        assert sum(2.0 ** -heavy.cost(op) for op in heavy.ops if op.ret == kind) <= 1 + 1e-9


def test_no_counts_change_nothing():
    """Without counts, or with no trust in them, every price is as before."""
    for same in (BITS.reweighted({}), BITS.reweighted({"reverse": 5}, trust=0.0)):
        assert [same.cost(op) for op in same.ops] == [BITS.cost(op) for op in BITS.ops]


@pytest.mark.parametrize("count", [-1.0, math.nan, math.inf])
def test_counts_are_checked(count):
    """A negative or infinite count is refused by name."""
    with pytest.raises(ArgumentError, match="reverse"):
        BITS.reweighted({"reverse": count})


def test_the_prior_is_recorded():
    """What re-weighted the search is part of the proposer's parameters."""
    assert Enumerate(prior={"reverse": 2.0}).parameters["prior"] == {"reverse": 2.0}
    assert Enumerate().parameters["prior"] is None
