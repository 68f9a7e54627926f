"""The driver: early stop, order, budget, bad input, notebooks."""

from __future__ import annotations

import asyncio
import random

import pandas as pd
import pytest

import llmerm
from llmerm import losses
from llmerm.errors import (
    ArgumentError,
    DataError,
    LlmermWarning,
    NoProgramError,
    ProposerError,
    UnknownNameError,
)
from llmerm.samples import Samples
from llmerm.typing import Failed, Usage

ODD = "def f(x): return x % 2"
ONE = "def f(x): return 1"
FITS_TRAIN_ONLY = "def f(x): return x % 3"


class Jittery(llmerm.Proposer):
    """Yields the script's draws in a shuffled order, as concurrent calls would."""

    name = "jittery"

    def __init__(self, script, order_seed):
        self.script, self.order_seed = script, order_seed
        self.closed = False

    async def propose(self, train, k, seed):
        order = list(range(min(k, len(self.script))))
        random.Random(self.order_seed).shuffle(order)
        try:
            for draw in order:
                await asyncio.sleep(0.001)
                yield llmerm.Proposal(draw, self.script[draw])
        finally:
            self.closed = True


def test_drawing_stops_at_the_first_verified_candidate(odd):
    """Later draws are not judged; the certificate still pays for the declared k."""
    proposer = llmerm.ScriptedProposer([ONE, ODD, FITS_TRAIN_ONLY, ODD])
    result = llmerm.fit(odd, k=8, proposer=proposer)
    assert [c.draw for c in result.candidates] == [0, 1]
    assert result.program.source == ODD
    assert result.certificate.count == 8
    assert result.status == "verified"
    assert "within the tolerance" in result.stopped


def test_with_a_batch_size_a_whole_batch_is_judged_before_the_stop(odd):
    """The paper's b: of two exact programs in a batch, the shorter is chosen."""
    longer = "def f(x):\n    y = x % 2\n    return y"
    result = llmerm.fit(
        odd, k=6, batch_size=3, proposer=llmerm.ScriptedProposer([longer, ONE, ODD, ONE])
    )
    assert len(result.candidates) == 3
    assert result.program.source == ODD


def test_no_early_stop_without_a_held_out_part(odd):
    """With held_out=0 nothing is verified, all draws are judged, and the result says so."""
    result = llmerm.fit(odd, held_out=0, proposer=llmerm.ScriptedProposer([ODD, ONE]))
    assert len(result.candidates) == 2
    assert result.held_out_error is None
    assert not result.verified
    assert result.status == "best_effort"
    assert "nothing was verified" in str(result)


def test_without_a_held_out_part_the_length_pays(odd):
    """The bound is the exact one at delta / 2^bits; for five rows it says nothing, in words."""
    result = llmerm.fit(odd, held_out=0, proposer=llmerm.ScriptedProposer([ODD, ONE]))
    bits = result.program.bits + 1
    assert result.certificate.method == "description-length"
    assert result.certificate.bound == pytest.approx(1 - (0.05 * 2**-bits) ** (1 / len(odd)))
    few = llmerm.fit(odd[:5], held_out=0, proposer=llmerm.ScriptedProposer([ODD]))
    assert few.certificate.bound > 0.9999
    assert "nothing can be said of how often" in str(few.certificate)
    squared = llmerm.fit(
        odd, held_out=0, loss="squared", proposer=llmerm.ScriptedProposer([ODD, ONE])
    )
    assert squared.certificate.method == "none"
    assert "nothing was verified" in squared.certificate.why


@pytest.mark.parametrize("order_seed", range(6))
def test_the_order_of_arrival_does_not_change_the_result(odd, order_seed):
    """Candidates are judged in the order of the draws, however they arrive."""
    script = [ONE, "def f(x): return 0", "broken(", ODD, "def f(x): return x & 1", ONE]
    result = llmerm.fit(odd, proposer=Jittery(script, order_seed))
    assert [c.draw for c in result.candidates] == [0, 1, 2, 3]
    assert result.chosen == 3


