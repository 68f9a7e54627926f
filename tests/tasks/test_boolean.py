"""Families over a few bits: each rule against a naive one, over all strings of a small length."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import numpy as np
import pytest

from llmerm.tasks import Task, get


def all_strings(n: int) -> Iterator[str]:
    return map("".join, product("01", repeat=n))


def ones(task: Task) -> float:
    """The share of label 1 over all strings."""
    return float(np.mean([float(str(task.label(x))) for x in all_strings(task.n)]))


def gf2_circuit(x: str, task: Task) -> int:
    """The circuit's polynomials over GF(2), multiplied out as sets of monomials."""
    wires = [frozenset([frozenset([i])]) for i in task.parameters["coordinates"]]
    for t, a, b in task.gates:  # type: ignore[attr-defined]
        terms: frozenset[frozenset[int]] = frozenset()
        for left, right in product(wires[a], wires[b]):
            terms ^= {left | right}
        wires[t] = wires[t] ^ terms
    total: frozenset[frozenset[int]] = frozenset()
    for wire in wires:
        total ^= wire
    return sum(all(x[i] == "1" for i in monomial) for monomial in total) % 2


def random_circuit(x: str, task: Task) -> int:
    """The gates' truth tables, walked bit by bit from the end."""

    def value(wire: int) -> int:
        chosen = task.parameters["coordinates"]
        if wire < len(chosen):
            return int(x[chosen[wire]] == "1")
        read, table = task.circuit[wire - len(chosen)]  # type: ignore[attr-defined]
        index = 0
        for i in read:
            index = index * 2 + value(i)
        return int(f"{table:064b}"[63 - index])

    return value(task.parameters["inputs"] + task.parameters["gates"] - 1)


def threshold(x: str, task: Task) -> int:
    total = 0
    weights = task.weights  # type: ignore[attr-defined]
    for i, weight in zip(task.parameters["coordinates"], weights, strict=True):
        total += weight * (2 * int(x[i]) - 1)
    assert total != 0
    return int(total > 0)


def staircase(x: str, task: Task) -> int:
    leap, steps = task.parameters["leap"], task.parameters["steps"]
    signs = [2 * int(x[i]) - 1 for i in task.parameters["coordinates"]]
    return int(sum(np.prod(signs[: leap * (j + 1)]) for j in range(steps)) > 0)


