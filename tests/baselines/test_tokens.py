"""Inputs as sequences of characters."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from llmerm.baselines.tokens import Vocabulary


@given(
    st.lists(st.text("01ab\x00é", max_size=6), min_size=1, max_size=6), st.text("01z", max_size=9)
)
def test_tokens_agree_with_a_loop(texts, new):
    """A mark, then 3 and up for the characters in order, 2 for unknown ones, 0 behind the end."""
    vocabulary = Vocabulary.of(texts)
    known = sorted(set("".join(texts)))
    tokens, lengths = vocabulary.sequences([*texts, new])
    for text, row, length in zip([*texts, new], tokens.tolist(), lengths.tolist(), strict=True):
        expected = [1, *(known.index(c) + 3 if c in known else 2 for c in text)]
        assert row == expected + [0] * (len(row) - length)
        assert length == len(expected)
    assert vocabulary.size == len(known) + 3


def test_other_values_are_read_as_json():
    """A list, a row and a number have characters, too."""
    vocabulary = Vocabulary.of([[1, 2], {"a": True}, 5])
    assert set(vocabulary.characters) == set('[1, 2]{"a": true}5')
    assert (
        vocabulary.sequences([(1, 2)]).tokens.tolist()
        == vocabulary.sequences([[1, 2]]).tokens.tolist()
    )
    assert vocabulary.sequences([]).tokens.shape == (0, 1)
