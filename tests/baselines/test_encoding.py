"""Inputs of every kind become a matrix whose columns say what they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmerm.baselines.encoding import Encoding
from llmerm.baselines.targets import Classes, Numbers, classes, targets
from llmerm.errors import DataError


def encoded(inputs, others=None):
    encoding = Encoding.of(inputs)
    return encoding.names, encoding.matrix(inputs if others is None else others).tolist()


def test_bit_strings_are_one_column_a_place():
    """A one is 1.0, a zero 0.0."""
    names, rows = encoded(["011", "100"])
    assert names == ("x[0] == '1'", "x[1] == '1'", "x[2] == '1'")
    assert rows == [[0, 1, 1], [1, 0, 0]]


def test_other_characters_are_one_column_each():
    """With three characters there are three columns a place; an unknown one is all zeros."""
    names, rows = encoded(["ab", "ca"], ["cz"])
    assert names[:3] == ("x[0] == 'a'", "x[0] == 'b'", "x[0] == 'c'")
    assert rows == [[0, 0, 1, 0, 0, 0]]


def test_texts_of_different_lengths_are_padded_and_counted():
    """What is not there is zeros, in both characters; one column has the length."""
    names, rows = encoded(["0", "11"])
    assert names == ("x[0] == '0'", "x[0] == '1'", "x[1] == '0'", "x[1] == '1'", "len(x)")
    assert rows == [[1, 0, 0, 0, 1], [0, 1, 0, 1, 2]]


def test_longer_texts_than_in_training_are_cut():
    """Length generalisation is asked of learners that cannot see the rest."""
    assert encoded(["01", "10"], ["1111", "0"])[1] == [[1, 1], [0, 0]]


@given(st.lists(st.text("01ab\x00é\ud800", max_size=6), min_size=1, max_size=8))
def test_characters_agree_with_a_loop(texts):
    """Each entry says whether the character stands at the place, for any text."""
    if not any(texts):
        return
    try:
        encoding = Encoding.of(texts)
    except DataError:
        assert all(set(text) <= {"\x00"} for text in texts)
        return
    for text, row in zip(texts, encoding.matrix(texts).tolist(), strict=True):
        for name, entry in zip(encoding.names, row, strict=True):
            assert entry == float(
                eval(name, {"x": text + "\x01" * 9}) if "==" in name else len(text)
            )


def test_numbers_stay_and_missing_ones_are_marked():
    """Booleans are numbers; None is 0 with a mark of its own."""
    names, rows = encoded([{"a": 2, "b": True}, {"a": None, "b": False}])
    assert names == ("a", "a is missing", "b")
    assert rows == [[2, 0, 1], [0, 1, 0]]


def test_rows_have_categories_and_numbers():
    """A text in a row is one of a few; a new one is all zeros, a missing field too."""
    inputs = [{"pet": "cat", "age": 3}, {"pet": "dog", "age": 4.5}]
    names, rows = encoded(inputs, [{"pet": "cow", "age": 1}, {"age": 2}])
    assert names == ("pet == 'cat'", "pet == 'dog'", "age")
    assert rows == [[0, 0, 1], [0, 0, 2]]


def test_a_text_of_many_values_in_a_row_is_read_by_character():
    """Beyond 32 different texts each is a text of its own."""
    inputs = [{"word": f"{i:03d}"} for i in range(100)]
    assert Encoding.of(inputs).names[:2] == ("word[0] == '0'", "word[0] == '1'")


def test_lists_are_padded_and_counted_and_may_be_nested():
    """Tuples are as lists; a list in a list has its own places."""
    names, rows = encoded([[1, [2, 3]], (4, [5, 6])])
    assert names == ("x[0]", "x[1][0]", "x[1][1]")
    assert rows == [[1, 2, 3], [4, 5, 6]]
    names, rows = encoded([[1], [2, 3]], [[7, 8, 9]])
    assert names == ("x[0]", "x[1]", "x[1] is missing", "len(x)")
    assert rows == [[7, 8, 0, 3]]


def test_a_few_values_of_several_types_are_categories():
    """So are None and text together."""
    names, rows = encoded([None, "a", 1])
    assert len(names) == 3
    assert [sum(row) for row in rows] == [1, 1, 1]


@pytest.mark.parametrize(
    ("inputs", "told"),
    [
        ([*range(30), *map(str, range(30))], "more than 32 values of the types int, str"),
        (["", ""], "become 0 columns"),
        (["a" * 30_000, "b" * 30_000], "become 30,000 columns"),
        ([[0] * 30_000], "columns, expected 1 to 20,000"),
        ([10**300, 1], "expected a number below 1e38"),
    ],
)
def test_what_cannot_be_encoded_is_refused(inputs, told):
    """The error names what is wrong."""
    with pytest.raises(DataError, match=told):
        encoded(inputs)


@pytest.mark.parametrize(("train", "new"), [(["01"], 5), ([1], "a"), ([[1]], 1), ([{"a": 1}], "a")])
def test_inputs_of_another_kind_than_in_training_are_refused(train, new):
    """They are named, with what was expected."""
    with pytest.raises(DataError, match="as in the training samples"):
        Encoding.of(train).matrix([new])


def test_labels_are_classes_unless_one_has_a_fraction():
    """Whole floats are classes, and so are numbers beyond every float."""
    assert isinstance(targets([0.0, 1.0]), Classes)
    assert isinstance(targets([1, 2.5]), Numbers)
    assert isinstance(targets([True, 2.5]), Classes)
    assert isinstance(targets([10**400, 2.5]), Classes)


def test_equal_labels_are_one_class_and_the_first_stands_for_it():
    """1 and 1.0 are equal by value; '1' is another."""
    found = classes([1, 1.0, "1"])
    assert len(found.labels) == 2
    assert found.decode(found.array) == [1, 1, "1"]
