"""Text from text: programs found from two to four examples hold on inputs that were not shown."""

from __future__ import annotations

import asyncio
import itertools
import re

import pytest

import llmerm
from llmerm.proposers.enumerator import Enumerate
from llmerm.samples import Samples
from llmerm.search import Clock, Expr
from llmerm.search.expression import function
from llmerm.search.families import FAMILY_BITS
from llmerm.search.goal import Goal, label_bits
from llmerm.search.op import Op
from llmerm.search.solvers.transform.language import Hints, Language
from llmerm.search.solvers.transform.places import SURCHARGE, surcharge
from llmerm.search.solvers.transform.pool import Pool
from llmerm.search.solvers.transform.solver import Columns, Transform, solve
from llmerm.search.texts import CLASSES, TOKENS, Phrases, Places, text_bits

X = Op("x", "str", (), "x", weight=16)

RULES = [
    (lambda x: x.split()[0], ["John Smith", "Mary Jones", "Al Bo"], ["Zoe de la Mer", "Q X"]),
    (lambda x: x.split(".")[-1], ["a.b.pdf", "n.txt", "x.tar.gz"], ["one.two.three.c", "k.md"]),
    (lambda x: x.zfill(5), ["7", "123"], ["88", "12345", "0"]),
    (lambda x: x.title(), ["hello world", "foo bar baz"], ["a quick test", "one"]),
    (lambda x: " ".join(x.split()[::-1]), ["one two three", "a b c d"], ["p q", "x"]),
    (lambda x: " ".join(w[::-1] for w in x.split()), ["abc def", "hi my world"], ["who am i"]),
    (lambda x: f"{int(x):,}", ["1234567", "98765", "12"], ["1000", "999", "123456789012"]),
    (lambda x: x.lower().replace(" ", "_"), ["Hello Big World", "Some Text"], ["A B C D", "One"]),
    (lambda x: "/".join(x.split("-")[::-1]), ["2024-03-05", "1999-12-31"], ["2001-01-02"]),
    (
        lambda x: f"({x[:3]}) {x[4:7]}-{x[8:]}",
        ["555-123-4567", "800-999-0000"],
        ["212-000-7777"],
    ),
    (lambda x: x[0][0] + "." + x[1][0] + ".", [("John", "Smith"), ("Mary", "Dow")], [("A", "B")]),
    (
        lambda x: f"{x[1]}, {x[0][0]}.",
        [("John", "Doe"), ("Ann", "Lee")],
        [("Bob", "Stone"), ("Z", "Q")],
    ),
    (
        lambda x: re.sub("([A-Z])", r"_\1", x).lower(),
        ["marketGarden", "saltCloudCloud", "tigerLight"],
        ["aBigRiver", "windowOf"],
    ),
    (
        lambda x: "".join(f"{w}{len(list(g))}" for w, g in itertools.groupby(x)),
        ["caaca", "aabbb", "abcca"],
        ["c", "ccccaab"],
    ),
    (
        lambda x: " ".join(x[i : i + 4] for i in range(0, len(x), 4)),
        ["4716902345178821", "1234567812345678"],
        ["9999000011112222"],
    ),
    (
        lambda x: x[0].replace(x[1], x[2]),
        [("stone of river", "stone", "MOON"), ("river moon", "moon", "OF"), ("a bc a", "a", "X")],
        [("green apple", "apple", "RED")],
    ),
    (
        lambda x: x.split()[0] + " " + x.split()[-1],
        ["Mr. Robert Jones", "Dr. Nancy Ng"],
        ["Prof. Ian Fox"],
    ),
    (
        lambda x: x if "@" in x else x + "@corp.com",
        ["al@b.org", "xavier", "kim", "kay@salt.org"],
        ["lee", "a@b"],
    ),
    (
        lambda x: f"{x[0]} {x[1][0]}. {x[2]}",
        [("Jo", "Ann", "Fox"), ("Sid", "Bo", "Dean")],
        [("A", "B", "C"), ("Kim", "Xu", "Poe")],
    ),
]


def defined(source: str):
    names: dict[str, object] = {}
    exec(source, names)
    return names["f"]


def solved(rule, inputs):
    columns = Columns.of(inputs)
    assert columns is not None
    found = solve(columns, range(len(inputs)), [rule(x) for x in inputs], Clock(60))
    return columns, found


@pytest.mark.parametrize(("rule", "inputs", "fresh"), RULES)
def test_the_shortest_program_is_the_rule(rule, inputs, fresh):
    """The first program gives the labels of inputs that it never saw, as the rule does."""
    columns, found = solved(rule, inputs)
    call = defined(columns.printed(found[0].expr))
    assert [call(x) for x in [*inputs, *fresh]] == [rule(x) for x in [*inputs, *fresh]]


@pytest.mark.parametrize(("rule", "inputs", "fresh"), RULES[::3])
def test_what_is_printed_is_what_was_checked(rule, inputs, fresh):
    """All programs found give the labels, as expressions and as printed, cheapest first."""
    columns, found = solved(rule, inputs)
    assert [f.bits for f in found] == sorted(f.bits for f in found)
    for one in found:
        call, printed = function(one.expr), defined(columns.printed(one.expr))
        assert [call(x) for x in inputs] == [printed(x) for x in inputs] == list(map(rule, inputs))


def test_rows_are_unpacked_by_name():
    """A program on pairs names their places in its first line."""
    columns, found = solved(lambda x: x[1] + ", " + x[0], [("John", "Doe"), ("Ann", "Lee")])
    assert columns.printed(found[0].expr) == "def f(x):\n    a, b = x\n    return b + ', ' + a"


