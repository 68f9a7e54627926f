"""The account of a rule: its words, and what it was seen to do."""

from __future__ import annotations

import random

import pytest

import llmerm
from llmerm import account
from llmerm.program import Program


def rows(count):
    """Tables of two columns that matter and two that do not."""
    rng = random.Random(0)
    return [
        {"a": rng.randint(0, 50), "b": rng.randint(0, 50), "c": rng.choice("xy"), "d": 1}
        for _ in range(count)
    ]


def told(source, inputs):
    """The account of a program on these inputs."""
    samples = [(x, Program(source).compile(trusted=True)(x)) for x in inputs]
    return llmerm.verify(source, samples).explain(inputs)


def test_it_says_which_columns_matter_by_trying():
    """Those that the code reads change answers, the others none; constant ones were not tried."""
    account = told("def f(x): return int(x['a'] > x['b'])", rows(60))
    assert account.inputs == 60
    text = str(account)
    assert "a (changed" in text
    assert "b (changed" in text
    assert "none for c" in text
    assert "not tried: d" in text
    assert "by its code it reads a, b alone, which the runs bear out" in text


@pytest.mark.parametrize(
    "source",
    [
        "def f(x): return x['age'] + eval('x')['visits']",
        "def f(x): return x['age']\nf = lambda x: x['visits']",
    ],
)
def test_code_that_may_read_more_than_it_names_is_not_said_to_read_that_alone(source):
    """The sentence on columns is left out."""
    rows = [{"age": i, "visits": -i} for i in range(8)]
    told = account.of(llmerm.Program(source), rows, lambda xs: [x["visits"] for x in xs])
    assert not any("by its code" in line for line in told.checked)


def test_the_shares_of_the_answers_are_counted():
    """Each answer with how often it came."""
    account = told("def f(x): return x % 3", range(30))
    assert "it answered 0 for 10, 1 for 10, 2 for 10" in account.checked
    many = told("def f(x): return x * x", range(30))
    assert "it gave 30 different answers" in many.checked


def test_places_of_a_text_are_tried_one_by_one():
    """Only the first character is read."""
    texts = [f"{i % 2}{i % 7}{i % 3}" for i in range(42)]
    account = told("def f(x): return x[0] == '1'", texts)
    (line,) = [line for line in account.checked if "taken from another" in line]
    assert "answers changed for 0 (changed 42 of 42)" in line
    assert line.endswith("none for 1, 2")


def test_where_every_place_matters_it_is_said_in_short():
    """Not a hundred places one by one."""
    task = llmerm.tasks.get("parity", n=30)
    samples = task.sample(60, seed=0)
    account = llmerm.verify(task.program, samples).explain()
    assert any("whichever place" in line for line in account.checked)


def test_inputs_without_an_answer_are_counted():
    """With the kind of the error."""
    samples = [(i, 6 // i if i else 1) for i in range(40)]
    account = llmerm.verify("def f(x): return 6 // x", samples).explain(range(4))
    assert "it gave no answer for 1 of them (ZeroDivisionError)" in account.checked


@pytest.mark.parametrize("inputs", [[1, 2, 3], ["a", "bc"], [{"a": 1}, {"b": 1}], [[1], "x"]])
def test_inputs_without_parts_in_common_are_not_taken_apart(inputs):
    """Nothing is said of columns or places."""
    account = llmerm.verify("def f(x): return 0", [(i, i % 2) for i in range(40)]).explain(inputs)
    assert account.checked == (f"it answered 0 for {len(inputs)}",)


def test_without_inputs_nothing_is_claimed_to_be_checked():
    """The words alone."""
    account = llmerm.verify("def f(x): return x % 2", [(i, i % 2) for i in range(40)]).explain([])
    assert account.checked == ()
    assert str(account) == "The answer is the remainder of x divided by 2."


def test_code_without_words_is_said_to_have_none():
    """And quoted; what is not printable is escaped."""
    source = "def f(x): return '\\x1b' if x.encode().hex() else '\u202e'"
    samples = [(str(i), "\x1b") for i in range(40)] + [("", "\u202e")]
    text = str(llmerm.verify(source, samples).explain())
    assert "No words for 1 piece of code, quoted above as code." in text
    assert "`x.encode().hex()`" in text
    assert text.replace("\n", "").isprintable()


def test_inputs_that_are_too_wide_are_not_tried_part_by_part():
    """It says so rather than run on for minutes."""
    samples = [("01" * 150 + str(i % 2), i % 2) for i in range(40)]
    account = llmerm.verify("def f(x): return int(x[-1])", samples).explain()
    assert "its places could not be tried one by one: there are 301" in str(account)
