"""Values: what goes into a block comes out again, and keys tell rows apart."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmerm.search.columns import Column, KeySet
from llmerm.search.last_step import KeyIndex
from llmerm.search.sequences import Lists, Texts
from llmerm.search.values import Bigs, Bools, Floats, Ints

LATIN = st.text(st.characters(max_codepoint=254), max_size=12)
ANY_TEXT = st.text(max_size=12)
SMALL = st.integers(-(2**31) + 1, 2**31 - 1)


@given(st.lists(LATIN, min_size=1, max_size=6), st.lists(ANY_TEXT, min_size=1, max_size=6))
def test_texts_come_back(latin, anything):
    """Any string survives, NUL and the empty one included."""
    for kind, texts in ((Texts(12), latin), (Texts(12, wide=True), anything)):
        assert kind.decode(kind.encode(texts)[0]) == texts


@given(st.lists(st.lists(SMALL, max_size=8), min_size=1, max_size=6))
def test_lists_come_back(values):
    """Lists of integers survive, the empty one included."""
    kind = Lists(8)
    assert kind.decode(kind.encode(values)[0]) == values


@given(st.lists(SMALL, min_size=3, max_size=3), st.lists(SMALL, min_size=3, max_size=3))
def test_equal_rows_have_equal_keys(left, right):
    """Two rows of integers have the same key if and only if they are the same."""
    for kind in (Ints(), Bigs()):
        keys = [int(kind.keys(kind.encode(row))[0]) for row in (left, right)]
        assert (keys[0] == keys[1]) == (left == right)


def test_a_trailing_zero_is_not_padding():
    """The lists [1] and [1, 0] have different keys, as have '' and a NUL."""
    lists, texts = Lists(4), Texts(4)
    assert lists.keys(lists.encode([[1]])) != lists.keys(lists.encode([[1, 0]]))
    assert texts.keys(texts.encode([""])) != texts.keys(texts.encode(["\0"]))


def test_the_key_of_truth_values_is_the_values():
    """Sample i is bit i of the key, so that connectives are arithmetic on keys."""
    kind = Bools()
    assert int(kind.keys(kind.encode([True, False, True]))[0]) == 0b101
    with pytest.raises(OverflowError, match="64"):
        kind.keys(np.ones((1, 65), np.bool_))


def test_what_does_not_fit_is_refused():
    """A value of another type or too large is an error, which drops the expression."""
    with pytest.raises(TypeError):
        Ints().encode(["1"])
    with pytest.raises(OverflowError):
        Texts(4).encode(["a" * 99])
    assert Ints().fits(np.array([[1, 2], [2**31, 0]])).tolist() == [True, False]
    assert Floats().fits(np.array([[1.0, np.inf]])).tolist() == [False]


@given(st.lists(st.lists(st.integers(0, 30), max_size=40), max_size=12))
def test_key_set_is_a_set(batches):
    """It reports the first occurrence of each key and nothing else."""
    keys, seen = KeySet(), set()
    for batch in batches:
        new = keys.add(np.array(batch, np.uint64)).tolist()
        first = [i for i, v in enumerate(batch) if v not in seen and v not in batch[:i]]
        assert new == first
        seen |= set(batch)


@given(st.lists(st.lists(st.integers(0, 9), max_size=20), max_size=8), st.integers(0, 9))
def test_key_index_finds_all_rows(batches, wanted):
    """Every row filed under a key is found under it."""
    index, rows, count = KeyIndex(), [], 0
    for batch in batches:
        places = np.arange(count, count + len(batch))
        index.add(np.array(batch, np.uint64), places)
        rows += [place for place, v in zip(places.tolist(), batch, strict=True) if v == wanted]
        count += len(batch)
    places, found = index.match(np.array([wanted], np.uint64))
    assert sorted(found.tolist()) == rows[:64] if len(rows) <= 64 else len(found) >= 64
    assert set(places.tolist()) <= {0}


def test_a_full_column_keeps_no_more():
    """Beyond the capacity rows are dropped, and the column says so."""
    column = Column(Ints(), samples=2, capacity=3)
    block = np.arange(10).reshape(5, 2)
    column.add(block, column.kind.keys(block), 0, ())
    assert column.count == 3
    assert column.dropped_at == 0
