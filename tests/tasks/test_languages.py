"""Languages: members and counts against full listings."""

from __future__ import annotations

import re
from collections import Counter
from itertools import product

import numpy as np
import pytest
from scipy import stats

from llmerm.errors import TaskError
from llmerm.tasks import get

PALINDROMES = "S -> a S a | b S b | a | b |"
ARITHMETIC = "E -> E + T | T\nT -> x | ( E )"
AMBIGUOUS = "S -> S S | a | b b"
INDIRECT = "S -> A B\nA -> a A |\nB -> b B | A c"


def all_words(letters: str, n: int) -> list[str]:
    return list(map("".join, product(letters, repeat=n)))


def dyck(x: str, depth: int) -> int:
    """Cancelling one level at a time: what is left is nothing, after at most `depth` rounds."""
    for _ in range(depth):
        x = re.sub(r"\(\)|\[\]", ".", x)
        x = re.sub(r"([\(\[])\.+([\)\]])", r"\1\2", x)
    return int(not x.strip("."))


@pytest.mark.parametrize("depth", [1, 2, 3, 9])
@pytest.mark.parametrize(("kinds", "n"), [(1, 10), (2, 6), (2, 2)])
def test_brackets_hold_on_every_word(kinds, n, depth) -> None:
    """Over all words `label` and `program` are what cancelling level by level says."""
    task = get("dyck", n=n, kinds=kinds, depth=depth)
    run = task.program.compile(trusted=True)
    for x in all_words("()[]"[: 2 * kinds], n):
        assert task.label(x) == run(x) == dyck(x, depth)


@pytest.mark.parametrize(("kinds", "n", "depth"), [(1, 10, 2), (2, 6, 2), (2, 6, 3)])
def test_all_balanced_words_can_be_had_and_no_more(kinds, n, depth) -> None:
    """The count of positives is that of a full listing, and each is drawn equally often."""
    task = get("dyck", n=n, kinds=kinds, depth=depth)
    words = [x for x in all_words("()[]"[: 2 * kinds], n) if dyck(x, depth)]
    assert task.capacity(1) == len(words)  # type: ignore[attr-defined]
    counts = Counter(task.draw(1, 8000, np.random.default_rng(3)))  # type: ignore[attr-defined]
    assert set(counts) == set(words)
    assert stats.chisquare([counts[x] for x in words]).pvalue > 1e-4
    with pytest.raises(TaskError, match=f"at most m={2 * len(words)}"):
        task.sample(2 * len(words) + 2)


def test_negatives_are_too_deep_or_out_of_order() -> None:
    """Half of the negatives are balanced but too deep; no count of brackets tells the others."""
    negatives = [str(x) for x, y in get("dyck", n=40, depth=3).sample(2000) if y == 0]
    balanced = sum(dyck(x, 40) for x in negatives)
    assert 0.35 < balanced / len(negatives) < 0.65
    for x in negatives:
        assert len(re.findall(r"[(\[]", x)) == len(re.findall(r"[)\]]", x))


@pytest.mark.parametrize(
    ("parameters", "pattern"),
    [
        ({}, r"(0*10*10*1)*0*"),
        ({"moves": ((1, 0), (1, 2), (1, 0)), "accepting": (2,)}, r"[01]*01"),
        ({"moves": ((0, 1, 1), (1, 0, 1)), "accepting": (1,), "letters": "abc"}, None),
    ],
)
def test_automata_accept_what_their_expression_matches(parameters, pattern) -> None:
    """Over all strings the automaton is a regular expression; the classes are counted exactly."""
    task = get("automaton", n=7, **parameters)
    run = task.program.compile(trusted=True)
    words = all_words(str(parameters.get("letters", "01")), 7)
    if pattern:
        assert [task.label(x) for x in words] == [
            int(bool(re.fullmatch(pattern, x))) for x in words
        ]
    labels = {x: task.label(x) for x in words}
    assert all(run(x) == y for x, y in labels.items())
    for label in (0, 1):
        members = [x for x in words if labels[x] == label]
        assert task.capacity(label) == len(members)  # type: ignore[attr-defined]
        drawn = Counter(task.draw(label, 6000, np.random.default_rng(1)))  # type: ignore[attr-defined]
        assert set(drawn) <= set(members)
        assert stats.chisquare([drawn[x] for x in members]).pvalue > 1e-4