def test_the_stream_is_closed_when_the_fit_stops_early(odd):
    """A proposer's work in flight ends."""
    proposer = Jittery([ODD] + [ONE] * 15, order_seed=0)
    llmerm.fit(odd, proposer=proposer)
    assert proposer.closed


def test_duplicates_run_once_and_are_marked(odd, box):
    """The same normal form is run once; equal predictions on all inputs are marked, too."""
    runs = []

    class Counting(llmerm.sandbox.Sandbox):
        isolation = box.isolation

        def session(self, inputs, *, workers=1, hash_seed=0):
            session = box.session(inputs, workers=workers, hash_seed=hash_seed)
            run = session.run
            session.run = lambda source, **k: (runs.append(source), run(source, **k))[1]
            return session

    script = [ONE, "def g(y): return 1", "def f(x): return 2 - 1", "def f(x): return 0"]
    result = llmerm.fit(odd, proposer=llmerm.ScriptedProposer(script), sandbox=Counting())
    assert [c.duplicate_of for c in result.candidates] == [None, 0, 0, None]
    assert script[1] not in runs
    assert set(runs) == {script[0], script[2], script[3]}


def test_every_draw_keeps_its_reason(odd):
    """Replies without a program are candidates with a reason, and the run goes on."""
    script = [Failed("refused", "no"), "", "x = 1", "def f(x: return", "def f(x): return y", ODD]
    result = llmerm.fit(odd, proposer=llmerm.ScriptedProposer(script))
    reasons = [
        c.verdict.reason if isinstance(c.verdict, Failed) else None for c in result.candidates
    ]
    assert reasons == ["refused", "empty", "no_function", "syntax_error", "raised", None]
    assert result.verified


def test_where_nothing_could_be_scored_the_result_says_why(odd):
    """The fit returns; asking for the program is the error, with the counted reasons."""
    result = llmerm.fit(odd, proposer=llmerm.ScriptedProposer(["", "", "1/0\ndef f(x): return 1"]))
    assert result.status == "abstained"
    assert not result.verified
    with pytest.raises(NoProgramError, match=r"none of the 3 candidates .* 2 empty, 1 load_error"):
        _ = result.program


def test_a_program_no_better_than_a_constant_is_no_result(odd):
    """Status is abstained where the certificate does not beat the best constant."""
    result = llmerm.fit(odd, proposer=llmerm.ScriptedProposer([ONE, FITS_TRAIN_ONLY]))
    assert result.status == "abstained"
    assert "no program is shown to beat chance" in repr(result)


def test_a_good_but_inexact_program_is_best_effort():
    """Between verified and abstained."""
    noisy = [(i, (i % 2) ^ (i % 29 == 0)) for i in range(400)]
    result = llmerm.fit(noisy, proposer=llmerm.ScriptedProposer([ODD]))
    assert result.status == "best_effort"
    assert 0 < result.held_out_error < 0.1 < result.certificate.bound < 0.5 or result.held_out_error


@pytest.mark.parametrize(
    ("budget", "expected"),
    [
        (llmerm.Budget(calls=2), 2),
        (llmerm.Budget(tokens=250), 3),
        (llmerm.Budget(usd=0.05), 1),
        (llmerm.Budget(calls=0), None),
        (llmerm.Budget(seconds=0), None),
    ],
)
def test_a_budget_is_a_hard_stop(odd, budget, expected):
    """Drawing ends with the draw that reaches a limit; with no draw at all it is an error."""
    cost = Usage(calls=1, tokens_in=90, tokens_out=10, usd=0.06)
    proposer = llmerm.ScriptedProposer([ONE] * 9, usage=cost)
    if expected is None:
        with pytest.raises(ProposerError, match=r"before the budget .* was reached"):
            llmerm.fit(odd, proposer=proposer, budget=budget)
        assert proposer.paid == []
    else:
        result = llmerm.fit(odd, proposer=proposer, budget=budget)
        assert len(proposer.paid) == len(result.candidates) == expected
        assert result.usage.calls == expected
        assert "budget" in result.stopped


