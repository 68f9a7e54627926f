"""The prompt: what it shows, that it never varies, and what it refuses."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmerm.errors import ArgumentError, UnknownNameError
from llmerm.proposers.model import Prompt
from llmerm.proposers.prompt import asked, fitting, render, subset, templates
from llmerm.samples import Samples
from llmerm.sandbox.modules import MODULES

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(st.characters(exclude_categories=[])),
    lambda inner: st.lists(inner, max_size=4) | st.tuples(inner) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


def shown(prompt):
    """The samples that a prompt shows, read back from its lines."""
    block = prompt.shared.split("\n\n")[1]
    pairs = [line.rpartition(" -> ") for line in block.split("\n")]
    return [(ast.literal_eval(x), ast.literal_eval(y)) for x, _, y in pairs]


@given(
    st.lists(
        st.tuples(VALUES.filter(lambda x: not isinstance(x, dict)), st.integers()),
        min_size=1,
        max_size=5,
    )
)
def test_every_input_and_label_can_be_read_back_from_its_line(pairs):
    """Whatever the values are: one line a sample, a literal of the same value and type."""
    samples = Samples.of(pairs)
    assert repr(shown(render(samples, modules=()))) == repr(
        list(zip(samples.inputs, samples.outputs, strict=True))
    )


def test_a_label_of_any_type_is_a_literal():
    """Labels are shown as inputs are."""
    labels = ["a -> b", "c\n", True, None, 1.5, [1, 2]]
    samples = Samples.of(list(enumerate(labels)))
    lines = render(samples, modules=()).shared.split("\n\n")[1].split("\n")
    assert [ast.literal_eval(line.partition(" -> ")[2]) for line in lines] == labels


def test_the_rows_of_a_table_are_tuples_under_one_list_of_columns():
    """Each column is named once; a whole row is shown as what f will be given."""
    rows = [({"age": i, "na me": f"n{i}"}, i % 2) for i in range(10)]
    prompt = render(Samples.of(rows), modules=())
    assert shown(prompt) == [((i, f"n{i}"), i % 2) for i in range(10)]
    assert prompt.shared.count("'na me'") == 2
    assert str(rows[0][0]) in prompt.shared


def test_dicts_with_other_keys_are_shown_whole():
    """They are no table."""
    rows = [({"a": 1}, 0), ({"b": 2}, 1)]
    assert shown(render(Samples.of(rows), modules=())) == rows


@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        (["0110", "0011"], "a string of 4 characters, each one of '0', '1'."),
        (["a", "abc"], "a string of 1 to 3 characters, each one of 'a', 'b', 'c'."),
        (["the quick", "brown fox jumps"], "a string of 9 to 15 characters."),
        (["", ""], "a string of 0 characters."),
        ([1, 2], "an integer."),
        ([1, 2.5], "a number."),
        ([True, False], "a bool."),
        ([[1], [2, 3]], "a list of 1 to 2 items."),
        ([(1, 2), (3, 4)], "a tuple of 2 items."),
        ([1, "a"], "a Python value."),
        ([None, None], "a Python value."),
    ],
)
def test_the_kind_and_the_length_of_inputs_are_said(inputs, words):
    """As the paper's prompt says them."""
    samples = Samples.from_arrays(inputs, [0, 1])
    assert f"Each input x is {words}" in render(samples, modules=()).shared


@pytest.mark.parametrize(
    ("labels", "words"),
    [([0, 1], "one of 0, 1."), (["no", "yes"], "one of 'no', 'yes'."), ([1.5] * 2, "a float."), (range(50), "an integer.")],
)  # fmt: skip
def test_the_labels_are_listed_where_they_are_few(labels, words):
    """And named by their kind where they are many."""
    assert (
        f"Each label is {words}"
        in render(Samples.from_arrays(range(len(labels)), labels), modules=()).shared
    )


@pytest.mark.parametrize("template", templates())
def test_the_samples_come_first_then_the_modules_then_the_description(template):
    """What is the same for all tasks of these samples stands before what may differ."""
    samples = Samples.of([("0110", 0), ("0111", 1)]).described("it counts $ones")
    prompt = render(samples, modules=["math", "re"], template=template)
    places = [
        prompt.shared.index(part)
        for part in ("'0110' -> 0", "math, re", "it counts $ones", "Reply with one")
    ]
    assert places == sorted(places)
    assert prompt.last == ""
    assert prompt.system
    assert "$" not in str(prompt).replace("$ones", "")


