"""In-context learning: what a model is asked, how replies are read, what is paid and kept."""

from __future__ import annotations

import ast

import pytest

from llmerm import baselines
from llmerm.baselines.in_context import InContext
from llmerm.baselines.label_reading import LabelReader
from llmerm.errors import ArgumentError, DataError, ProposerError
from llmerm.proposers.model import Fault, Model, Reply
from llmerm.samples import Samples
from llmerm.typing import Budget, SampleError, Usage

TRAIN = Samples.of([(f"{i:04b}", i % 2 == 1) for i in range(10)])
TEST = Samples.of([(f"{i:04b}", i % 2 == 1) for i in range(10, 16)])
COST = Usage(calls=1, tokens_in=50, tokens_out=5, usd=0.01)


class Oracle(Model):
    """Replies whether the input on the prompt's last line ends in a one; the network's edge."""

    name = "oracle"
    concurrency = 3

    def __init__(self, reply=None, *, priced=True, script=()):
        self.asked = []
        self._reply = reply or (lambda x: repr(x.endswith("1")))
        self._priced = priced
        self._script = list(script)

    @property
    def parameters(self):
        return {"effort": "low"}

    @property
    def priced(self):
        return self._priced

    async def ask(self, request, began):
        self.asked.append(request)
        if self._script and (fault := self._script.pop(0)):
            raise fault
        began()
        x = ast.literal_eval(request.prompt.last.removesuffix(" ->"))
        return [Reply(self._reply(x), usage=COST)]

    def cost(self, prompt, replies):
        return COST


def test_the_model_is_shown_the_samples_and_asked_for_one_input_a_call():
    """All calls share one prompt with the training pairs; test labels are in none."""
    model = Oracle()
    predicted = InContext(model=model).fit(TRAIN).predict(TEST.inputs)
    assert predicted == list(TEST.outputs)
    assert all(type(label) is bool for label in predicted)
    assert len(model.asked) == len(TEST)
    assert len({(a.prompt.system, a.prompt.shared) for a in model.asked}) == 1
    assert {a.prompt.last for a in model.asked} == {f"{x!r} ->" for x in TEST.inputs}
    shown = [line for line in model.asked[0].prompt.shared.splitlines() if "->" in line]
    assert shown == [f"{x!r} -> {y!r}" for x, y in TRAIN]


def test_what_is_known_of_the_rule_is_told():
    """The description is in the prompt, where there is one."""
    model = Oracle()
    InContext(model=model).fit(TRAIN.described("the last bit")).predict(["0000"])
    assert "What is known of the rule: the last bit\n" in model.asked[0].prompt.shared


def test_a_score_counts_what_was_paid():
    """Train and test inputs are asked for; calls, tokens and dollars add up."""
    score = baselines.score(InContext(model=Oracle(), max_prompt_samples=4), TRAIN, TEST)
    assert (score.train_error, score.test_error) == (0.0, 0.0)
    assert score.usage.calls == len(TRAIN) + len(TEST)
    assert score.usage.usd == pytest.approx(0.01 * 16)
    assert score.parameters == {"effort": "low", "max_prompt_samples": 4, "model": "oracle"}


def test_what_was_paid_for_is_kept_and_not_paid_again(tmp_path):
    """A ledger holds the replies: the second time nothing is asked, other inputs are."""
    path = tmp_path / "run.sqlite"
    first, again, others = Oracle(), Oracle(), Oracle()
    for model in (first, again):
        predictor = InContext(model=model, ledger=path).fit(TRAIN)
        assert predictor.predict(TEST.inputs) == list(TEST.outputs)
        assert predictor.usage.calls == len(TEST)
    assert (len(first.asked), len(again.asked)) == (len(TEST), 0)
    InContext(model=others, ledger=path).fit(TRAIN).predict(["0001"])
    assert len(others.asked) == 1


def test_a_budget_is_a_hard_stop_and_a_ledger_resumes(tmp_path):
    """With four calls two inputs of six have no label: no score; a resumed run asks for two."""
    path = tmp_path / "run.sqlite"
    model = Oracle()
    predictor = InContext(model=model, budget=Budget(calls=4), ledger=path).fit(TRAIN)
    with pytest.raises(ProposerError, match="2 of 6 inputs got no label: the budget calls=4"):
        predictor.predict(TEST.inputs)
    assert len(model.asked) == predictor.usage.calls == 4
    rest = Oracle()
    assert InContext(model=rest, ledger=path).fit(TRAIN).predict(TEST.inputs) == list(TEST.outputs)
    assert len(rest.asked) == 2


