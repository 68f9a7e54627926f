"""Replies as they are gathered, and how a call's tokens are shared out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmerm.proposers.gathering import MOST_COUNTED, Counts, Gathering, count_of, shares
from llmerm.proposers.pricing import Price
from llmerm.typing import Usage


@given(st.integers(0, 10**6), st.lists(st.integers(0, 1000), min_size=1, max_size=20))
def test_shares_add_up_to_the_total(total, weights):
    """Nothing is lost by rounding, and nobody gets less than nothing."""
    parts = shares(total, weights)
    assert sum(parts) == total
    assert min(parts) >= 0


@pytest.mark.parametrize(
    ("counted", "pieces", "out"),
    [
        (96, [96, 96, 96, 96], 384),  # llama.cpp: one of four, a piece a token
        (13, [8, 8, 8, 8], 52),  # one of four, pieces of several tokens
        (20, [10, 20], 30),
        (301, [10, 20], 301),  # all of them
        (0, [10, 20], 30),
        (12, [40], 12),  # of one reply, the server knows best
        (0, [40], 40),
    ],
)
def test_tokens_of_several_replies_where_one_is_counted(counted, pieces, out):
    """The count is of one reply if more pieces came than it has tokens."""
    into = Gathering(len(pieces), lambda: None, most_in=0)
    into.counts = Counts(1, out=counted)
    for draft, size in zip(into.drafts, pieces, strict=True):
        draft.pieces, draft.stop = size, "end"
    assert sum(reply.usage.tokens_out for reply in into.replies(None)) == out


counts = st.integers(0, 10**5)


@given(
    st.builds(Counts, counts, counts, counts, counts, counts),
    st.lists(st.integers(1, 50), min_size=1, max_size=6),
)
def test_usages_of_any_counts_make_sense(said, pieces):
    """Whatever a server says, parts are no more than their whole, and a call is one call."""
    into = Gathering(len(pieces), lambda: None, most_in=77)
    into.counts = said
    for draft, size in zip(into.drafts, pieces, strict=True):
        for _ in range(size):
            draft.add("x")
        draft.stop = "end"
    total = sum((reply.usage for reply in into.replies(None)), Usage())
    assert total.calls == 1
    assert total.tokens_cached + total.tokens_written <= total.tokens_in
    assert total.tokens_reasoning <= total.tokens_out
    assert total.tokens_in == (said.tokens_in or 77)
    assert total.tokens_out >= (sum(pieces) if len(pieces) > 1 else min(said.out or 1, pieces[0]))


def test_before_it_begins_a_call_costs_no_tokens():
    """A call that was refused or lost on its way is a call, and no more."""
    into = Gathering(2, lambda: None, most_in=77)
    assert into.spent(None) == Usage(calls=1)
    into.begin()
    assert into.spent(None) == Usage(calls=1, tokens_in=77)


def test_began_is_told_once():
    """However many parts come."""
    told = []
    into = Gathering(1, lambda: told.append(1), most_in=0)
    for _ in range(3):
        into.begin()
    assert told == [1]


@pytest.mark.parametrize("index", [-1, 2, "0", None, True])
def test_a_reply_that_nobody_asked_for_is_thrown_away(index):
    """It lands in none of the drafts."""
    into = Gathering(2, lambda: None, most_in=0)
    into.draft(index).add("stray")
    assert [draft.parts for draft in into.drafts] == [[], []]


@pytest.mark.parametrize(
    ("told", "count"),
    [(10**400, MOST_COUNTED), (-(10**400), 0), (-1, 0), (float("nan"), 0), (float("inf"), 0),
     (1e300, 0), (True, 0), ("7", 0), ([7], 0), (7, 7)],
)  # fmt: skip
def test_whatever_a_server_counts_has_a_price(told, count):
    """No count is below zero, and none too large for a float or a ledger."""
    assert count_of({"tokens": told}, "tokens") == count
    into = Gathering(1, lambda: None, most_in=0)
    into.drafts[0].stop = "end"
    into.counts = Counts(count, out=count_of({"tokens": told}, "tokens"))
    (reply,) = into.replies(Price(2.0, 10.0))
    assert reply.usage.usd == pytest.approx(12e-6 * count)