def test_the_same_samples_give_the_same_prompt_byte_by_byte():
    """A provider can cache it."""
    samples = Samples.of([({"b": 1, "a": "x"}, "yes"), ({"b": 2, "a": "y"}, "no")])
    again = Samples.of([({"a": "x", "b": 1}, "yes"), ({"a": "y", "b": 2}, "no")])
    assert render(samples, modules=MODULES) == render(samples, modules=MODULES)
    assert render(samples, modules=MODULES) != render(again, modules=MODULES)
    assert str(render(samples, modules=MODULES)).encode()


def test_without_a_description_nothing_is_said_of_one():
    """An empty one counts as none; no line of blanks is left."""
    plain = Samples.of([(1, 1)])
    assert "What is known" not in render(plain, modules=()).shared
    assert render(plain.described("  "), modules=()) == render(plain, modules=())
    assert "\n\n\n" not in render(plain.described("x"), modules=()).shared


def test_control_characters_of_a_description_are_escaped():
    """The prompt can be printed."""
    prompt = str(render(Samples.of([(1, 1)]).described("a\x1b[2Jb\ud800\u202e"), modules=()))
    assert "a\\x1b[2Jb\\ud800\\u202e" in prompt
    assert all(c.isprintable() or c == "\n" for c in prompt)


def test_the_contract_of_each_template_is_named():
    """JSON for the paper's, a block of code for weak models."""
    samples = Samples.of([(1, 1)])
    assert '{"code": "..."}' in render(samples, modules=()).shared
    assert "```python" in render(samples, modules=(), template="fenced").shared


def test_an_unknown_template_names_the_nearest():
    """And all that there are."""
    with pytest.raises(UnknownNameError, match=r"'papr'.*Did you mean 'paper'.*fenced, paper"):
        render(Samples.of([(1, 1)]), modules=(), template="papr")


@pytest.mark.parametrize("wrong", [0, -1, 2.5, True, "3"])
def test_max_samples_must_be_a_positive_integer(wrong):
    """The message has the value and what would do."""
    with pytest.raises(ArgumentError, match=r"max_prompt_samples.*at least 1, got"):
        render(Samples.of([(1, 1)]), modules=(), max_samples=wrong)


@given(st.integers(1, 40), st.integers(1, 40), st.integers(1, 50))
def test_a_subset_keeps_each_label_in_its_share(zeros, ones, most):
    """It has as many samples as asked, and each label's count is within one of its share."""
    samples = Samples.of([(i, 0) for i in range(zeros)] + [(100 + i, 1) for i in range(ones)])
    part = subset(samples, most)
    assert len(part) == min(most, zeros + ones)
    share = len(part) * ones / (zeros + ones)
    assert abs(sum(part.outputs) - share) < 1
    assert set(part) <= set(samples)
    assert part == subset(samples, most)


def test_a_subset_shows_that_many_lines():
    """`max_samples` is what the prompt obeys."""
    samples = Samples.of([(i, i % 2) for i in range(30)])
    assert len(shown(render(samples, modules=(), max_samples=7))) == 7
    assert render(samples, modules=(), max_samples=30) == render(samples, modules=())


def test_inputs_are_shown_whole_however_long():
    """Nothing is cut without being asked."""
    assert "1" * 200_000 in render(Samples.of([("1" * 200_000, 1)]), modules=()).shared


@given(st.integers(1, 300), st.integers(1, 120), st.floats(0.3, 1.0), st.floats(0.05, 1.5))
def test_the_samples_that_fit_do_fit(count, length, rate, share):
    """With as many tokens a character as the server's count implies, the prompt is below the limit."""
    samples = Samples.of([("0" * length, 0)] * count)

    def tokens(some):
        lines = sum(len(repr(x)) + 6 for x in some.inputs)
        return int(rate * lines + (len(str(render(some, modules=MODULES))) - lines) / 4)

    limit = int(share * tokens(samples))
    fits = fitting(samples, limit, tokens(samples))
    assert 0 <= fits <= count
    if fits:
        assert tokens(samples[:fits]) <= limit


def test_a_prompt_function_may_return_a_text_or_a_prompt():
    """A text is the user's message."""
    samples = Samples.of([(1, 1)])
    assert asked(lambda train: f"{train.inputs}", samples) == Prompt("", "(1,)")
    assert asked(lambda train: Prompt("a", "b", "c"), samples) == Prompt("a", "b", "c")


def broken(train):
    """A prompt function with a fault."""
    raise KeyError("x")


@pytest.mark.parametrize(
    "function", [lambda train: None, lambda train: " ", lambda train: "\ud800", lambda: "x", broken]
)
def test_a_prompt_function_that_gives_no_prompt_is_told(function):
    """The message says what was given and what is expected."""
    with pytest.raises(ArgumentError, match="prompt function"):
        asked(function, Samples.of([(1, 1)]))
