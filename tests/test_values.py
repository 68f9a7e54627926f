"""Plain values: the quick look at many says nothing else than the slow one at each."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmerm.errors import DataError
from llmerm.values import are_plain, as_value

ATOMS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.just(10**4_001),
    st.just(np.float64(1.5)), st.just(b"x"), st.just(1j),
)  # fmt: skip
ROWS = st.one_of(
    ATOMS,
    st.lists(ATOMS, max_size=3),
    st.dictionaries(st.sampled_from(["a", "b", 1]), ATOMS, max_size=3),
    st.tuples(ATOMS),
    st.lists(st.lists(ATOMS, max_size=2), max_size=2),
)


def unchanged(thing: object) -> bool:
    try:
        return repr(as_value(thing, "it")) == repr(thing)
    except DataError:
        return False


@given(st.lists(ROWS, max_size=6))
def test_what_is_called_plain_is_given_as_it_is(things):
    """Never is a value called plain that `as_value` would refuse or convert."""
    if are_plain(things):
        assert all(map(unchanged, things))


@pytest.mark.parametrize(
    "things",
    [[], ["a"] * 3, [1, 2.5, None, True, "a"], [[1, 2], [3, 4]], [{"a": 1, "b": "u"}] * 3, [{"a": None}]],
)  # fmt: skip
def test_what_is_usual_is_called_plain(things):
    """So that it need not be looked at one by one."""
    assert are_plain(things)


@pytest.mark.parametrize("wrong", [math.nan, math.inf, 10**4_001, np.float64(1), b"x", [1], {1: 2}])
@pytest.mark.parametrize("among", [lambda v: v, lambda v: [v, 1], lambda v: {"a": v}])
def test_one_value_that_is_not_plain_among_many_is_seen(wrong, among):
    """At any place."""
    assert not are_plain([among(1.0)] * 5 + [among(wrong)])
