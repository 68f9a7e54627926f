"""Small automata: the smallest consistent one, what it costs, and when none is looked for."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import product

import pytest

from llmerm.samples import Samples
from llmerm.search import Clock, Enumerator, Grammar
from llmerm.search.automata import Automata, Automaton, consistent, table_bits
from llmerm.search.helpers import accepts
from llmerm.search.solvers.automata import SmallAutomata

WORDS = ["".join(letters) for n in range(7) for letters in product("01", repeat=n)]


def counted(checks: int) -> Clock:
    """A clock that is over when it was looked at so often, however busy the machine."""
    looks = iter(range(10**9))
    return Clock(checks, now=lambda: float(next(looks)))


def ends_accepting(automaton: Automaton, word: str, alphabet: str = "01") -> bool:
    state = 0
    for c in word:
        state = automaton.following[state][alphabet.index(c)]
    return automaton.accepting[state]


def all_automata(states: int) -> Iterator[Automaton]:
    rows = list(product(range(states), repeat=2))
    for table in product(rows, repeat=states):
        for accepting in product([False, True], repeat=states):
            yield Automaton(table, accepting)


def random_automaton(states: int, alphabet: str, rng: random.Random) -> Automaton:
    table = [[rng.randrange(states) for _ in alphabet] for _ in range(states)]
    return Automaton(tuple(map(tuple, table)), tuple(rng.random() < 0.5 for _ in table))


def first(texts: list[str], truth: list[bool], states: int, alphabet: str = "01"):
    found = consistent(texts, truth, alphabet=alphabet, states=states, work=10**9, clock=Clock(120))
    return next(found, None)


@pytest.mark.parametrize("seed", range(12))
def test_the_smallest_is_that_of_brute_force(seed):
    """The least number of states with which all labels fit is what trying every table finds."""
    rng = random.Random(seed)
    target = random_automaton(3, "01", rng)
    texts = rng.sample(WORDS, 9)
    truth = [ends_accepting(target, w) for w in texts]
    fits = (a for n in (1, 2, 3) for a in all_automata(n))
    smallest = next(
        len(a.following) for a in fits if [ends_accepting(a, w) for w in texts] == truth
    )
    sizes = [n for n in (1, 2, 3) if first(texts, truth, n) is not None]
    assert min(sizes) == smallest
    found = first(texts, truth, smallest)
    assert found is not None
    assert [ends_accepting(found, w) for w in texts] == truth


@pytest.mark.parametrize(("states", "alphabet"), [(4, "01"), (5, "01"), (4, "abc"), (6, "01")])
def test_hidden_automata_are_found(states, alphabet):
    """From 200 words of up to 14 letters, an automaton that is right on 2,000 others."""
    rng = random.Random(5)
    draw = ["".join(rng.choice(alphabet) for _ in range(rng.randint(1, 14))) for _ in range(2200)]
    targets = (random_automaton(states, alphabet, rng) for _ in range(1000))
    every = ([ends_accepting(target, w, alphabet) for w in draw] for target in targets)
    labels = next(found for found in every if 700 < sum(found) < 1500)
    sizes = range(1, states + 1)
    found = next(a for n in sizes if (a := first(draw[:200], labels[:200], n, alphabet)))
    assert [ends_accepting(found, w, alphabet) for w in draw] == labels


def reachable_forms(states: int) -> set[Automaton]:
    """All automata whose states can all be reached, each in the order in which they first are."""
    forms = set()
    for automaton in all_automata(states):
        order, waiting = {0: 0}, [0]
        while waiting:
            for target in automaton.following[waiting.pop(0)]:
                if target not in order:
                    order[target] = len(order)
                    waiting.append(target)
        if len(order) == states:
            states_in_order = sorted(order, key=lambda s: order[s])
            table = tuple(tuple(order[t] for t in automaton.following[s]) for s in states_in_order)
            forms.add(Automaton(table, tuple(automaton.accepting[s] for s in states_in_order)))
    return forms


def test_the_code_of_automata_obeys_kraft():
    """The probabilities of all automata of up to three states, counted one by one, are below 1."""
    family = Automata("01")
    counted = [a for n in (1, 2, 3) for a in reachable_forms(n)]
    assert len(counted) == 2 + 48 + 216 * 8  # known counts of initially connected automata
    assert 0.3 < sum(2.0 ** -family.bits(a) for a in counted) <= 1
    for n in (2, 3):
        assert len(reachable_forms(n)) <= 2 ** table_bits(n, 2)


def found_in(samples: Samples):
    search = Enumerator(
        Grammar.infer(samples),
        samples,
        solvers=(SmallAutomata(),),
        goal_directed=False,
        clock=counted(3000),
    )
    return (c for c in search.candidates() if c.origin == "automata")


def test_the_printed_automaton_stands_alone():
    """A language that no operator knows is printed as a table, right on words of other lengths."""

    def rule(x: str) -> int:  # after each "b" comes "a"
        return int(all(x[i + 1 : i + 2] == "a" for i, c in enumerate(x) if c == "b"))

    rng = random.Random(2)
    words = {"".join(rng.choice("aabc") for _ in range(rng.randint(1, 9))) for _ in range(3000)}
    ordered = sorted(words)
    rng.shuffle(ordered)
    sides = [[w for w in ordered if rule(w) == y][:80] for y in (0, 1)]
    samples = Samples.of([(w, rule(w)) for side in sides for w in side])
    candidate = next(found_in(samples))
    names: dict[str, object] = {}
    exec(candidate.source, names)
    fresh = ["".join(rng.choice("aabc") for _ in range(20)) for _ in range(500)]
    assert [bool(names["f"](w)) for w in fresh] == [bool(rule(w)) for w in fresh]
    assert "def accepts(" in candidate.source


def test_automata_that_fit_anything_are_not_proposed():
    """Labels by chance, too few to carry an automaton's bits, give none."""
    rng = random.Random(3)
    words = sorted({"".join(rng.choice("01") for _ in range(12)) for _ in range(24)})
    samples = Samples.of([(w, i % 2) for i, w in enumerate(words)])
    assert all(c.bits < samples_bits(samples) for c in found_in(samples))


def samples_bits(samples: Samples) -> float:
    return float(len(samples))


def test_the_search_gives_up():
    """With no work allowed nothing is found, though an automaton exists."""
    found = consistent(
        ["", "1", "11"], [False, True, False], alphabet="1", states=2, work=1, clock=Clock(9)
    )
    assert list(found) == []


def test_the_helper_follows_the_table():
    """`accepts` reads a text character by character from state 0 on."""
    odd = [(False, {"0": 0, "1": 1}), (True, {"0": 1, "1": 0})]
    assert [accepts(w, odd) for w in WORDS] == [w.count("1") % 2 == 1 for w in WORDS]
