"""The version space: groups by behaviour, and the question that settles most."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

import llmerm
from llmerm.candidate import Candidate
from llmerm.errors import ArgumentError, DataError, NoProgramError
from llmerm.program import Program
from llmerm.sandbox.base import Sandbox, Session
from llmerm.typing import Proposal, Ran, Scored
from llmerm.version_space import version_space

FIRST_LAST = "def f(x): return x[0]"
LAST = "def f(x): return x[-1]"
LARGEST = "def f(x):\n    return max(x)"
ROWS = [([1], 1), ([2, 2], 2), ([3], 3), ([5, 5], 5)]


class Tables(Sandbox, Session):
    """Runs programs that are tables, by their text; counts the runs."""

    isolation = "none"

    def __init__(self):
        self.runs = 0

    def session(self, inputs, *, workers=1, hash_seed=0):
        self.inputs = inputs
        return self

    def run(self, source, *, subset=None, watch=None):
        self.runs += 1
        table = eval(source.removeprefix("def f(x): return ").removesuffix("[x]"))
        return Ran([table[x] for x in self.inputs])

    def close(self):
        pass


def _table(draw, row, bits=8.0):
    source = f"def f(x): return {row!r}[x]"
    return Candidate(Proposal(draw, source), Program(source), Scored(0.0, 0.0, bits))


tables = st.integers(1, 6).flatmap(
    lambda n: st.lists(st.lists(st.integers(0, 2), min_size=n, max_size=n), min_size=1, max_size=8)
)


@given(tables)
def test_groups_and_question_are_those_of_a_plain_count(rows):
    """Equal rows are one group; no other input is expected to leave a smaller share."""
    candidates = [_table(draw, row) for draw, row in enumerate(rows)]
    inputs = tuple(range(len(rows[0])))
    box = Tables()
    space = version_space(candidates, candidates[0], inputs, sandbox=box)
    counted = Counter(map(tuple, rows))
    assert {g.predictions: g.share * len(rows) for g in space.groups} == pytest.approx(counted)
    assert box.runs == len(counted)
    assert [c.draw for c in space.groups[0].candidates] == [
        draw for draw, row in enumerate(rows) if row == rows[0]
    ]
    split = [i for i in inputs if len({row[i] for row in rows}) > 1]
    assert list(space.disputed) == split
    assert list(space.agreement) == pytest.approx(
        [sum(row[i] == rows[0][i] for row in rows) / len(rows) for i in inputs]
    )

    def left(i):
        column = Counter(row[i] for row in rows)
        return sum(Fraction(count, len(rows)) ** 2 for count in column.values())

    if split:
        assert left(space.question_index) == min(map(left, split))
        assert space.question == inputs[space.question_index]
        assert f"Label this one next: {space.question} (group 1 says " in repr(space)
    else:
        assert space.question is space.question_index is None
        assert "disagree" not in repr(space)


def test_among_equals_the_question_parts_the_two_leading_groups():
    """Each input parts one group from two; the one that tells the first from the second comes first."""
    rows = [[0, 0, 0], [0, 1, 0], [1, 0, 0]]
    candidates = [_table(draw, row, bits=draw) for draw, row in enumerate(rows)]
    space = version_space(candidates, candidates[0], (0, 1, 2), sandbox=Tables())
    assert (space.question_index, space.disputed) == (1, (0, 1))


def test_candidates_that_fit_as_well_are_compared_in_the_sandbox():
    """Three fit four rows; two say the same of every input; one that does not fit is left out."""
    script = [LARGEST, LAST, FIRST_LAST, "def f(x): return 1", "broken(", FIRST_LAST]
    result = llmerm.fit(ROWS, k=8, held_out=0, proposer=llmerm.ScriptedProposer(script))
    space = result.version_space([[9], [1, 2], [4, 3]])
    assert result.status == "best_effort"
    found = [([c.draw for c in g.candidates], list(g.predictions)) for g in space.groups]
    assert found == [([2, 5], [9, 1, 4]), ([1], [9, 2, 3]), ([0], [9, 2, 4])]
    assert space.groups[0].candidates[0] == result.best
    assert [g.share for g in space.groups] == [0.5, 0.25, 0.25]
    assert space.question == [1, 2]
    assert result.version_space([[9]]).question is None


def test_the_shortest_program_of_a_group_is_its_own():
    """Also where a prior puts another one first."""
    long = "def f(x):\n    y = x % 2\n    return y if y else 0"
    short = "def f(x): return x % 2"
    given_prior = [
        Candidate(Proposal(i, s, prior_bits=b), Program(s), Scored(0.0, 0.0, Program(s).bits))
        for i, (s, b) in enumerate([(short, 50.0), (long, 3.0)])
    ]
    box = llmerm.sandbox.default()
    (group,) = version_space(given_prior, given_prior[1], (1, 2, 3), sandbox=box).groups
    assert [c.draw for c in group.candidates] == [1, 0]
    assert group.program.source == short


def test_slack_lets_in_what_errs_a_little_more():
    """By at most that much on either part."""
    rows = [(i, int(i >= 10)) for i in range(20)]
    script = [
        "def f(x): return int(x >= 10)",
        "def f(x): return int(x >= 11)",
        "def f(x): return 1",
    ]
    result = llmerm.fit(rows, held_out=0, proposer=llmerm.ScriptedProposer(script))

    def draws(slack):
        space = result.version_space([10, -5], slack=slack)
        return [c.draw for g in space.groups for c in g.candidates]

    assert (draws(0.0), draws(0.05), draws(0.5)) == ([0], [0, 1], [0, 1, 2])
    with pytest.raises(ArgumentError, match="`slack` must be a number of at least 0, got -1"):
        result.version_space([1], slack=-1)


def test_equal_values_are_one_prediction_and_a_missing_one_is_its_own():
    """1, 1.0 and True agree, '1' does not; an exception is what that program says there."""
    script = ["def f(x): return 1 if x else 0", "def f(x): return float(bool(x))",
              "def f(x): return bool(x)", "def f(x): return 1 if x < 5 and x else [0][x]"]  # fmt: skip
    rows = [(0, 0), (1, 1), (2, 1)]
    result = llmerm.fit(rows, held_out=0, proposer=llmerm.ScriptedProposer(script))
    space = result.version_space([0, 1, 7])
    assert [len(g.candidates) for g in space.groups] == [3, 1]
    assert (space.question, space.disputed) == (7, (2,))
    assert "group 2 says no value (IndexError)" in repr(space)


def test_what_cannot_be_run_on_the_inputs_is_said_and_is_no_group():
    """A program that dies there has no predictions; its reason is counted."""
    dies = "import os\ndef f(x):\n    if x > 99: os._exit(3)\n    return x % 2"
    script = llmerm.ScriptedProposer(["def f(x): return x % 2", dies])
    result = llmerm.fit([(i, i % 2) for i in range(9)], held_out=0, proposer=script)
    space = result.version_space([1, 100])
    assert [c.draw for c in space.failed] == [1]
    assert [len(g.candidates) for g in space.groups] == [1]
    assert "not run on these inputs: 1 exit" in repr(space)
    alone = llmerm.fit([(1, 1), (2, 0)], held_out=0, proposer=llmerm.ScriptedProposer([dies]))
    none = alone.version_space([100])
    assert (none.groups, none.question, none.agreement, none.disputed) == ((), None, (), ())
    assert repr(none) == (
        "no candidate could be run on these inputs\nnot run on these inputs: 1 exit"
    )


def test_after_an_early_stop_a_batch_shows_more(odd):
    """One verified candidate is nothing to compare, and the summary says how to get more."""
    other = "def f(x): return x % 2 if x < 500 else 7"
    script = llmerm.ScriptedProposer(["def f(x): return x % 2", other])
    alone = llmerm.fit(odd, k=2, proposer=script).version_space([1, 501])
    assert "1 candidate fits as well as any. To compare more: a larger k" in repr(alone)
    both = llmerm.fit(odd, k=2, batch_size=2, proposer=script)
    assert both.status == "verified"
    assert both.version_space([1, 501]).question == 501


def test_a_few_rows_of_a_spreadsheet_leave_several_programs():
    """The embedded search draws programs that differ elsewhere; the answer to the question settles one."""
    rows = [([3, 1, 2], 3), ([1, 5], 5), ([7], 7), ([2, 2, 9], 9)]
    result = llmerm.fit(rows, k=8, held_out=0, proposer="enumerate")
    space = result.version_space([[1, 2, 3], [3, 2, 1], [-5, 4, -9], [6, 6]])
    assert len(space.groups) > 1
    assert not any(candidate.train_error for g in space.groups for candidate in g.candidates)
    assert list(space.groups[0].predictions) == result.predict(space.inputs)
    more = [*rows, (space.question, max(space.question))]
    again = llmerm.fit(more, k=8, held_out=0, proposer="enumerate")
    assert again.predict([space.question]) == [max(space.question)]


def test_hostile_programs_and_inputs_are_printed_safely():
    """Escape codes do not reach the terminal, and long values are cut."""
    nasty = "def f(x): return x[0] if len(x) < 9 else '\x1b[2J' + 'z' * 500"
    script = llmerm.ScriptedProposer([nasty, "def f(x): return x[0]"])
    result = llmerm.fit([("ab", "a"), ("cd", "c")], held_out=0, proposer=script)
    shown = repr(result.version_space(["\x1b]0;title\x07" * 20]))
    assert shown.isprintable() or set(shown) - {"\n"} <= set(filter(str.isprintable, shown))
    assert max(map(len, shown.splitlines())) < 250


@pytest.mark.parametrize(
    ("inputs", "says"),
    [
        (None, "pass inputs without labels, such as you could label next"),
        ([], "`inputs` is empty, expected at least 1 input"),
        ("0110", "expected a list of inputs"),
        (llmerm.Samples.of([(1, 1)]), "got samples with labels"),
    ],
)
def test_inputs_that_are_none_are_refused(odd, inputs, says):
    """The message says what to pass."""
    result = llmerm.fit(odd, proposer=llmerm.ScriptedProposer(["def f(x): return x % 2"]))
    with pytest.raises(DataError, match=says):
        result.version_space(inputs)
    failed = llmerm.fit(odd, proposer=llmerm.ScriptedProposer(["broken("]))
    with pytest.raises(NoProgramError):
        failed.version_space([1])