def test_a_budget_of_seconds_cuts_a_proposer_that_hangs(odd):
    """What was drawn before is judged."""

    class Hanging(llmerm.Proposer):
        name = "hanging"

        async def propose(self, train, k, seed):
            yield llmerm.Proposal(0, ONE)
            await asyncio.sleep(3600)

    result = llmerm.fit(odd, proposer=Hanging(), budget=llmerm.Budget(seconds=0.5))
    assert len(result.candidates) == 1
    assert result.usage.seconds < 10


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        ({"samples": []}, DataError, "0 samples given"),
        ({"samples": [(1, 1)]}, DataError, "1 sample given"),
        ({"samples": [(1, 1), (2, 1)]}, DataError, "have the label 1"),
        ({"samples": [(1, 1), (2, object())]}, DataError, "cannot be compared"),
        ({"k": 0}, ArgumentError, "`k` must be an integer of at least 1, got 0"),
        ({"k": True}, ArgumentError, "`k` must be"),
        ({"held_out": "half"}, ArgumentError, "`held_out` must be in"),
        ({"budget": llmerm.Budget(usd=float("nan"))}, ArgumentError, "must be a number, got nan"),
        ({"budget": llmerm.Budget(calls="3")}, ArgumentError, "must be a number, got '3'"),
        ({"budget": 5}, ArgumentError, "`budget` must be a Budget, got 5"),
        ({"held_out": 1}, ArgumentError, "`held_out` must be in"),
        ({"held_out": -0.5}, ArgumentError, "`held_out` must be in"),
        ({"tolerance": -1}, ArgumentError, "`tolerance`"),
        ({"delta": 0}, ArgumentError, "`delta`"),
        ({"batch_size": 0}, ArgumentError, "`batch_size`"),
        ({"seed": -3}, ArgumentError, "`seed`"),
        ({"loss": "zero-one"}, UnknownNameError, "Did you mean 'zero_one'"),
        ({"proposer": "enumarate"}, UnknownNameError, "Did you mean 'enumerate'"),
        ({"proposer": 3}, ArgumentError, "`proposer` must be"),
        ({"proposer": "enumerate:x"}, ArgumentError, "cannot be made"),
        ({"sandbox": "none"}, ArgumentError, "`sandbox` must be"),
        ({"proposer": llmerm.ScriptedProposer([])}, ProposerError, "yielded no candidate"),
    ],
)
def test_bad_input_is_a_clear_error(odd, arguments, error, says):
    """It names the value, what was expected and the next step."""
    with pytest.raises(error, match=says):
        llmerm.fit(**{"samples": odd, "proposer": llmerm.ScriptedProposer([ODD]), **arguments})


def test_any_object_that_proposes_is_a_proposer(odd):
    """A subclass is not needed; what is no stream is refused by name."""

    class Plain:
        name = "plain"

        async def propose(self, train, k, seed):
            yield llmerm.Proposal(0, ODD)

    class Listing:
        def propose(self, train, k, seed):
            return [llmerm.Proposal(0, ODD)]

    result = llmerm.fit(odd, proposer=Plain())
    assert result.verified
    assert result.provenance.proposer == "plain"
    with pytest.raises(ProposerError, match="gave a list, expected a stream"):
        llmerm.fit(odd, proposer=Listing())


@pytest.mark.parametrize(
    "inputs",
    ["0110", {"a": 1}, 5, Samples.of([(1, 1), (2, 0)])],
    ids=["text", "dict", "int", "samples"],
)
def test_predict_takes_several_inputs_only(odd, inputs):
    """A single input, or samples with their labels, are a mistake that is named."""
    result = llmerm.fit(odd, proposer=llmerm.ScriptedProposer([ODD]))
    with pytest.raises(DataError, match=r"expected a list of inputs|got samples with labels"):
        result.predict(inputs)


def test_predict_takes_a_frame():
    """Its rows are the dicts that the program was fitted on."""
    frame = pd.DataFrame({"n": range(40), "m": 1, "y": [i % 2 for i in range(40)]})
    samples = Samples.from_frame(frame, target="y")
    result = llmerm.fit(samples, proposer=llmerm.ScriptedProposer(["def f(x): return x['n'] % 2"]))
    assert result.predict(frame[["n", "m"]].head(3)) == [0, 1, 0]


