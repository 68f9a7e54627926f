"""Anonymised samples: what they hide, and programs that come back right."""

from __future__ import annotations

import string
import warnings

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llmerm.errors import LlmermWarning
from llmerm.program import Program
from llmerm.proposers.anonymise import Anonymised
from llmerm.proposers.prompt import render
from llmerm.proposers.renaming import Renaming
from llmerm.samples import Samples

IRIS = Samples.of(
    [
        ({"sepal length": 5.1, "petal width": 0.2, "site": 3}, "setosa"),
        ({"sepal length": 6.3, "petal width": 2.5, "site": 4}, "virginica"),
        ({"sepal length": 7.0, "petal width": 1.4, "site": 5}, "versicolor"),
    ]
)


def function(source):
    """The function of a program, run bare."""
    namespace = {"__name__": "program"}
    exec(compile(source, "restored", "exec"), namespace)
    return namespace[Program(source).name]


def outcome(call, *arguments):
    """What a call gives: its value, or the kind of its exception."""
    try:
        return call(*arguments)
    except Exception as error:
        return type(error)


def test_no_name_of_a_table_is_in_the_prompt():
    """Neither columns nor classes."""
    shown = str(render(Anonymised.of(IRIS).train, modules=()))
    for name in ("sepal", "petal", "site", "setosa", "virginica", "versicolor"):
        assert name in str(render(IRIS, modules=()))
        assert name not in shown
    assert "0.2" in shown


def test_columns_are_numbered_and_classes_too():
    """In the order of the columns, and of the classes' names."""
    hidden = Anonymised.of(IRIS).train
    assert hidden.inputs[0] == {"c1": 5.1, "c2": 0.2, "c3": 3}
    assert hidden.outputs == ("k1", "k3", "k2")


def test_a_cell_of_text_has_other_letters():
    """Names of persons are hidden; digits and signs stay."""
    rows = [({"who": "Zoë Åse, 42"}, 1), ({"who": "Bob"}, 0)]
    cell = Anonymised.of(Samples.of(rows)).train.inputs[0]["c1"]
    kept = [old for old, new in zip("Zoë Åse, 42", cell, strict=True) if old == new]
    assert "".join(kept) == " , 42"


@given(st.text(string.ascii_letters, min_size=1, max_size=30), st.integers(0, 9))
def test_each_latin_letter_becomes_another_one_of_its_case(text, seed):
    """One to one: equal letters stay equal, different ones different."""
    train = Samples.of([(text, 1), ("", 0)])
    hidden = Anonymised.of(train, seed=seed).train.inputs[0]
    assert all(a != b and a.isupper() == b.isupper() for a, b in zip(text, hidden, strict=True))
    assert len(set(text)) == len(set(hidden))
    assert len({*zip(text, hidden, strict=True)}) == len(set(text))


def test_digits_keep_their_meaning():
    """A string of digits is shown as it is."""
    samples = Samples.of([("0110", 0), ("-1.5", 1)])
    assert Anonymised.of(samples).train == samples
    assert Anonymised.of(samples).restore("def f(x): return 1") == "def f(x): return 1"


def test_labels_made_of_the_inputs_letters_have_the_same_other_letters():
    """A rule from text to text stays a rule."""
    samples = Samples.of([("abc", "cba"), ("aab", "baa"), ("cab", "bac")])
    hidden = Anonymised.of(samples)
    assert all(y == x[::-1] for x, y in hidden.train)
    assert function(hidden.restore("def f(x): return x[::-1]"))("xyz") == "zyx"


def test_the_same_seed_gives_the_same_names_and_another_one_others():
    """So a ledger can be resumed."""
    samples = Samples.of([("abc", 1), ("bcd", 0)])
    assert Anonymised.of(samples, seed=3) == Anonymised.of(samples, seed=3)
    assert len({Anonymised.of(samples, seed=seed).train.inputs for seed in range(5)}) > 1


def test_the_description_is_left_out_with_a_warning():
    """It would say what the columns are."""
    with pytest.warns(LlmermWarning, match="description is left out"):
        hidden = Anonymised.of(IRIS.described("iris flowers"))
    assert hidden.train.description is None


def test_without_a_description_nothing_is_warned_of():
    """No noise."""
    with warnings.catch_warnings(action="error"):
        Anonymised.of(IRIS)


