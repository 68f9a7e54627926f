"""Solvers: what each finds is what trying all its constants finds, priced by the grammar."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from itertools import islice

import gmpy2
import pytest

from llmerm.samples import Samples
from llmerm.search import Candidate, Clock, Enumerator, Grammar, Solver
from llmerm.search.goal import Goal
from llmerm.search.helpers import reduces
from llmerm.search.solvers import registry
from llmerm.search.solvers.cancellation import Cancellation, separating_pairs
from llmerm.search.solvers.constants import Constants
from llmerm.search.solvers.decisions import DecisionLists
from llmerm.search.solvers.gf2 import Parity
from llmerm.search.solvers.residues import Residues
from llmerm.search.solvers.shifts import Shifts
from llmerm.search.solvers.substring import Substring, common_words
from llmerm.search.solvers.thresholds import Thresholds

ODD = ("001", "110", "111")


def words(count: int, length: int, alphabet: str = "01", seed: int = 0) -> list[str]:
    rng = random.Random(seed)
    return ["".join(rng.choice(alphabet) for _ in range(length)) for _ in range(count)]


def balanced(inputs: Iterable[object], rule, count: int = 100) -> Samples:
    sides: dict[bool, list[object]] = {True: [], False: []}
    for x in inputs:
        sides[bool(rule(x))].append(x)
    pairs = [(x, int(side)) for side, xs in sides.items() for x in xs[:count]]
    assert min(map(len, sides.values())) >= 10
    return Samples.of(pairs)


def found(
    solver: Solver, samples: Samples, *, count: int = 1, seconds: float = 4
) -> list[Candidate]:
    """The solver's own first finds in a search that has no other help."""
    search = Enumerator(
        Grammar.infer(samples),
        samples,
        solvers=(solver,),
        goal_directed=False,
        clock=Clock(seconds),
    )
    return list(islice((c for c in search.candidates() if c.origin == solver.name), count))


def program(candidate: Candidate):
    names: dict[str, object] = {}
    exec(candidate.source, names)
    return names["f"]


RULES = [
    (Thresholds(), words(300, 61), lambda x: x.count("1") > 33),
    (Thresholds(), list(range(0, 1000, 7)), lambda x: 200 <= x <= 650),
    (Thresholds(), list(range(0, 1000, 7)), lambda x: not 200 <= x <= 650),
    (Thresholds(), [i / 7 for i in range(23, 230)], lambda x: x < 17.5),
    (Residues(), words(300, 25), lambda x: x.count("1") % 5 == 3),
    (Residues(), list(range(300)), lambda x: x % 7 != 2),
    (Substring(), words(300, 30), lambda x: "101101" in x),
    (Substring(), words(300, 12, "abc"), lambda x: "ab" not in x),
    (Parity(), words(300, 60), lambda x: (x[3] + x[17] + x[40] + x[59]).count("1") % 2),
    (Parity(), words(300, 40), lambda x: sum(x[i : i + 3] in ODD for i in range(38)) % 2),
    (Shifts(), list(range(3, 800)), lambda x: gmpy2.is_prime(x + 19)),
]


@pytest.mark.parametrize(("solver", "inputs", "rule"), RULES)
def test_hidden_constants_are_found(solver, inputs, rule):
    """The solver finds the rule, which holds on inputs that were not among the samples too."""
    call = program(found(solver, balanced(inputs, rule))[0])
    assert [bool(call(x)) for x in inputs] == [bool(rule(x)) for x in inputs]


