"""Fits beside their controls, with proposers whose scores are known beforehand."""

from __future__ import annotations

import asyncio
import warnings

import pytest
from scipy.stats import beta

import llmerm
from llmerm.altered import with_shuffled_labels
from llmerm.proposers import Enumerate
from llmerm.samples import Samples
from llmerm.typing import Budget, Usage

BITS = Samples.of([(f"{i:08b}", f"{i:08b}".count("1") % 2) for i in range(0, 256, 2)], name="bits")
RIGHT, WRONG = "def f(x): return x % 2", "def f(x): return 1"


class Table(llmerm.Proposer):
    """A lookup of whatever it finds the labels of: of what it is given, or of whole data sets."""

    name = "table"

    def __init__(self, *known: Samples) -> None:
        self.known = known
        self.seen: list[Samples] = []

    async def propose(self, train, k, seed):
        """The table of the data set that agrees with the training samples."""
        self.seen.append(train)
        fits = (data for data in self.known if len(train) and set(train) <= set(data))
        table = dict(next(fits, train))
        yield llmerm.Proposal(0, f"T = {table!r}\ndef f(x): return T.get(x, 0)")


def test_a_rule_that_was_learned_is_earned_by_the_data():
    """Of a parity: all of the fit, nothing of shuffled labels; a search has nothing to say blindly."""
    found = llmerm.controls(BITS, proposer=Enumerate(seconds=2.0))
    assert found.fit.error == found.renamed.error == found.from_names == 0
    assert found.constant == pytest.approx(BITS.split().held_out.label_counts["0"] / 64, abs=0.02)
    assert found.shuffled.error > 0.25
    assert found.without_samples.error == found.constant
    assert found.without_samples.result is None
    assert "had nothing to say, so the best constant" in str(found)
    assert str(found.without_samples.certificate).startswith("no certificate: the proposer had")
    assert found.earned > 0.25
    assert 0 < found.earned_at_least <= found.earned


def test_what_is_known_beforehand_is_not_earned(odd):
    """A script that is right whatever it is given: shuffled labels show that it does not learn."""
    found = llmerm.controls(odd, k=1, proposer=llmerm.ScriptedProposer([RIGHT]))
    assert found.fit.error == found.without_samples.error == 0
    dealt = with_shuffled_labels(odd, 0).split().held_out
    wrong = sum(x % 2 != y for x, y in dealt)
    assert found.shuffled.error == wrong / 40
    assert found.earned == found.earned_at_least == 0
    assert found.renamed is None
    assert dict(found.left_out)["names changed"].startswith("the inputs are numbers")
    assert "left out: names changed" in str(found)


def test_memory_is_not_earned():
    """A table of the training samples is a constant on all others."""
    data = Samples.of([(i, i % 2) for i in range(100)])
    found = llmerm.controls(data, proposer=Table())
    assert found.fit.result.train_error == 0
    assert found.fit.error == found.shuffled.error == found.constant == 0.5
    assert found.earned == 0


def test_a_proposer_that_knows_held_out_labels_is_found_out():
    """It is right on shuffled labels too, so nothing is earned, and the leak is said."""
    data = Samples.of([(i, i * i % 7 % 2) for i in range(100)])
    known = (data, with_shuffled_labels(data, 5))
    honest = llmerm.controls(data, proposer=Table(), seed=5)
    cheat = llmerm.controls(data, proposer=Table(*known), seed=5)
    assert cheat.fit.error == cheat.shuffled.error == 0
    assert cheat.leaks
    assert cheat.earned <= 0
    assert cheat.earned_at_least == 0
    assert not honest.leaks


def test_a_proposer_sees_what_each_run_is_about():
    """The training part; the same inputs under dealt labels; nothing; other characters."""
    table = Table()
    found = llmerm.controls(BITS, proposer=table, description="count the ones", seed=2)
    given, dealt, blind, other = table.seen
    assert given == BITS.split(seed=2).train
    assert set(dealt.inputs) <= set(BITS.inputs)
    assert set(dealt) <= set(with_shuffled_labels(BITS, 2))
    assert not set(dealt) <= set(BITS)
    assert len(blind) == 0
    assert [len(one) for one in (given, dealt, other)] == [64] * 3
    assert not set("".join(other.inputs)) & {"0", "1"}
    words = [one.description for one in table.seen]
    assert words[:2] == ["count the ones"] * 2
    assert words[2].startswith("count the ones\nEach input x is a string of 8 characters")
    assert words[3] is None
    assert [arm.result.provenance.train for arm in found.arms] == [64, 64, 0, 64]
    assert {arm.certificate.samples for arm in found.arms} == {found.held_out} == {64}


def test_rules_that_use_names_lose_by_other_names():
    """A script that reads a column by its name knows no other: every prediction is missing."""
    rows = Samples.of([({"age": i}, int(i > 39)) for i in range(80)])
    adult = llmerm.ScriptedProposer(["def f(x): return int(x['age'] > 39)"])
    found = llmerm.controls(rows, k=1, proposer=adult)
    assert found.fit.error == 0
    assert found.renamed.error == found.constant == found.from_names == 0.5
    assert "no program has a score, so the best constant" in found.renamed.note


