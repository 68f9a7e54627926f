"""What else learns a rule on bit strings, as `benchmarks/peers.py` compares them.

Each takes training pairs (strings of one length, labels 0 and 1) and wall seconds, and returns
what predicts a string's label, or None if it found nothing. Where its package is not installed, it
raises ImportError.
"""

from __future__ import annotations

import random
import warnings
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

import llmerm
from llmerm.proposers import Enumerate
from llmerm.proposers.length_first import LengthFirst

if TYPE_CHECKING:
    import cvc5

Pairs: TypeAlias = Sequence[tuple[str, int]]
Predict: TypeAlias = Callable[[Sequence[str]], Sequence[object]]
Way: TypeAlias = Callable[[Pairs, float], "Predict | None"]


def columns(inputs: Sequence[str]) -> np.ndarray:
    """One column of 0 and 1 for each position."""
    return np.array([[int(c) for c in x] for x in inputs], dtype=float)


def enumerate_(train: Pairs, seconds: float) -> Predict | None:
    """This library's embedded search; it is given all the samples to train on."""
    return _fitted(Enumerate(seconds=seconds), train)


def length_first(train: Pairs, seconds: float) -> Predict | None:
    """The same grammar and engine without solvers and goal-directed steps."""
    return _fitted(LengthFirst(seconds=seconds), train)


def _fitted(proposer: llmerm.Proposer, train: Pairs) -> Predict | None:
    result = llmerm.fit(list(train), k=1, proposer=proposer, held_out=0)
    return result.predict if result.train_error == 0 else None


def decision_tree(train: Pairs, _: float) -> Predict | None:
    """scikit-learn's tree over the positions, grown whole."""
    from sklearn.tree import DecisionTreeClassifier

    inputs, labels = zip(*train, strict=True)
    tree = DecisionTreeClassifier(random_state=0).fit(columns(inputs), labels)
    return lambda xs: tree.predict(columns(xs)).tolist()


def genetic_programming(train: Pairs, _: float) -> Predict | None:
    """Genetic programming over the positions: 1,000 programs, 20 generations, its own defaults."""
    from gplearn.genetic import SymbolicClassifier

    inputs, labels = zip(*train, strict=True)
    model = SymbolicClassifier(population_size=1000, generations=20, random_state=0)
    with warnings.catch_warnings(action="ignore"):  # of its own use of other packages
        model.fit(columns(inputs), np.array(labels))
    return lambda xs: model.predict(columns(xs)).tolist()


def state_merging(train: Pairs, _: float) -> Predict | None:
    """State merging (RPNI): the automaton that the samples leave."""
    from aalpy.learning_algs import run_RPNI

    data = [(tuple(x), bool(y)) for x, y in train]
    automaton = run_RPNI(data, "dfa", input_completeness="sink_state", print_info=False)
    run = automaton.execute_sequence
    return lambda xs: [int(run(automaton.initial_state, x)[-1]) for x in xs]


def sygus(train: Pairs, seconds: float) -> Predict | None:
    """SyGuS over strings: the shortest expression of a grammar of 25 productions."""
    from cvc5 import Kind, Solver

    solver = Solver()
    solver.setOption("sygus", "true")
    solver.setOption("tlimit-per", str(round(1000 * seconds)))
    solver.setLogic("ALL")
    x = solver.mkVar(solver.getStringSort(), "x")
    f = solver.synthFun("f", [x], solver.getBooleanSort(), _grammar(solver, x))
    for text, label in train:
        value = solver.mkTerm(Kind.APPLY_UF, f, solver.mkString(text))
        goal = solver.mkBoolean(bool(label))
        solver.addSygusConstraint(solver.mkTerm(Kind.EQUAL, value, goal))
    if not solver.checkSynth().hasSolution():
        return None
    (argument,), body = list(solver.getSynthSolution(f))

    def value(text: str) -> int:
        applied = body.substitute(argument, solver.mkString(text))
        return int(solver.simplify(applied).getBooleanValue())

    return lambda xs: [value(text) for text in xs]


def _grammar(solver: cvc5.Solver, x: cvc5.Term) -> cvc5.Grammar:
    """Comparisons of strings made by slicing, reversing and replacing, and of their lengths."""
    from cvc5 import Kind

    truth = solver.mkVar(solver.getBooleanSort(), "truth")
    text = solver.mkVar(solver.getStringSort(), "text")
    number = solver.mkVar(solver.getIntegerSort(), "number")
    term, grammar = solver.mkTerm, solver.mkGrammar([x], [truth, text, number])
    comparisons = (Kind.STRING_CONTAINS, Kind.STRING_PREFIX, Kind.STRING_SUFFIX, Kind.EQUAL)
    on_numbers = (Kind.ADD, Kind.SUB, Kind.INTS_MODULUS)
    truths = [term(kind, text, text) for kind in comparisons]
    truths += [term(kind, number, number) for kind in (Kind.EQUAL, Kind.LT)]
    truths += [term(Kind.NOT, truth), term(Kind.AND, truth, truth)]
    texts = [x, *(solver.mkString(c) for c in ("", "0", "1"))]
    texts += [term(Kind.STRING_CONCAT, text, text), term(Kind.STRING_CHARAT, text, number)]
    texts += [term(Kind.STRING_SUBSTR, text, number, number), term(Kind.STRING_REV, text)]
    texts += [term(Kind.STRING_REPLACE_ALL, text, text, text)]
    numbers = [solver.mkInteger(i) for i in range(4)]
    numbers += [term(Kind.STRING_LENGTH, text), *(term(k, number, number) for k in on_numbers)]
    for symbol, rules in ((truth, truths), (text, texts), (number, numbers)):
        grammar.addRules(symbol, rules)
    return grammar


def chance(train: Pairs, _: float) -> Predict | None:
    """A coin: what all of these are to be compared with."""
    rng = random.Random(0)
    return lambda xs: [rng.randint(0, 1) for _ in xs]


WAYS: dict[str, Way] = {
    "enumerate": enumerate_,
    "length_first": length_first,
    "decision tree (scikit-learn)": decision_tree,
    "genetic programming (gplearn)": genetic_programming,
    "SyGuS (cvc5)": sygus,
    "state merging (aalpy RPNI)": state_merging,
    "chance": chance,
}