def test_values_below_what_was_reached_are_all_there():
    """A longer search finds nothing new, and nothing cheaper, below the bits that one reached."""
    language = Language.over((X,), ("-",))
    column = [("ab-c", "d-ef-g")]
    short, long = (Pool(language, column, Hints.of(column, ["c", "ef"])) for _ in range(2))
    assert short.grow(3000, Clock(60))
    assert long.grow(12_000, Clock(60))
    assert 10 < short.reached < long.reached
    for kind in ("str", "strs", "int", "bool"):
        below = [[f.bits for f in p.of(kind) if f.bits < short.reached] for p in (short, long)]
        assert len(below[0]) > 2
        assert below[0] == below[1]


def test_cuts_between_words_cost_more_than_cuts_in_codes():
    """A fixed place that happens to be a separator everywhere is dear, but not in like texts."""
    names, dates = ["Mr. Fox", "Dr. Nobody"], ["2024-01-02", "1999-12-31"]
    assert surcharge("prefix", (4,), names) == surcharge("from", (4,), names) == SURCHARGE
    assert surcharge("prefix", (4,), dates) == surcharge("suffix", (2,), dates) == 0
    assert surcharge("prefix", (6,), names) == surcharge("from", (1,), names) == 0


def test_a_handful_of_texts_gets_the_best_guess():
    """Yes or no by five samples cannot be told from chance; the shortest program is shown still."""
    pairs = [("709713", "yes"), ("295", "yes"), ("John", "no"), ("Mary", "no"), ("12", "yes")]
    assert Goal.of([y for _, y in pairs]).trusted_bits < Goal.of([y for _, y in pairs]).weak_bits
    result = llmerm.fit(pairs, proposer=Enumerate(seconds=3, solvers=(Transform(),)), held_out=0)
    assert result.predict(["77", "Ann"]) == ["yes", "no"]


def test_empty_labels_on_one_side_of_a_condition():
    """What is empty for some samples is a choice with an empty text."""
    _, found = solved(lambda x: x if "@" in x else "", ["a@b.c", "abc", "x@y", "foo"])
    call = function(found[0].expr)
    assert [call(x) for x in ["k@l", "kl"]] == ["k@l", ""]


def test_labels_that_repeat_are_told_apart_by_a_condition():
    """Yes or no by a character: only a choice between two constants can say it."""
    _, found = solved(lambda x: "yes" if "@" in x else "no", ["a@b.c", "abc", "x@y", "foo"])
    assert found[0].expr.op.name == "choice"


def test_costs_are_probabilities():
    """The operators of each type sum to at most 1, and so do tables of constants."""
    grammar = Language.over((X,), (" ", "-")).grammar
    for kind in grammar.types:
        total = sum(2.0 ** -grammar.cost(op) for op in grammar.ops if op.ret == kind)
        assert 0.5 < total <= 1 + 1e-9
    for table in (TOKENS, CLASSES):
        assert sum(2.0 ** -table.bits(pattern) for pattern, _ in table.table) <= 1 + 1e-9
    assert sum(2.0 ** -Places().bits(place) for place in range(-5000, 5000)) <= 1
    ascii_texts = [chr(a) + chr(b) for a in range(128) for b in range(128)]
    total = sum(2.0 ** -text_bits(text) for text in ascii_texts)
    assert 0 < total <= 2.0**-3
    likely = Phrases((" ", ", "))
    assert 2.0 ** -likely.bits(" ") + 2.0 ** -likely.bits(", ") == 0.5


def test_bits_are_those_of_the_language():
    """A program's bits are the sum of its productions' in the grammar, by the grammar's count."""
    columns, found = solved(lambda x: x.split("-")[1] + "!", ["ab-c d", "x-yz", "q-rr-s"])
    language = Language.over(columns.ops, ("-", " "))
    assert found[0].bits == language.grammar.bits(found[0].expr)


def test_words_that_are_joined_as_they_are_need_no_loop():
    """A date turned round is printed without a comprehension that changes nothing."""
    columns, found = solved(lambda x: "/".join(x.split("-")[::-1]), ["2024-10-02", "1999-1-31"])
    assert columns.printed(found[0].expr) == "def f(x):\n    return '/'.join(x.split('-')[::-1])"


def test_labels_beyond_0_and_1_are_paid_for():
    """Naming two texts costs what their code costs; 0 and 1 cost nothing."""
    goal = Goal.of(["low", "high", "low"])
    choice = Expr(Op("t", "bool", (), "True"))
    assert goal.names_bits == label_bits("low") + label_bits("high")
    assert goal.overhead_bits(choice) == goal.root_bits + goal.names_bits
    assert Goal.of([0, 1, 1]).names_bits == 0


def test_the_proposer_hands_on_the_rule_first():
    """From two examples the embedded proposer's first program joins the two names."""
    train = Samples.of([(("John", "Doe"), "Doe, John"), (("Ann", "Lee"), "Lee, Ann")])

    async def first():
        stream = Enumerate(seconds=3, solvers=(Transform(),)).propose(train, 1, 0)
        found = [proposal async for proposal in stream]
        return found[0]

    proposal = asyncio.run(first())
    assert defined(proposal.source)(("Bob", "Stone")) == "Stone, Bob"
    assert proposal.prior_bits > FAMILY_BITS["transform"]


def test_fit_without_held_out_samples_keeps_the_shortest():
    """With held_out=0 the program of fewest prior bits is chosen, and it is the rule."""
    pairs = [("bob smith", "B. Smith"), ("ann lee", "A. Lee"), ("zoe poe", "Z. Poe")]
    result = llmerm.fit(pairs, proposer=Enumerate(seconds=3), held_out=0)
    scored = [c for c in result.candidates if c.train_error == 0]
    assert result.best.proposal.prior_bits == min(c.proposal.prior_bits for c in scored)
    assert result.predict(["kim xu"]) == ["K. Xu"]
