"""Families whose labels are numbers, lists or texts, against other ways to compute them."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest

from llmerm.errors import TaskError
from llmerm.tasks import get


@pytest.mark.parametrize("link", ["product", "max", "norm"])
def test_multi_index_labels_are_a_link_of_projections(link) -> None:
    """numpy's matrix product and link give the labels."""
    task = get("multi_index", n=12, indices=3, k=2, link=link)
    matrix = np.zeros((3, 12))
    for row, direction in zip(matrix, task.parameters["directions"], strict=True):
        for i, sign in direction:
            row[i] = sign
    assert (np.abs(matrix).sum(axis=0) <= 1).all()
    assert (np.abs(matrix).sum(axis=1) == 2).all()
    links = {"product": np.prod, "max": np.max, "norm": np.linalg.norm}
    for x, y in task.sample(100):
        assert y == pytest.approx(links[link](matrix @ np.array(x)), abs=1e-12)
        assert type(y) is float


def test_a_product_of_directions_is_uncorrelated_with_each() -> None:
    """The label of two directions has no linear trace, but a quadratic one."""
    task = get("multi_index", n=4, indices=2, k=1, directions=(((0, 1),), ((1, 1),)))
    samples = task.sample(4000)
    x, y = np.array(samples.inputs), np.array(samples.outputs)
    linear = [abs(np.corrcoef(x[:, i], y)[0, 1]) for i in range(4)]
    assert max(linear) < 0.08
    assert np.corrcoef(x[:, 0] * x[:, 1], y)[0, 1] == pytest.approx(1)


def evaluated(tree, x):
    """The tree by logarithms of ratios: eml(a, b) = ln(exp(exp(a)) / b)."""
    if isinstance(tree, int):
        return np.longdouble(1 if tree < 0 else x[tree])
    a, b = (evaluated(part, x) for part in tree)
    assert b > 0
    return np.exp(a) - np.log(b)


@pytest.mark.parametrize("depth", [1, 2, 3, 4, 5, 6])
def test_eml_trees_are_sound_on_all_inputs(depth) -> None:
    """Labels are finite, below 1,000 and those of another evaluation, at the corners, too."""
    for task_seed in range(4):
        task = get("eml_tree", n=3, depth=depth, variables=2, task_seed=task_seed)
        corners = [[a, b, 1.0] for a in (0.5, 1.5) for b in (0.5, 1.5)]
        labels = []
        for x in [*task.sample(50).inputs, *corners]:
            labels.append(task.label(x))
            expected = float(evaluated(task.tree, x))  # type: ignore[attr-defined]
            assert math.isclose(float(str(labels[-1])), expected, rel_tol=1e-9, abs_tol=1e-9)
            assert abs(expected) < 1000
        assert len(set(labels)) > 10
        nested, deepest = 0, 0
        for character in task.program.source.splitlines()[-1]:
            nested += {"(": 1, ")": -1}.get(character, 0)
            deepest = max(deepest, nested)
        assert deepest == depth


LISTS = [4, 55, 90, 4, 71]
LIST_RESULTS = {
    "reverse": [71, 4, 90, 55, 4],
    "sort": [4, 4, 55, 71, 90],
    "distinct": [4, 55, 71, 90],
    "rest": [55, 90, 4, 71],
    "front": [4, 55],
    "every_other": [4, 90, 71],
    "increment": [5, 56, 91, 5, 72],
    "double": [8, 110, 180, 8, 142],
    "last_digit": [4, 5, 0, 4, 1],
    "odd": [55, 71],
    "large": [55, 90, 71],
    "pair_sums": [59, 145, 94, 75],
    "rotate": [55, 90, 4, 71, 4],
    "running_max": [4, 55, 90, 90, 90],
}
TEXT = "one tall oak"
TEXT_RESULTS = {
    "reverse": "kao llat eno",
    "upper": "ONE TALL OAK",
    "title": "One Tall Oak",
    "swap_case": "ONE TALL OAK",
    "turn": "oak tall one",
    "hyphens": "one-tall-oak",
    "squeeze": "onetalloak",
    "initials": "oto",
    "sort_words": "oak one tall",
    "last_first": "oak, one",
    "longest": "tall",
    "every_other": "oetl a",
    "no_vowels": "n tll k",
    "brackets": "(one tall oak)",
}