def test_the_budget_is_over_all_that_a_predictor_asks():
    """Two calls of `predict` share it."""
    predictor = InContext(model=Oracle(), budget=Budget(calls=4)).fit(TRAIN)
    predictor.predict(TEST.inputs[:3])
    with pytest.raises(ProposerError, match="2 of 3 inputs got no label"):
        predictor.predict(TEST.inputs[3:])
    assert predictor.usage.calls == 4


def test_seconds_are_a_budget_over_all_calls_of_predict():
    """What an earlier call has used up is not there for a later one."""
    model = Oracle()
    predictor = InContext(model=model, budget=Budget(seconds=60.0)).fit(TRAIN)
    predictor.predict(TEST.inputs[:1])
    assert 0 < predictor.usage.seconds < 60
    predictor.usage = Usage(calls=1, seconds=61.0)
    with pytest.raises(ProposerError, match="1 of 1 inputs got no label: the budget seconds=0"):
        predictor.predict(TEST.inputs[1:2])
    assert len(model.asked) == 1


def test_a_call_that_fails_for_good_is_an_error_and_not_a_wrong_label():
    """A rejected request, or a wrong key, gives no score."""
    rejected = Oracle(script=[Fault("too long", "rejected")])
    with pytest.raises(ProposerError, match="1 of 2 inputs got no label: too long"):
        InContext(model=rejected).fit(TRAIN).predict(TEST.inputs[:2])
    fatal = Oracle(script=[Fault("no such key", "fatal")])
    with pytest.raises(ProposerError, match="no such key"):
        InContext(model=fatal).fit(TRAIN).predict(TEST.inputs[:2])


def test_replies_without_a_label_are_errors_of_their_samples():
    """They count as wrong, and keep the beginning of what was said."""
    predictor = InContext(model=Oracle(lambda x: "I cannot tell")).fit(TRAIN)
    assert predictor.predict(["0001"]) == [SampleError("NoLabel", "I cannot tell")]


def test_what_cannot_be_asked_is_refused():
    """A search is no model; dollars need a price; no samples show nothing."""
    with pytest.raises(ArgumentError, match="must be a Model or the name of one"):
        InContext(model="enumerate").fit(TRAIN)
    with pytest.raises(ArgumentError, match="no price is known for 'oracle'"):
        InContext(model=Oracle(priced=False), budget=Budget(usd=1.0)).fit(TRAIN)
    with pytest.raises(DataError, match="no samples to show"):
        InContext(model=Oracle()).fit(TRAIN[:0])


@pytest.mark.parametrize(
    ("labels", "reply", "label"),
    [
        ([0, 1], "1", 1),
        ([0, 1], " **1**.\n", 1),
        ([0, 1], "The bits are even.\n\nSo the label is 0.", 0),
        ([0, 1], "'0110' -> 1", 1),
        ([0, 1], '{"label": 1}', 1),
        ([0, 1], "```\n1\n```", 1),
        ([0, 1], "Answer: `0`", 0),
        (["0", "1"], "1", "1"),
        (["0", "1"], "'1'", "1"),
        ([True, False], "true", True),
        ([True, False], "1", True),
        (["cat", "dog"], "It must be a dog", "dog"),
        (["cat", "dog"], "Dog", "dog"),
        ([[1, 2], [3]], "[3]", [3]),
        ([[1, 2], [3]], "[5, 6]", [5, 6]),
        ([3, 5], "4", 4),
        ([(1, 2), (3,)], "(5, 6)", (5, 6)),
        ([1.5, 2.5], "2", 2.0),
        ([1.5, 2.5], "about -3.25", -3.25),
        (["a b", "c"], "a b", "a b"),
        ([None, 1], "None", None),
        (["a", "A"], "a", "a"),
        (["a", "A"], "A", "A"),
    ],
)
def test_labels_are_read_as_models_write_them(labels, reply, label):
    """By itself, wrapped, after an arrow or a word; of the type that training had."""
    found = LabelReader(labels).read(reply)
    assert found == label
    assert type(found) is type(label)


def test_a_number_beyond_every_float_is_no_quantity():
    """Neither as a whole reply nor within one."""
    huge = "9" * 400
    assert LabelReader([1.5, 2.5]).read(huge) == int(huge)
    assert isinstance(LabelReader([1.5, 2.5]).read(f"about {huge}"), SampleError)


@pytest.mark.parametrize("reply", ["", "0 or 1", "I do not know", "0.5.1", "'0110'", "x" * 100_000])
def test_a_reply_that_names_no_label_or_two_has_none(reply):
    """Nothing is guessed."""
    assert isinstance(LabelReader([0, 1]).read(reply), SampleError)
