"""The embedded proposers: streams of programs, the same every time, closed at once."""

from __future__ import annotations

import asyncio
import os
import random
import subprocess
import sys
import threading
import time

import numpy as np
import pandas as pd
import pytest

from llmerm.errors import ArgumentError
from llmerm.proposers import enumerator
from llmerm.proposers.enumerator import Enumerate
from llmerm.proposers.length_first import LengthFirst
from llmerm.samples import Samples
from llmerm.search.engine import Enumerator
from llmerm.typing import Proposal

PROPOSERS = [Enumerate(seconds=6), LengthFirst(seconds=6)]


def samples(rule, count: int = 100, length: int = 30) -> Samples:
    rng = random.Random(8)
    inputs = ["".join(rng.choice("01") for _ in range(length)) for _ in range(count)]
    return Samples.of([(x, int(rule(x))) for x in inputs])


def drawn(proposer, train: Samples, k: int, seed: int = 0) -> list[Proposal]:
    async def read() -> list[Proposal]:
        return [proposal async for proposal in proposer.propose(train, k, seed)]

    return asyncio.run(read())


def predictions(proposal: Proposal, train: Samples) -> list[object]:
    names: dict[str, object] = {}
    exec(proposal.source, names)
    return [names["f"](x) for x in train.inputs]


@pytest.mark.parametrize("proposer", PROPOSERS, ids=lambda p: p.name)
def test_the_first_proposal_is_the_rule(proposer):
    """Both find the parity, number their draws from 0 and price them."""
    train = samples(lambda x: x.count("1") % 2)
    found = drawn(proposer, train, 3)
    assert found[0].source == "def f(x):\n    return x.count('1') % 2"
    assert [proposal.draw for proposal in found] == list(range(len(found)))
    assert predictions(found[0], train) == list(train.outputs)
    assert found[0].prior_bits < 14


@pytest.mark.parametrize("proposer", PROPOSERS, ids=lambda p: p.name)
def test_k_is_a_limit(proposer):
    """No more than k proposals come, for k = 1 too."""
    assert len(drawn(proposer, samples(lambda x: x[0] == "1"), 1)) == 1


def test_of_many_samples_some_are_looked_at(monkeypatch):
    """What they say is what the search goes by; which they are, the labels have no say in."""
    train = samples(lambda x: x.count("1") % 2, count=2_000, length=12)
    looked_at = []

    class Noted(Enumerator):
        def __init__(self, grammar, samples, **options):
            looked_at.append(samples)
            super().__init__(grammar, samples, **options)

    monkeypatch.setattr(enumerator, "Enumerator", Noted)
    search = Enumerate(max_samples=60)
    found = drawn(search, train, 4)
    assert drawn(search, Samples.from_arrays(train.inputs, train.outputs[::-1]), 1)
    assert drawn(search, train, 1, seed=1)
    one, other_labels, other_seed = looked_at
    assert len(one) == 60
    assert one.inputs == other_labels.inputs != other_seed.inputs
    assert found == drawn(Enumerate(max_samples=None), one, 4)


def test_a_rare_label_is_looked_at_as_often_as_there_is_of_it():
    """Of 14 among 40,000 samples, 10,000 at random would have few."""
    values = np.random.default_rng(0).random(40_000)
    train = Samples.from_arrays(values[:, None], [int(v > 0.9995) for v in values])
    assert sum(train.outputs) < 40
    first = drawn(Enumerate(seconds=3), train, 1)[0]
    assert predictions(first, train) == list(train.outputs)


def test_a_table_of_hundreds_of_thousands_of_rows_leaves_time_to_search():
    """Two conditions, in half the time that is usual."""
    rng = np.random.default_rng(0)
    table = {name: rng.random(300_000) for name in "abcde"}
    table["label"] = (table["a"] > 0.5) & (table["b"] < 0.3)
    train = Samples.from_frame(pd.DataFrame(table), target="label")
    (found,) = drawn(Enumerate(seconds=3), train, 1)
    assert found.source == "def f(x):\n    return x['a'] > 0.5 and x['b'] < 0.3"


def test_where_nothing_fits_the_last_word_is_the_constant():
    """For random labels: at most three proposals, none of which claims to fit, then a constant."""
    rng = random.Random(3)
    train = samples(lambda x: rng.random() < 0.5)
    found = drawn(Enumerate(seconds=1.5), train, 16)
    assert 1 <= len(found) <= 3
    assert all(predictions(proposal, train) != list(train.outputs) for proposal in found)
    assert len(set(predictions(found[-1], train))) == 1