def test_names_are_put_back_in_the_text_where_that_is_right():
    """The restored program reads as if it had been written for the data."""
    source = (
        "def f(x):\n"
        "    if x['c2'] < 0.8:\n        return 'k1'\n"
        '    width = x.get("c2", 0) * 2\n'
        "    return 'k2' if width < 3.5 else 'k3'\n"
    )
    assert Anonymised.of(IRIS).restore(source) == (
        "def f(x):\n"
        "    if x['petal width'] < 0.8:\n        return 'setosa'\n"
        "    width = x.get('petal width', 0) * 2\n"
        "    return 'versicolor' if width < 3.5 else 'virginica'\n"
    )


READABLE = {
    "two columns": "def f(x): return 'k1' if x['c1'] > x['c2'] else 'k2'",
    "text beside a name": "def f(x): return 'k3' if 'é' and x['c1'] > 6 else 'k9'",
    "a helper": "def g(a):\n    return a > 1\n\ndef f(x):\n    return 'k1' if g(x['c2']) else None\n",
    "an import": "import math\ndef f(x):\n    if math.floor(x['c1']) == 5:\n        return 'k1'\n    return 'k2'\n",
    "no answer": "def f(x):\n    return\n",
}  # fmt: skip
GUARDED = {
    "the columns by number": "def f(x): return 'k1' if list(x.values())[1] < 1 else 'k2'",
    "the columns by name": "def f(x): return 'k1' if sorted(x)[0] == 'c1' else 'k2'",
    "a column in a variable": "def f(x):\n    best = max('c1', 'c2', key=lambda c: x[c])\n    return 'k1' if best == 'c2' else 'k3'\n",
    "a label in a variable": "def f(x):\n    y = 'k1'\n    if x['c1'] > 6:\n        y = 'k2'\n    return y\n",
    "a label from a table": "NAMES = ['k1', 'k2', 'k3']\ndef f(x): return NAMES[min(2, int(x['c2']))]",
    "a label put together": "def f(x): return 'k' + str(min(3, 1 + int(x['c2'])))",
    "a label compared": "def g(a): return 'k1' if a < 1 else 'k2'\ndef f(x): return 'k3' if g(x['c2']) == 'k1' else 'k1'",
    "a nested function": "def f(x):\n    def g():\n        return 'k1'\n    if g() == 'k1':\n        return 'k2'\n    return 'k1'\n",
    "recursion": "def f(x, n=3):\n    if n == 0:\n        return 'k1'\n    y = f(x, n - 1)\n    return 'k2' if y == 'k1' and x['c1'] > 6 else y\n",
    "mutual recursion": "def f(x):\n    return g(x) if x['c2'] > 1 else 'k1'\ndef g(x):\n    return 'k2' if f({**x, 'c2': 0}) == 'k1' else 'k3'\n",
    "the same argument elsewhere": "def f(x):\n    rows = [{'c1': 1}]\n    return 'k1' if max(rows, key=lambda x: x['c1'])['c1'] < x['c1'] else 'k2'\n",
    "a real name as a local key": "def f(x):\n    x['site'] = 1\n    return 'k1' if x['c3'] == 1 else 'k2'\n",
    "a lambda": "f = lambda x: 'k1' if x['c2'] < 1 else 'k2'",
    "another name": "def rule(x):\n    return ['k1', 'k2'][x['c1'] > 6]",
    "a class": "class Rule:\n    def __call__(self, x):\n        return ['k1', 'k2'][x['c1'] > 6]\nf = Rule()\n",
    "a cache": "from functools import lru_cache\n@lru_cache\ndef g(a): return ['k1', 'k2'][a > 6]\ndef f(x): return g(x['c1'])",
    "a function's own attribute": "def f(x):\n    f.calls = getattr(f, 'calls', 0) + 1\n    return 'k1' if f.calls else 'k2'\n",
    "an error": "def f(x): return x['c9']",
    "an f-string": "def f(x): return 'k1' if f\"{x['c2']:.0f}\" == '0' else 'k2'",
    "names of ours": "def translated_(v): return ['k1', 'k2'][v > 6]\ndef between(v): return translated_(v)\ndef f(x): return between(x['c1'])",
    "the future": "from __future__ import annotations\ndef f(x: Row): return ['k1', 'k2'][x['c1'] > 6]",
    "Windows line ends": "def f(x):\r\n    return 'k1' if x['c1'] > 6 else 'k2'\r\n",
}  # fmt: skip


@pytest.mark.parametrize(
    "source", [*READABLE.values(), *GUARDED.values()], ids=[*READABLE, *GUARDED]
)
def test_a_restored_program_does_what_the_program_did_for_renamed_data(source):
    """On each row: the label of the renamed row, brought back; twice, as a function may keep state."""
    hidden = Anonymised.of(IRIS)
    for _ in range(2):
        restored = function(hidden.restore(source))
        plain = function(source)
        for x in [*IRIS.inputs, *IRIS.inputs]:
            expected = outcome(plain, hidden.renaming.renamed(x))
            assert outcome(restored, x) == hidden.renaming.shown(expected)