def cellular_automaton(x: str, task: Task) -> int:
    number, steps = task.parameters["rule_number"], task.parameters["steps"]

    def cell(place: int, time: int) -> int:
        if not 0 <= place < len(x):
            return 0
        if time == 0:
            return int(x[place])
        left, middle, right = (cell(place + d, time - 1) for d in (-1, 0, 1))
        return number // 2 ** (4 * left + 2 * middle + right) % 2

    return cell(len(x) // 2, steps)


def product_bit(x: str, task: Task) -> int:
    half = len(x) // 2
    bit = task.parameters["bit"]
    total = int(x[:half], 2) * int(x[half:], 2)
    return int(f"{total:0{len(x)}b}"[::-1][half - 1 if bit is None else bit])


def noisy_parity(x: str, task: Task) -> int:
    return len([i for i in task.parameters["coordinates"] if x[i] == "1"]) & 1


CASES = [
    (gf2_circuit, {"n": 9, "depth": 0}),
    (gf2_circuit, {"n": 9, "depth": 1, "task_seed": 3}),
    (gf2_circuit, {"n": 9, "wires": 8, "depth": 4, "task_seed": 1}),
    (random_circuit, {"n": 8}),
    (random_circuit, {"n": 8, "fan_in": 3, "gates": 5, "task_seed": 2}),
    (threshold, {"n": 9}),
    (threshold, {"n": 9, "k": 9, "largest": 1, "signed": False}),
    (threshold, {"n": 9, "k": 6, "largest": 20, "task_seed": 5}),
    (staircase, {"n": 9}),
    (staircase, {"n": 9, "steps": 3, "leap": 3}),
    (staircase, {"n": 9, "steps": 3, "leap": 2, "task_seed": 4}),
    (cellular_automaton, {"n": 9}),
    (cellular_automaton, {"n": 8, "rule_number": 110, "steps": 6}),
    (cellular_automaton, {"n": 5, "rule_number": 57, "steps": 4}),
    (product_bit, {"n": 8}),
    (product_bit, {"n": 8, "bit": 6}),
    (product_bit, {"n": 10, "bit": 0}),
    (noisy_parity, {"n": 8, "k": 4}),
]


@pytest.mark.parametrize(("oracle", "parameters"), CASES)
def test_rules_hold_on_every_string(oracle, parameters) -> None:
    """Over all 2**n strings `label` and `program` are the naive rule, and both labels occur."""
    task = get(oracle.__name__, **parameters)
    run = task.program.compile(trusted=True)
    labels = {x: oracle(x, task) for x in all_strings(task.n)}
    assert set(labels.values()) == {0, 1}
    for x, y in labels.items():
        assert task.label(x) == run(x) == y


@pytest.mark.parametrize("task_seed", range(5))
@pytest.mark.parametrize(
    "parameters",
    [
        {"name": "gf2_circuit", "n": 9, "wires": 7, "depth": 3},
        {"name": "threshold", "n": 9, "k": 8, "largest": 9},
        {"name": "staircase", "n": 9, "steps": 5},
        {"name": "staircase", "n": 9, "steps": 3, "leap": 2},
    ],
)
def test_classes_are_equally_large(parameters, task_seed) -> None:
    """Reversible circuits, odd weights and odd staircases are 1 on exactly half of all strings."""
    assert ones(get(**parameters, task_seed=task_seed)) == 0.5


@pytest.mark.parametrize("task_seed", range(5))
def test_random_circuits_are_not_lopsided(task_seed) -> None:
    """Each label has at least 30 % of all strings."""
    assert 0.3 <= ones(get("random_circuit", n=8, task_seed=task_seed)) <= 0.7


@pytest.mark.parametrize(("leap", "steps"), [(1, 3), (2, 3), (3, 3), (1, 5)])
def test_staircases_have_the_leap_they_say(leap, steps) -> None:
    """The Fourier support can be climbed by `leap` new coordinates at a time, and not by fewer."""
    n = leap * steps
    task = get("staircase", n=n, steps=steps, leap=leap, coordinates=tuple(range(n)))
    bits = np.array([list(map(int, x)) for x in all_strings(n)])
    labels = 2 * np.array([task.label(x) for x in all_strings(n)]) - 1
    support = [subset for subset in bits if abs((labels * (-1.0) ** (bits @ subset)).mean()) > 1e-9]
    known, needed = np.zeros(n, int), 0
    while not known.all():
        fresh = [(int((s & ~known & 1).sum()), tuple(s)) for s in support if (s & ~known & 1).any()]
        size, subset = min(fresh)
        needed, known = max(needed, size), known | np.array(subset)
    assert needed == leap


@pytest.mark.parametrize("depth", [0, 1, 2])
def test_each_layer_can_double_the_degree(depth) -> None:
    """Some circuit of a depth has degree 2**depth over GF(2); none has more."""
    degrees = []
    for task_seed in range(8):
        task = get("gf2_circuit", n=8, wires=8, depth=depth, task_seed=task_seed)
        table = np.array([task.label(x) for x in all_strings(8)])
        for bit in range(8):  # the Moebius transform gives the polynomial's coefficients
            table = table.reshape(-1, 2, 2**bit)
            table[:, 1] ^= table[:, 0]
            table = table.reshape(-1)
        degrees.append(max(i.bit_count() for i in range(256) if table[i]))
    assert max(degrees) == 2**depth


@pytest.mark.parametrize("noise", [0.0, 0.05, 0.2, 0.45])
def test_noise_is_what_the_family_says(noise) -> None:
    """That share of samples has another label than the rule's; the classes stay balanced."""
    task = get("noisy_parity", n=30, k=3, noise=noise)
    samples = task.sample(1000, seed=2)
    wrong = [y for x, y in samples if y != task.label(x)]
    assert task.rule_error == noise
    assert abs(len(wrong) - 1000 * noise) <= 2
    assert wrong.count(1) * 2 == len(wrong)
    assert samples.outputs.count(1) == 500
    assert get("k_parity").rule_error == 0.0


@pytest.mark.parametrize(
    "name", ["gf2_circuit", "random_circuit", "threshold", "staircase", "noisy_parity"]
)
def test_a_shifted_task_keeps_its_rule(name) -> None:
    """Coordinates and all that is random in a rule stay at another length."""
    task = get(name, n=30, task_seed=4)
    longer = task.shifted(n=80)
    assert longer.program.source == task.program.source
    assert get(name, n=30, task_seed=5).program.source != task.program.source
    assert all(
        longer.label(f"{x}{'0' * 50}") == y for x, y in zip(*inputs_and_labels(task), strict=True)
    )


def inputs_and_labels(task: Task) -> tuple[list[str], list[object]]:
    drawn = [str(x) for x in task.sample(50).inputs]
    return drawn, [task.label(x) for x in drawn]