def test_the_same_seed_gives_the_same_proposals():
    """Two streams agree draw by draw."""
    train = samples(lambda x: "1011" in x)
    first, second = (drawn(Enumerate(seconds=20), train, 1, seed=4) for _ in range(2))
    assert [p.source for p in first] == [p.source for p in second]
    assert [p.prior_bits for p in first] == [p.prior_bits for p in second]


def test_closing_the_stream_ends_the_search():
    """After the first proposal the stream is closed, and the worker thread is gone in a second."""

    async def read_one() -> str:
        stream = Enumerate(seconds=60).propose(samples(lambda x: x.count("1") % 2), 16, 0)
        first = await anext(stream)
        await stream.aclose()
        return first.source

    start = time.monotonic()
    assert "count" in asyncio.run(read_one())
    deadline = time.monotonic() + 2
    while any(t.name == "llmerm-search" for t in threading.enumerate()):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert time.monotonic() - start < 4


def test_an_error_in_the_search_reaches_the_reader():
    """A solver that breaks is not a silent end of the stream."""

    class Broken:
        name = "broken"

        def propose(self, bank, samples, clock):
            raise RuntimeError("boom")

    with pytest.raises(RuntimeError, match="boom"):
        drawn(Enumerate(seconds=5, solvers=(Broken(),)), samples(lambda x: x[0] == "1"), 4)


def test_no_samples_no_programs():
    """Without a sample there is nothing to propose, and no error."""
    assert drawn(Enumerate(seconds=1), Samples((), ()), 4) == []


@pytest.mark.parametrize(
    ("pairs", "source"),
    [
        ([("", 0), ("1", 1), ("11", 2), ("01", 1), ("0", 0), ("111", 3)] * 5, "x.count('1')"),
        ([({"a": i, "b": "u"}, int(i > 40)) for i in range(80)], "x['a'] > 40"),
        ([([i, i * i, i - 5], i + i * i) for i in range(30)], "x[0] + x[1]"),
        (
            [(x, len(str(x))) for x in (1, "abc", None, [1], 2.5, True, "x", (1, 2), "hello")] * 4,
            "len(str(x))",
        ),
        ([(i / 4, i / 4 + 0.5) for i in range(60)], "x + 0.5"),
    ],
)
def test_inputs_of_any_type_are_searched(pairs, source):
    """Empty strings, rows, lists, mixed values and floats give the short rule, never a crash."""
    found = drawn(Enumerate(seconds=4), Samples.of(pairs), 1)
    assert source in found[0].source


def words(count: int, length: int, alphabet: str = "01") -> list[str]:
    rng = random.Random(2)
    return ["".join(rng.choices(alphabet, k=length)) for _ in range(count)]


def noise(inputs: list[object]) -> Samples:
    rng = random.Random(6)
    return Samples.of([(x, rng.randint(0, 1)) for x in inputs])


HARD = {
    "100,000 samples": lambda: Samples.of([(x, x.count("1") % 2) for x in words(100_000, 40)]),
    "100,000 random labels": lambda: noise([*words(100_000, 40)]),
    "100,000 characters": lambda: noise([*words(20, 100_000)]),
    "one long text": lambda: noise([*words(60, 20), *words(1, 100_000)]),
    "long texts": lambda: noise([*words(12, 100_000, "abcde fgh,ij")]),
    "long lists": lambda: noise([list(map(int, x)) for x in words(12, 100_000)]),
    "10,000 rows": lambda: noise([{f"c{j}": i * j / 7 for j in range(30)} for i in range(10_000)]),
    "1,000 symbols": lambda: noise([*words(200, 80, "".join(map(chr, range(0x4E00, 0x51E8))))]),
    "mixed types": lambda: noise([1, "abc", None, [1, 2], 2.5, True, (1,), {"a": 1}, ""] * 20),
    "contradictions": lambda: noise([*words(200, 4)]),
}


def cpu_seconds() -> float:
    """Of this process and of those that it has waited for."""
    return sum(os.times()[:4])


@pytest.mark.parametrize("case", HARD)
def test_hard_input_ends_in_time_with_a_program(case):
    """Whatever the samples, half a second's search ends soon after, with something to run."""
    train = HARD[case]()
    start, spent = time.monotonic(), cpu_seconds()
    found = drawn(Enumerate(seconds=0.5), train, 4)
    assert cpu_seconds() - spent < 6
    assert time.monotonic() - start < 30  # other tests may take the cores meanwhile
    assert found
    assert all(p.source.lstrip().startswith(("def ", "from ", "import ")) for p in found)