@pytest.mark.parametrize("source", READABLE.values(), ids=READABLE)
def test_a_plain_program_is_restored_without_a_wrapper(source):
    """No translation is left at run time."""
    restored = Anonymised.of(IRIS).restore(source)
    assert "between" not in restored
    assert "'c1'" not in restored


NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=6) | st.sampled_from(
    ["c1", "c2", "k1"]
)
CELLS = (
    st.integers(-9, 9)
    | st.text("abXé01 ", max_size=4)
    | st.none()
    | st.lists(st.text("ab", max_size=2), max_size=2)
)
PIECES = st.sampled_from(
    [
        "x['c1']", "x.get('c2')", "x['c2']", "str(x)", "len(x)", "x.get('c1', 0)", "list(x)", "'k1'", "'k2'", "1",
        "[x['c1']]", "sorted(map(str, x.values()))", "'c1'", "str(x['c1']) + 'k1'", "{'c1': 1}", "(x['c1'], 'k2')",
    ]
)  # fmt: skip
BODIES = st.tuples(PIECES, PIECES, PIECES).map(
    lambda p: (
        f"def f(x):\n    if str({p[0]}) < str({p[1]}):\n        return {p[1]}\n    return {p[2]} if {p[0]} else 'k1'\n"
    )
)


@given(
    st.lists(NAMES, min_size=2, max_size=3, unique=True).flatmap(
        lambda names: st.lists(
            st.fixed_dictionaries(dict.fromkeys(names, CELLS)), min_size=2, max_size=5
        )
    ),
    st.lists(st.sampled_from(["yes", "no", "k2"]), min_size=5, max_size=5),
    st.lists(BODIES, min_size=1, max_size=3),
)
@settings(deadline=None)
def test_for_random_tables_and_programs_the_restored_program_is_right(rows, labels, sources):
    """The law: restored(f)(x) is f of the renamed x, brought back."""
    hidden = Anonymised.of(Samples.from_arrays(rows, labels[: len(rows)]))
    for source in sources:
        restored, plain = function(hidden.restore(source)), function(source)
        for x in rows:
            expected = outcome(plain, hidden.renaming.renamed(x))
            assert outcome(restored, x) == hidden.renaming.shown(expected)


TEXT_PROGRAMS = (
    "def f(x): return x[::-1]",
    "def f(x): return x.count('a') % 2",
    "def f(x): return 'k1' if x < 'm' else 'k2'",
    "def f(x): return [c for c in x]",
    "def f(x): return x if len(x) < 2 else f(x[1:]) + x[0]",
    "def f(x): return {'a': x}",
    "def f(x): return sorted(x)",
)


@given(
    st.lists(st.text("abcXYéж01 ()", max_size=8), min_size=2, max_size=6),
    st.sampled_from([["yes", "no"], ["a", "b"], [0, 1], [["ab"], ["b"]], [{"k": "a"}, None]]),
    st.text(max_size=6),
)
@settings(deadline=None)
def test_for_random_texts_the_restored_program_is_right(texts, labels, fresh):
    """Also on texts and letters that were not among the samples."""
    hidden = Anonymised.of(Samples.from_arrays(texts, [labels[i % 2] for i in range(len(texts))]))
    for source in TEXT_PROGRAMS:
        restored, plain = function(hidden.restore(source)), function(source)
        for x in [*texts, fresh]:
            assert outcome(restored, x) == hidden.renaming.shown(
                outcome(plain, hidden.renaming.renamed(x))
            )


@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=6))
def test_labels_come_back(pairs):
    """What was hidden is shown again as it was."""
    samples = Samples.of(pairs)
    renaming = Renaming.of(samples)
    assert [renaming.shown(renaming.hidden(y)) for y in samples.outputs] == list(samples.outputs)
    assert [renaming.back.renamed(renaming.renamed(x)) for x in samples.inputs] == list(
        samples.inputs
    )


def test_a_restored_program_runs_in_the_sandbox(box):
    """What it needs to import can be imported there."""
    samples = Samples.of([("ab", "yes"), ("ba", "no"), ("aab", "yes"), ("bba", "no")])
    hidden = Anonymised.of(samples)
    letter = hidden.train.inputs[0][0]
    source = hidden.restore(f"def f(x): return 'k2' if x[0] == {letter!r} else 'k1'")
    with box.session(samples.inputs) as session:
        assert list(session.run(source).predictions) == list(samples.outputs)