def test_a_constant_is_no_rule():
    """Whatever constant has luck on the held-out part, it is not better than the best one."""
    samples = [(i, 0.5 * i + ((i * 7919) % 13) / 10) for i in range(80)]
    script = [f"def f(x): return {c}" for c in (14, 16.5, 18.25, 20, 22)]
    result = llmerm.fit(samples, loss="squared", proposer=llmerm.ScriptedProposer(script))
    assert result.status == "abstained"


@pytest.mark.parametrize("seed", range(3))
def test_certificates_hold_under_the_stratified_split(seed):
    """Constants learnt from the labels' shares: the bound is above their error in those shares."""
    rng = random.Random(seed)
    samples = Samples.of([(i, rng.randrange(20)) for i in range(200)])
    commonest = max(set(samples.outputs), key=samples.outputs.count)
    result = llmerm.fit(
        samples,
        k=1,
        held_out=0.9,
        proposer=llmerm.ScriptedProposer([f"def f(x): return {commonest}"]),
    )
    share = result.certificate.samples
    held_out = samples.split(0.9).held_out
    assert share == len(held_out)
    assert result.certificate.bound >= 1 - held_out.outputs.count(commonest) / len(held_out)
    assert "labels in the same shares" in str(result.certificate)


def test_a_proposer_that_numbers_two_draws_alike_is_refused(odd):
    """Each draw has its own number."""

    class Twice(llmerm.Proposer):
        async def propose(self, train, k, seed):
            yield llmerm.Proposal(0, ONE)
            yield llmerm.Proposal(0, ODD)

    with pytest.raises(ProposerError, match="draw 0 came twice"):
        llmerm.fit(odd, proposer=Twice())


@pytest.mark.parametrize(
    ("item", "says"),
    [
        ("def f(x): return 1", "expected a Proposal"),
        (None, "expected a Proposal"),
        (llmerm.Proposal(-1, ONE), "numbered a draw -1"),
        (llmerm.Proposal(0.5, ONE), "numbered a draw 0.5"),
        (llmerm.Proposal(1 << 70, ONE), "numbered a draw"),
        (llmerm.Proposal(0, None), "has the source None"),
        (llmerm.Proposal(0, ONE, usage=None), "has the usage None"),
        (llmerm.Proposal(0, ONE, failure="no"), "has the failure 'no'"),
    ],
)
def test_what_is_no_proposal_is_refused(odd, item, says):
    """A proposer's mistake is named, and never counted wrongly by the certificate."""

    class Wrong(llmerm.Proposer):
        async def propose(self, train, k, seed):
            yield item

    with pytest.raises(ProposerError, match=says):
        llmerm.fit(odd, proposer=Wrong())


def test_a_proposer_without_end_is_stopped(odd):
    """Draws beyond k are dropped, and the budget still holds."""

    class Endless(llmerm.Proposer):
        async def propose(self, train, k, seed):
            while True:
                yield llmerm.Proposal(k, ONE)

    with pytest.raises(ProposerError, match="before the budget seconds"):
        llmerm.fit(odd, proposer=Endless(), budget=llmerm.Budget(seconds=0.3))


IMPURE = {
    "counts its calls": "n = -1\ndef f(x):\n    global n\n    n += 1\n    return int(n >= 100)",
    "compares its inputs": """
import gc
def f(x):
    inputs = next(p for o in gc.get_objects() for p in gc.get_referents(o)
                  if type(p) in (list, tuple) and len(p) > 50 and type(p[0]) is str and x in p)
    return int(sorted(inputs).index(x) >= len(inputs) // 2)
""",
}


@pytest.mark.parametrize("name", IMPURE)
def test_a_program_that_is_no_function_of_its_input_is_found_out(name):
    """It would score no error; run again, in another order and alone, it gives other predictions."""
    samples = [(f"{i * 7919 % 1009:04}", int(i >= 100)) for i in range(200)]
    if name == "compares its inputs":
        middle = sorted(x for x, _ in samples)[100]
        samples = [(x, int(x >= middle)) for x, _ in samples]
    result = llmerm.verify([IMPURE[name]], samples)
    assert result.candidates[0].verdict.reason == "impure"
    assert result.status == "abstained"
    assert result.certificate.method == "none"


