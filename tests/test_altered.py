"""What controls do to samples: against the originals, letter by letter."""

from __future__ import annotations

from collections import Counter

import pytest

from llmerm.altered import with_other_names, with_shuffled_labels, without_samples
from llmerm.samples import Samples

TEXTS = Samples.of([(f"{i:05b}", i % 2) for i in range(32)], name="bits").described("odd ones")
ROWS = Samples.of([({"age": i, "a": "ab"}, "a" if i > 9 else "b") for i in range(20)])
COPIES = Samples.of([("abc", "a1"), ("bca", "b1"), ("cab", "c1")])


def test_shuffled_labels_are_the_same_ones_at_other_inputs():
    """Inputs, counts and words stay; about half of the labels of a coin move; a seed gives one deal."""
    dealt = with_shuffled_labels(TEXTS, 0)
    assert dealt.inputs == TEXTS.inputs
    assert Counter(dealt.outputs) == Counter(TEXTS.outputs)
    assert 8 <= sum(a != b for a, b in zip(dealt.outputs, TEXTS.outputs, strict=True)) <= 24
    assert (dealt.name, dealt.description) == ("bits", "odd ones")
    assert dealt == with_shuffled_labels(TEXTS, 0) != with_shuffled_labels(TEXTS, 1)


def test_other_names_for_characters_can_be_undone():
    """Each new character stands for one old one, and none is an old one; labels and order stay."""
    found = with_other_names(TEXTS, 0)
    assert found is not None
    back = dict(zip("".join(found.inputs), "".join(TEXTS.inputs), strict=True))
    assert sorted(back.values()) == ["0", "1"]
    assert not set(back) & {"0", "1"}
    assert tuple("".join(back[c] for c in x) for x in found.inputs) == TEXTS.inputs
    assert found.outputs == TEXTS.outputs
    assert found.description is None


def test_columns_get_other_names_and_keep_cells_and_labels():
    """Also where a label or a cell is the name of a column."""
    found = with_other_names(ROWS, 3)
    assert found is not None
    assert all(set(x) & {"age", "a"} == set() for x in found.inputs)
    assert [list(x.values()) for x in found.inputs] == [list(x.values()) for x in ROWS.inputs]
    assert found.outputs == ROWS.outputs


def test_a_rule_that_copies_characters_stays_one():
    """f(x) = x[0] + "1": the letter follows its input, what is in no input stays."""
    found = with_other_names(COPIES, 0)
    assert found is not None
    assert all(y == x[0] + "1" for x, y in found)
    assert not set("abc1") & set("".join(found.inputs))


def test_texts_in_lists_are_renamed_and_the_kind_of_list_stays():
    """Numbers among them stay."""
    found = with_other_names(Samples.of([(["ab", 7], 1), (("b",), 0)]), 0)
    assert found is not None
    (first, seven), (second,) = found.inputs
    assert first[1] == second
    assert not set(first) & {"a", "b"}
    assert seven == 7
    assert [type(x) for x in found.inputs] == [list, tuple]


@pytest.mark.parametrize("inputs", [[1, 2], [0.5, 7], [[1, 2], [3]], [True, None], ["", ""]])
def test_where_nothing_has_a_name_nothing_is_renamed(inputs):
    """Numbers, lists of them, and empty texts."""
    assert with_other_names(Samples.of(zip(inputs, [0, 1], strict=True)), 0) is None


def test_without_samples_the_held_out_part_stays():
    """The same samples in the same order, at every seed and share; nothing to learn from."""
    blind = without_samples(TEXTS)
    for seed, share in ((0, 0.5), (3, 0.25)):
        train, held_out = blind.split(share, seed=seed)
        assert len(train) == 0
        assert held_out.fingerprint == TEXTS.split(share, seed=seed).held_out.fingerprint
    assert blind.fingerprint == TEXTS.fingerprint


def test_without_samples_the_kinds_are_told_in_words():
    """Beside what the user knows: what inputs and labels are, and for rows one without its label."""
    told = without_samples(TEXTS).split().train.description
    assert told == (
        "odd ones\nEach input x is a string of 5 characters, each one of '0', '1'. "
        "Each label is one of 0, 1. No labelled input is given."
    )
    part = without_samples(ROWS).split(0.7, seed=1).train
    told = part.description
    first = ROWS.split(0.7, seed=1).train.inputs[0]
    assert told is not None
    assert told.startswith(f"Each input x is a dict with the keys 'age', 'a', such as {first!r}. ")