@pytest.mark.parametrize("operation", LIST_RESULTS)
def test_each_list_operation_does_what_it_says(operation) -> None:
    """One operation on a list, worked out by hand."""
    task = get("list_function", n=5, steps=1, operations=(operation,))
    assert task.label(LISTS) == LIST_RESULTS[operation]


@pytest.mark.parametrize("operation", TEXT_RESULTS)
def test_each_text_operation_does_what_it_says(operation) -> None:
    """One operation on a text, worked out by hand."""
    task = get("text_function", n=12, steps=1, operations=(operation,))
    assert task.label(TEXT) == TEXT_RESULTS[operation]


@pytest.mark.parametrize("name", ["list_function", "text_function"])
def test_no_operation_escapes_the_tables_above(name) -> None:
    """Every operation has a line."""
    results = LIST_RESULTS if name == "list_function" else TEXT_RESULTS
    assert set(get(name).table) == set(results)  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", ["list_function", "text_function"])
@pytest.mark.parametrize("steps", [1, 3])
def test_compositions_run_one_operation_after_the_other(name, steps) -> None:
    """A composition is its single steps in a row, at every length, and changes its inputs."""
    for task_seed in range(5):
        task = get(name, steps=steps, task_seed=task_seed)
        program = task.shifted(n=30).program.source
        assert program == task.program.source
        changed = 0
        for x, y in task.sample(50):
            value = x
            for operation in task.parameters["operations"]:
                expression = task.table[operation]  # type: ignore[attr-defined]
                value = (
                    eval(expression, {}, {"x": value})
                    if "for" not in expression
                    else (eval(f"(lambda x: {expression})", {})(value))
                )
            assert y == value
            changed += y != x
        assert changed >= 20


def test_texts_are_words_with_single_spaces() -> None:
    """Inputs have n characters, no space at an end or twice, and words of 1 to 9 letters."""
    for x in map(str, get("text_function", n=30).sample(200).inputs):
        assert len(x) == 30
        assert x == " ".join(x.split())
        assert all(word.isalpha() and word.islower() for word in x.split())


@pytest.mark.parametrize("task_seed", range(6))
def test_sequences_go_on_as_they_began(task_seed) -> None:
    """The recurrence that gives the label also holds between all terms of the input."""
    task = get("sequence", n=8, order=3, modulus=50, task_seed=task_seed)
    samples = task.sample(300)
    lookup: dict[tuple[int, ...], int] = {}
    for x, y in samples:
        terms = [*x, y]  # type: ignore[misc]
        assert all(type(t) is int and 0 <= t < 50 for t in terms)
        for i in range(3, len(terms)):
            window = tuple(terms[i - 3 : i])
            assert lookup.setdefault(window, terms[i]) == terms[i]
    assert len(set(samples.outputs)) > 5


def test_all_starts_of_a_sequence_can_be_had_and_no_more() -> None:
    """There are modulus ** order inputs; one more is refused."""
    task = get("sequence", n=5, order=2, modulus=7)
    assert len(task.sample(49)) == 49
    with pytest.raises(TaskError, match="gave only 49 distinct inputs"):
        task.sample(50)


@pytest.mark.parametrize("name", ["multi_index", "eml_tree", "sequence", "list_function"])
@pytest.mark.parametrize("x", ["0110", 7, None, [1], {"a": 1}])
def test_what_is_no_list_of_the_length_is_refused(name, x) -> None:
    """The error says what an input is."""
    with pytest.raises(TaskError, match=r"is a list of that length"):
        get(name, n=4).label(x)


def test_lengths_of_words_vary() -> None:
    """Short and long words occur."""
    words = [len(w) for x in get("text_function", n=40).sample(100).inputs for w in str(x).split()]
    assert {1, 2, 3, 4, 5, 6, 7, 8} <= set(words)
    assert all(a <= 9 for a, _ in pairwise(words))