@pytest.mark.parametrize("body", ["import random\ndef f(x): return random.SystemRandom().random() < .5",
                                  "import time\ndef f(x): return time.perf_counter_ns() % 2",
                                  "def f(x): return hash(str(x)) % 2"])  # fmt: skip
def test_chance_clocks_and_hashes_are_found_out(odd, body):
    """Predictions that change between runs are no program's."""
    result = llmerm.verify([body], odd)
    assert result.candidates[0].verdict.reason == "impure"


def test_an_impure_program_does_not_stop_the_search(odd):
    """The next candidate has its turn."""
    lucky = "n = -1\ndef f(x):\n    global n\n    n += 1\n    return LABELS[n]"
    train, held_out = odd.split()
    labels = [*held_out.outputs, *train.outputs]  # the order in which they are run
    script = [lucky.replace("LABELS", str(labels)), ODD]
    result = llmerm.fit(odd, proposer=llmerm.ScriptedProposer(script))
    assert result.candidates[0].verdict.reason == "impure"
    assert result.program.source == ODD
    assert result.verified


def test_one_normal_form_never_lends_a_failure_or_a_verdict_backwards(odd):
    """A twin that failed, or came later in the order of the draws, is no judge of this one."""
    broken = "def f(x: List[int]): return x % 2"
    assert llmerm.fit(odd, proposer=llmerm.ScriptedProposer([broken, ODD])).chosen == 1

    class Backwards(llmerm.Proposer):
        async def propose(self, train, k, seed):
            yield llmerm.Proposal(1, ODD)
            await asyncio.sleep(0.2)
            yield llmerm.Proposal(0, broken)

    result = llmerm.fit(odd, batch_size=2, proposer=Backwards())
    assert result.chosen == 1
    assert result.predict([3]) == [1]


def test_hostile_sources_and_answers_cost_one_draw_each(odd):
    """Deep, long and overflowing things are that candidate's reason."""
    script = [
        "def f(x): return 0\nif 0: 0\n" + "elif 0: 0\n" * 900 + "else:\n " + "a, " * 40_000,
        "def f(x): return 0x" + "f" * 5000,
        "V = 'a'.join(['1' * 4000] * 24)\ndef f(x): return V",
        "def f(x): return 1e308",
        ODD,
    ]
    result = llmerm.fit(odd, loss="squared", proposer=llmerm.ScriptedProposer(script))
    assert result.chosen == 4


def test_a_proposers_own_error_reaches_the_user(odd):
    """Nothing is swallowed."""

    class Broken(llmerm.Proposer):
        async def propose(self, train, k, seed):
            yield llmerm.Proposal(0, ONE)
            raise ZeroDivisionError("mine")

    with pytest.raises(ZeroDivisionError, match="mine"):
        llmerm.fit(odd, proposer=Broken())


def test_fit_works_inside_a_running_loop(odd):
    """As in a notebook."""

    async def cell():
        return llmerm.fit(odd, proposer=llmerm.ScriptedProposer([ODD]))

    async def awaited():
        return await llmerm.fit_async(odd, proposer=llmerm.ScriptedProposer([ODD]))

    assert asyncio.run(cell()).verified
    assert asyncio.run(awaited()).verified


def test_progress_is_told_after_each_verdict(odd):
    """Candidates so far, of how many, and the best error."""
    seen = []
    script = [ONE, "def f(x): return x % 3 % 2", ODD]
    llmerm.fit(odd, k=5, proposer=llmerm.ScriptedProposer(script), progress=seen.append)
    assert [(at.drawn, at.k) for at in seen] == [(1, 5), (2, 5), (3, 5)]
    assert seen[0].best_error == 0.5
    assert seen[-1].best_error == 0


def test_what_is_wrong_with_the_samples_is_said_before_anything_is_drawn():
    """Duplicates over the split, contradictions, few samples: a warning with the count each."""
    samples = [(i % 10, i % 2) for i in range(60)] + [(0, 1)]
    with pytest.warns(LlmermWarning) as caught:
        result = llmerm.fit(samples, proposer=llmerm.ScriptedProposer([ODD]))
    texts = [str(w.message) for w in caught if w.category is LlmermWarning]
    assert any(text.startswith("inputs with two labels (1)") for text in texts)
    assert any(text.startswith("inputs on both sides of the split") for text in texts)
    assert [str(finding) for finding in result.audit] == texts