def test_an_automaton_that_accepts_all_is_refused() -> None:
    """A class without any string is an error that says which one."""
    with pytest.raises(TaskError, match="gives no input of class 0"):
        get("automaton", n=5, moves=((0, 0),), accepting=(0,)).sample(4)


def derived(rules: str, n: int) -> set[str]:
    """All words of a grammar of up to n characters, by rewriting the leftmost name."""
    table = {line.split("->")[0].strip(): line.split("->")[1] for line in rules.splitlines()}
    bodies = {name: [tuple(b.split()) for b in text.split("|")] for name, text in table.items()}
    words, todo, seen = set(), [(next(iter(table)),)], set()
    while todo:
        form = todo.pop()
        names = [i for i, symbol in enumerate(form) if symbol in bodies]
        letters = len(form) - len(names)
        if form in seen or letters > n or len(names) > n + 2:
            continue
        seen.add(form)
        if not names:
            words.add("".join(form))
            continue
        i = names[0]
        todo += [(*form[:i], *body, *form[i + 1 :]) for body in bodies[form[i]]]
    return {word for word in words if len(word) == n}


@pytest.mark.parametrize("n", [3, 5, 6])
@pytest.mark.parametrize("rules", [PALINDROMES, ARITHMETIC, AMBIGUOUS, INDIRECT])
def test_grammars_accept_what_they_derive(rules, n) -> None:
    """Over all strings `label` and `program` are what rewriting derives; draws are members."""
    task = get("grammar", n=n, rules=rules)
    run = task.program.compile(trusted=True)
    words = derived(rules, n)
    letters = task.symbols  # type: ignore[attr-defined]
    for x in all_words(letters, n):
        assert task.label(x) == run(x) == int(x in words)
    if words:
        drawn = set(task.draw(1, 600, np.random.default_rng(0)))  # type: ignore[attr-defined]
        assert drawn == words


def test_derivations_of_an_unambiguous_grammar_are_uniform() -> None:
    """Each palindrome of five letters is drawn equally often."""
    task = get("grammar", n=5, rules=PALINDROMES)
    counts = Counter(task.draw(1, 4000, np.random.default_rng(2)))  # type: ignore[attr-defined]
    assert len(counts) == 8
    assert stats.chisquare(list(counts.values())).pvalue > 1e-4


@pytest.mark.parametrize(
    ("rules", "hint"),
    [
        ("S = a S", "expected one `NAME -> BODY | BODY` a name"),
        ("S -> a\nS -> b", "expected one"),
        ("S -> ab S | c", "uses ab, expected names"),
        ("", "no name at all"),
        ("S -> a S | a", "at least 2 different characters"),
    ],
)
def test_grammars_that_are_none_are_refused(rules, hint) -> None:
    """The error shows the line or the symbol."""
    with pytest.raises(TaskError, match=re.escape(hint)):
        get("grammar", rules=rules)


def test_grammars_without_words_or_with_endless_derivations_are_refused() -> None:
    """A length without words, and a name that derives itself, are errors when drawn from."""
    with pytest.raises(TaskError, match="derives no string of length n=4"):
        get("grammar", n=4, rules="S -> a S b | c").sample(4)
    with pytest.raises(TaskError, match="S derives itself"):
        get("grammar", n=4, rules="S -> S | a S | b").sample(4)


def test_letters_can_be_any_characters() -> None:
    """An automaton over letters beyond ASCII draws and labels them."""
    task = get("automaton", n=6, letters="äβ→", moves=((0, 1, 0), (1, 0, 1)), accepting=(1,))
    samples = task.sample(60)
    assert {y for _, y in samples} == {0, 1}
    assert all(y == str(x).count("β") % 2 for x, y in samples)