def test_an_interval_pays_for_all_candidates_and_all_runs(odd):
    """The quantiles of the beta distribution at delta / (2 * 4 * k): here from scipy."""
    found = llmerm.controls(odd, k=2, proposer=llmerm.ScriptedProposer([WRONG, WRONG]), delta=0.1)
    level = 0.1 / (2 * 4 * 2)
    expected = beta.ppf(level, 20, 21), beta.ppf(1 - level, 21, 20)
    assert found.fit.interval == pytest.approx(expected, abs=1e-9)
    assert found.confidence == found.fit.certificate.confidence == 0.9


def test_numbers_are_compared_by_their_mean_loss():
    """Half a unit off everywhere, against the median; no interval, no points."""
    data = Samples.of([(i, 2 * i) for i in range(40)])
    found = llmerm.controls(
        data,
        k=1,
        proposer=llmerm.ScriptedProposer(["def f(x): return 2 * x + 0.5"]),
        loss="absolute",
    )
    assert found.fit.error == found.without_samples.error == 0.5
    assert found.shuffled.error > 5
    assert found.fit.interval is found.earned_at_least is None
    assert found.earned == 0
    assert "mean loss 0.5 on 20 held-out samples" in str(found)


def test_a_program_that_is_infinitely_wrong_scores_as_a_constant():
    """Where it gives no number for one input, under a loss without a largest value."""
    data = Samples.of([(i, i) for i in range(40)])
    gap = llmerm.ScriptedProposer(["def f(x): return x if x % 3 else None"])
    found = llmerm.controls(data, k=1, proposer=gap, loss="absolute")
    assert found.fit.error == found.constant < 40
    assert "no program has a score" in found.fit.note


def test_the_budget_is_for_all_runs_together(odd):
    """Five calls: two each for the fit and the shuffled labels, one is left, and then none."""
    script = llmerm.ScriptedProposer([WRONG] * 2, usage=Usage(calls=1, usd=0.25))
    rows = Samples.of([({"n": x}, y) for x, y in odd])
    found = llmerm.controls(rows, k=2, proposer=script, budget=Budget(calls=5))
    assert found.usage.calls == 5
    assert found.usage.usd == 1.25
    assert [len(arm.result.candidates) for arm in found.arms] == [2, 2, 1]
    assert found.left_out == (("names changed", "the budget calls=5 was used up before it"),)
    short = llmerm.controls(odd, k=2, proposer=script, budget=Budget(calls=2))
    assert [name for name, _ in short.left_out] == ["labels shuffled", "without samples", "names changed"]  # fmt: skip
    assert short.earned == 0


def test_what_was_known_beforehand_is_not_called_earned_where_that_was_not_run(odd):
    """A budget for the fit alone: the rule may have been known, and the sentence says so."""
    knows = llmerm.ScriptedProposer([RIGHT], usage=Usage(calls=1))
    whole = llmerm.controls(odd, k=1, proposer=knows)
    assert (whole.earned, whole.earned_at_least) == (0, 0)
    short = llmerm.controls(odd, k=1, proposer=knows, budget=Budget(calls=1))
    assert short.without_samples is None
    assert short.earned_at_least is None
    assert "earned by the data and what was known before them" in short.sentence
    assert "at least" not in short.sentence


def test_seconds_are_for_all_runs_together(odd):
    """A proposer that never ends takes all of them for the fit, and no control is run."""

    class Endless(llmerm.Proposer):
        async def propose(self, train, k, seed):
            yield llmerm.Proposal(0, WRONG)
            await asyncio.sleep(1_000)

    found = llmerm.controls(odd, proposer=Endless(), budget=Budget(seconds=3.0))
    assert len(found.fit.result.candidates) == 1
    assert len(found.arms) == 1
    assert 3.0 <= found.usage.seconds < 60
    assert found.left_out[0] == ("labels shuffled", "the budget seconds=3 was used up before it")


def test_controls_run_in_a_notebook_too(odd):
    """Where an event loop already runs."""

    async def cell():
        return llmerm.controls(odd, k=1, proposer=llmerm.ScriptedProposer([RIGHT]))

    assert asyncio.run(cell()).fit.error == 0


def test_what_is_held_out_stays_unseen_without_samples():
    """The words about inputs and labels are of the train part, and show no row of the held-out one."""
    seen = []

    class Listener(llmerm.Proposer):
        async def propose(self, train, k, seed):
            seen.append(train)
            yield llmerm.Proposal(0, WRONG)

    rows = Samples.of([({"id": f"row{i}"}, f"label{i % 5}") for i in range(40)])
    llmerm.controls(rows, proposer=Listener(), seed=3)
    train, held_out = rows.split(seed=3)
    words = seen[2].description
    assert repr(train.inputs[0]) in words
    assert not any(repr(x) in words for x in held_out.inputs)