def test_verify_scores_programs_the_user_has(odd):
    """All samples are held out, none is for training; the best of them is certified."""
    result = llmerm.verify([ONE, llmerm.Program(ODD), FITS_TRAIN_ONLY], odd)
    assert [c.held_out_error for c in result.candidates][:2] == [0.5, 0.0]
    assert len(result.candidates) == 3
    assert result.train_error is None
    assert result.certificate.count == 3
    with pytest.raises(ArgumentError, match="`programs` is empty"):
        llmerm.verify([], odd)
    with pytest.raises(ArgumentError, match="is a path, expected a source"):
        llmerm.verify("rule.py", odd)
    with pytest.raises(ArgumentError, match="`samples` is empty"):
        llmerm.verify(ODD, [])


def test_other_losses_choose_and_are_not_certified():
    """A regression: the mean loss is reported, the exact bound is refused with its reason."""
    samples = [(i, i / 2) for i in range(60)]
    script = ["def f(x): return x", "def f(x): return x / 2 + 0.01", "def f(x): return 'a'"]
    result = llmerm.fit(samples, loss="absolute", proposer=llmerm.ScriptedProposer(script))
    assert result.chosen == 1
    assert result.held_out_error == pytest.approx(0.01)
    assert result.status == "best_effort"
    assert result.certificate.bound == float("inf")
    assert "no declared largest value" in result.certificate.why
    own = llmerm.fit(
        samples, loss=lambda p, y: abs(p - y) > 0.1, proposer=llmerm.ScriptedProposer(script)
    )
    assert own.verified


def test_a_regression_is_certified_within_t_or_clipped():
    """Misses of more than t are counted exactly; a loss with a declared end has its kl bound."""
    samples = [(i, i / 2) for i in range(60)]
    script = llmerm.ScriptedProposer(["def f(x): return x", "def f(x): return x / 2 + 0.01"])
    near = llmerm.fit(samples, k=4, loss=losses.within(0.5), proposer=script)
    assert near.verified
    assert near.certificate.bound == pytest.approx(1 - (0.05 / 4) ** (1 / 30))
    assert "is off by more than 0.5 on at most 13.60%" in str(near.certificate)
    fresh = near.evaluate([(100, 50.0), (101, 50.5)])
    assert fresh.interval == pytest.approx((0, 1 - 0.025**0.5))
    clip = llmerm.fit(samples, k=4, loss=losses.clipped("absolute", 5.0), proposer=script)
    assert clip.certificate.method == "kl+union"
    assert 0.01 < clip.certificate.bound < 1
    labels = Samples.of(samples).split().held_out.outputs
    best = min(sum(min(abs(c - y), 5.0) for y in labels) / len(labels) for c in labels)
    assert best <= clip.chance_error < 1.1 * best < 5


def test_predict_and_evaluate(odd):
    """Predictions per input, a reason where there is none; accuracy with its exact interval."""
    result = llmerm.fit(odd, proposer=llmerm.ScriptedProposer([ODD]))
    assert result.predict([3, 4]) == [1, 0]
    assert result.predict([]) == []
    (gone,) = result.predict(["text"])
    assert gone.kind == "TypeError"
    report = result.evaluate([(i, i % 2) for i in range(1000, 1100)] + [(5, 0)])
    assert report.error == pytest.approx(1 / 101)
    assert report.interval[0] < 1 / 101 < report.interval[1]


def test_three_errors_in_the_middle_of_a_run_cost_their_samples_only(odd):
    """A program that raises on some inputs is scored on all, and the count is kept."""
    picky = "def f(x): return [][0] if x % 20 == 0 else x % 2"
    result = llmerm.fit(odd, proposer=llmerm.ScriptedProposer([picky]))
    verdict = result.candidates[0].verdict
    assert verdict.sample_errors == 4
    assert verdict.first_error.kind == "IndexError"
    assert verdict.train_error * 40 + verdict.held_out_error * 40 == pytest.approx(4)