def test_a_rule_of_many_samples_is_found_from_a_part():
    """4,000 samples: the threshold is the one that holds for all of them."""
    train = Samples.of([(x, int(x.count("1") > 23)) for x in words(4_000, 40)])
    found = drawn(Enumerate(seconds=20), train, 1)
    assert predictions(found[0], train) == list(train.outputs)


@pytest.mark.parametrize(
    "rule", [lambda x: x.count("1") % 2, lambda x: x[::-1]], ids=["parity", "reversed"]
)
def test_a_short_rule_of_very_long_inputs_is_found(rule):
    """Of 32 texts of 30,000 characters: no solver takes the time of the plain search."""
    train = Samples.of([(x, rule(x)) for x in words(32, 30_000)])
    found = drawn(Enumerate(seconds=30), train, 1)
    assert predictions(found[0], train) == list(train.outputs)
    assert len(found[0].source) < 50


STREAM = """
import random
from itertools import count, islice
from llmerm.samples import Samples
from llmerm.search import Clock, Enumerator, Grammar
from llmerm.search.solvers.registry import default_solvers

rng = random.Random(5)
texts = ["".join(rng.choices("abc -", k=9)) for _ in range(40)]
lists = [[rng.randint(0, 30) for _ in range(rng.randint(1, 8))] for _ in range(40)]
rows = [{"a": rng.randint(0, 90), "b": rng.choice("uvw")} for _ in range(40)]
for pairs in (
    [(x, x.replace("a", "").upper()) for x in texts],
    [(x, sorted(v for v in set(x) if v > 9)) for x in lists],
    [(x, x["b"] if x["a"] > 40 else "none") for x in rows],
    [("Ann Lee", "A. Lee"), ("Bob Stone", "B. Stone")],
):
    samples = Samples.of(pairs)
    clock = Clock(400, now=count().__next__)  # it counts how often it is read
    search = Enumerator(
        Grammar.infer(samples), samples, solvers=default_solvers(), clock=clock, seed=3
    )
    for candidate in [*islice(search.candidates(), 1), *search.best_effort()]:
        print(candidate.bits, candidate.origin, candidate.source)
"""


def test_the_candidates_do_not_depend_on_the_order_of_sets():
    """Two processes with other hash seeds give the same programs in the same order, at one price."""
    streams = [
        subprocess.run(
            [sys.executable, "-c", STREAM],
            capture_output=True,
            text=True,
            check=True,
            timeout=200,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    ]
    assert streams[0].count("def f(x)") > 7
    assert streams[0] == streams[1]


def test_a_few_examples_do_not_take_all_the_time():
    """Two to five examples of a short rule: the search ends by itself, far from its limit."""
    for pairs in (
        [("ab cd", "ab"), ("ef gh", "ef"), ("klm op", "klm")],
        [("2020-01-02", "2020"), ("1999-12-31", "1999")],
    ):
        start = time.monotonic()
        found = drawn(Enumerate(seconds=120), Samples.of(pairs), 16)
        assert predictions(found[0], Samples.of(pairs)) == [y for _, y in pairs]
        assert time.monotonic() - start < 60


PEAK = """
import asyncio, random, resource
from llmerm.proposers.enumerator import Enumerate
from llmerm.samples import Samples

async def main():
    rng = random.Random(1)
    pairs = [("".join(rng.choices("01", k=100)), rng.randint(0, 1)) for _ in range(5000)]
    return [p async for p in Enumerate(seconds=3, max_bytes=64 << 20).propose(Samples.of(pairs), 4, 0)]

before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
asyncio.run(main())
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


def test_the_memory_cap_holds_for_the_whole_process():
    """With 64 MiB for values, a search that finds nothing adds less than twice that in all."""
    done = subprocess.run(
        [sys.executable, "-c", PEAK], capture_output=True, text=True, check=True, timeout=100
    )
    assert int(done.stdout) < 128


def test_limits_are_checked():
    """A limit under which nothing can run is refused with the value and what would do."""
    with pytest.raises(ArgumentError, match=r"seconds.*-1"):
        Enumerate(seconds=-1)
    with pytest.raises(ArgumentError, match=r"max_bytes.*10"):
        LengthFirst(max_bytes=10)
    for wrong in (0, 1e4, True, "9"):
        with pytest.raises(ArgumentError, match=rf"max_samples.*{wrong!r}.*None looks at all"):
            LengthFirst(max_samples=wrong)


def test_parameters_are_plain_values():
    """What decides the draws is recorded by name."""
    assert Enumerate().parameters["seconds"] == 6.0
    assert LengthFirst().parameters["solvers"] == []
    assert LengthFirst().parameters["goal_directed"] is False