def test_integer_labels_are_solved_for():
    """A sum, product, quotient and remainder by one constant are found from the labels."""
    for rule in (lambda x: x + 37, lambda x: x - 41, lambda x: x * 11, lambda x: x // 9):
        samples = Samples.of([(x, rule(x)) for x in range(-50, 150, 3)])
        candidate = found(Constants(), samples)[0]
        assert all(program(candidate)(x) == rule(x) for x in range(-300, 300))
    samples = Samples.of([(x, x * x % 23) for x in range(80)])
    candidate = found(Constants(), samples)[0]
    assert [program(candidate)(x) for x in range(500)] == [x * x % 23 for x in range(500)]


def test_common_words_are_those_of_brute_force():
    """The shortest separating words are what a look at all substrings finds."""
    having, lacking = words(30, 14, seed=1), words(30, 14, seed=2)
    having = [x[:5] + "1101" + x[9:] for x in having]
    lacking = [x.replace("1101", "1111").replace("1101", "0000") for x in lacking]
    lacking = [x for x in lacking if "1101" not in x]
    every = {having[0][i:j] for i in range(14) for j in range(i + 1, 15)}
    wanted = {w for w in every if all(w in x for x in having) and not any(w in x for x in lacking)}
    assert wanted
    first = next(common_words(having, lacking, "01", Clock(60)))
    assert first in wanted
    assert len(first) == min(map(len, wanted))


def brackets(pairs: dict[str, str], count: int, seed: int) -> Iterator[str]:
    rng = random.Random(seed)
    for _ in range(count):
        stack: list[str] = []
        out = []
        for left in range(16, 0, -1):
            if stack and (len(stack) == left or rng.random() < 0.5):
                out.append(pairs[stack.pop()])
            else:
                stack.append(rng.choice(list(pairs)))
                out.append(stack[-1])
        yield "".join(out)


@pytest.mark.parametrize("pairs", [{"(": ")"}, {"(": ")", "[": "]"}, {"00": "01", "10": "11"}])
def test_bracket_pairs_are_found(pairs):
    """From valid words and words with two blocks exchanged, the pairs come back exactly."""
    width = len(next(iter(pairs)))
    valid = list(dict.fromkeys(brackets(pairs, 120, 3)))
    rng = random.Random(5)
    broken = []
    for word in valid:
        blocks = [word[i : i + width] for i in range(0, len(word), width)]
        rng.shuffle(blocks)
        if not reduces(blocks, set(pairs.items())):
            broken.append("".join(blocks))
    sets = list(separating_pairs(valid[:50], broken[:50], width, Clock(60)))
    assert frozenset(pairs.items()) in sets
    samples = Samples.of([(x, 1) for x in valid[:50]] + [(x, 0) for x in broken[:50]])
    call = program(found(Cancellation(), samples)[0])
    assert [bool(call(x)) for x in valid[50:]] == [True] * len(valid[50:])
    assert [bool(call(x)) for x in broken[50:]] == [False] * len(broken[50:])


def test_candidates_are_priced_by_the_grammar():
    """A solver's bits are the grammar's bits of its expression, fitted constants included."""
    samples = balanced(words(300, 30), lambda x: "101101" in x)
    grammar = Grammar.infer(samples)
    for candidate in found(Substring(), samples):
        root = Goal.of(samples.outputs).root_bits
        assert candidate.bits == grammar.bits(candidate.expr) + root
        assert candidate.bits > 6  # the word alone has six characters


def test_parities_of_random_labels_are_too_long():
    """With more places than samples a parity always fits; it costs more than the labels carry."""
    rng = random.Random(9)
    samples = Samples.of([(x, rng.randint(0, 1)) for x in words(100, 130, seed=4)])
    assert found(Parity(), samples, seconds=2) == []


def test_decision_lists_name_the_classes():
    """Three classes cut by two thresholds come back as two questions with the right words."""
    rows = [{"a": i % 40, "b": i * 7 % 30} for i in range(120)]

    def rule(row):
        return "low" if row["a"] < 10 else "high" if row["b"] > 20 else "middle"

    samples = Samples.of([(row, rule(row)) for row in rows])
    search = Enumerator(Grammar.infer(samples), samples, solvers=(DecisionLists(),), clock=Clock(1))
    best = next(search.candidates())
    assert [program(best)(row) for row in rows] == [rule(row) for row in rows]


def test_solvers_are_registered_by_name():
    """The default solvers obey the interface and have names of their own."""
    solvers = registry.default_solvers()
    assert all(isinstance(solver, Solver) for solver in solvers)
    assert len({solver.name for solver in solvers}) == len(solvers) >= 8


def test_other_packages_add_solvers(monkeypatch):
    """An entry point of the group `llmerm.solvers` is loaded and used."""

    class Entry:
        name = "mine"

        def load(self):
            return Residues

    monkeypatch.setattr(registry, "entry_points", lambda group: [Entry()])
    assert [s.name for s in registry.default_solvers()].count("residues") == 2