def test_a_proposer_that_needs_samples_scores_as_a_constant_without():
    """Its exception is told, and costs none of what was done before."""

    class Last(llmerm.Proposer):
        async def propose(self, train, k, seed):
            yield llmerm.Proposal(0, f"def f(x): return {train[-1].y}")

    found = llmerm.controls([(i, i % 2) for i in range(60)], proposer=Last())
    assert found.without_samples.error == found.constant
    assert "the proposer raised IndexError" in found.without_samples.note
    assert found.shuffled.result is not None


def test_controls_can_be_played_again(odd, tmp_path):
    """Each run lies in the ledger under its own samples; a replay finds all, and the fit its own."""
    ledger = tmp_path / "l.sqlite"
    script = llmerm.ScriptedProposer([WRONG, RIGHT], usage=Usage(calls=1))
    first = llmerm.controls(odd, k=2, proposer=script, ledger=ledger)
    assert first.usage.calls == len(script.paid) == 6
    resumed = llmerm.controls(odd, k=2, proposer=script, ledger=ledger)
    assert len(script.paid) == 6
    assert [arm.error for arm in resumed.arms] == [arm.error for arm in first.arms]
    again = llmerm.controls(odd, k=2, proposer=f"replay:{ledger}")
    assert [arm.error for arm in again.arms] == [arm.error for arm in first.arms]
    assert again.usage.calls == 0
    fit = llmerm.fit(odd, k=2, proposer=f"replay:{ledger}")
    assert [c.source for c in fit.candidates] == [WRONG, RIGHT]


def test_the_same_seed_gives_the_same_controls(odd):
    """And another seed other shuffled labels."""
    script = llmerm.ScriptedProposer([RIGHT])
    first, same, other = (llmerm.controls(odd, k=1, proposer=script, seed=s) for s in (1, 1, 2))
    assert str(first) == str(same)
    assert first.shuffled.result.provenance.data == same.shuffled.result.provenance.data
    assert first.shuffled.result.provenance.data != other.shuffled.result.provenance.data


BAD = [
    {"k": 0}, {"delta": 0}, {"delta": 1}, {"held_out": 1.0}, {"loss": "cubed"}, {"budget": 3},
    {"seed": -1}, {"proposer": "enumerat"}, {"tolerance": -1}, {"sandbox": "none"},
]  # fmt: skip


@pytest.mark.parametrize("wrong", BAD, ids=str)
def test_bad_arguments_are_those_of_fit(odd, wrong):
    """The same error with the same words."""
    script = {"proposer": llmerm.ScriptedProposer([RIGHT])}
    with pytest.raises(llmerm.LlmermError) as expected:
        llmerm.fit(odd, **{**script, **wrong})
    with pytest.raises(type(expected.value)) as found:
        llmerm.controls(odd, **{**script, **wrong})
    assert str(found.value) == str(expected.value)


@pytest.mark.parametrize("data", [[], [(1, 0)], [(1, 0), (2, 0)], [1, 2]], ids=str)
def test_bad_samples_are_those_of_fit(data):
    """Too few, one label, no pairs."""
    with pytest.raises(llmerm.errors.DataError):
        llmerm.controls(data, proposer=llmerm.ScriptedProposer([RIGHT]))


def test_without_a_held_out_part_there_is_nothing_to_compare(odd):
    """And it says so before anything is drawn."""
    with pytest.raises(llmerm.errors.ArgumentError, match="held_out"):
        llmerm.controls(odd, proposer=llmerm.ScriptedProposer([RIGHT]), held_out=0)


def test_a_proposer_that_fails_in_the_fit_is_an_error(odd):
    """Nothing proposed, or out of budget: what `fit` raises, not a row of constants."""
    with pytest.raises(llmerm.errors.ProposerError, match="yielded no candidate"):
        llmerm.controls(odd, proposer=llmerm.ScriptedProposer([]))
    with pytest.raises(llmerm.errors.OutOfBudgetError):
        llmerm.controls(odd, proposer=llmerm.ScriptedProposer([RIGHT]), budget=Budget(calls=0))


@pytest.mark.parametrize(
    "pairs",
    [
        [("a", 0), ("a", 1)],
        [("a", 0), ("b", 0), ("c", 0), ("d", 1)],
        [("same", i % 2) for i in range(12)],
        [("", i) for i in range(5)],
        [(None, "x"), ("", "y"), ({}, "x")],
    ],
    ids=str,
)
def test_degenerate_samples_are_warned_of_once_and_have_controls(pairs):
    """What is wrong with them is said of the fit alone."""
    script = llmerm.ScriptedProposer(["def f(x): return 0"])
    with warnings.catch_warnings(record=True) as of_fit:
        warnings.simplefilter("always")
        llmerm.fit(pairs, proposer=script)
    with warnings.catch_warnings(record=True) as of_controls:
        warnings.simplefilter("always")
        found = llmerm.controls(pairs, proposer=script)
    assert [str(w.message) for w in of_controls] == [str(w.message) for w in of_fit] != []
    assert len(found.arms) >= 3
    assert found.sentence
