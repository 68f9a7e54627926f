"""One cell measured: by proposers and baselines, on fresh samples, at other lengths, under probes."""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from typing import ClassVar

import pytest

from llmerm import tasks
from llmerm.baselines import Baseline
from llmerm.experiments.measure import TEST_SEED, measure
from llmerm.experiments.methods import Method
from llmerm.fresh import fresh_samples
from llmerm.proposers.scripted import ScriptedProposer
from llmerm.typing import Budget, Failed, Usage

RIGHT = "def f(x): return x.count('1') % 2"
HALF = "def f(x): return int(x[0])"


def test_a_proposers_program_is_as_right_as_bare_execution_says(cell):
    """On the very samples that the cell tests on."""
    outcome = measure(cell(method=Method.of(ScriptedProposer([HALF]))))
    task = tasks.get("parity", n=20)
    fresh = fresh_samples(task, 400, TEST_SEED, seen=task.sample(60, seed=0))
    right = sum(int(x[0]) == y for x, y in fresh) / len(fresh)
    assert outcome.test_accuracy == pytest.approx(right)
    assert outcome.fresh.samples == len(fresh)
    assert outcome.source == HALF


def test_the_embedded_search_recovers_parity(cell):
    """With its certificate and its candidates."""
    outcome = measure(cell(method="enumerate", m=100))
    assert (outcome.status, outcome.test_accuracy) == ("verified", 1.0)
    assert 0 < outcome.bound < 0.2
    assert outcome.candidates[outcome.selected[-1]].source == outcome.source


def test_a_baseline_is_trained_on_all_samples_and_tested_on_fresh_ones(cell):
    """The majority of balanced labels is right on half of them, on balanced fresh samples too."""
    outcome = measure(cell(m=60))
    assert outcome.status == "trained"
    assert outcome.train_accuracy == 0.5
    assert outcome.test_accuracy == pytest.approx(0.5, abs=0.03)


def test_no_test_input_was_learned_from():
    """Also where nearly all inputs are learned from."""
    task = tasks.get("parity", n=9)
    seen = task.sample(300, seed=0)
    fresh = fresh_samples(task, 10_000, TEST_SEED, seen=seen)
    assert len(fresh) > 0
    assert not set(fresh.inputs) & set(seen.inputs)


def test_a_program_is_tested_at_each_length(cell):
    """A length that the task does not have is told, not scored."""
    outcome = measure(cell(method=Method.of(ScriptedProposer([RIGHT])), lengths=(30, 40)))
    assert [(t.name, t.n, t.accuracy) for t in outcome.tests] == [
        ("fresh", 20, 1.0), ("length", 30, 1.0), ("length", 40, 1.0),
    ]  # fmt: skip
    dyck = cell(task="dyck2", title="d", lengths=(30, 40))
    refused = measure(dyck).tests[1]
    assert refused.accuracy is None
    assert "multiple of 4" in refused.why


def test_a_program_is_tested_under_probes_and_learned_from_altered_samples(cell):
    """Longer inputs do not trouble parity; shuffled labels contradict it, and fresh ones do not."""
    kept = measure(cell(method="enumerate", m=100, test_probes=("longer",)))
    assert [(test.name, test.accuracy) for test in kept.tests] == [("fresh", 1.0), ("longer", 1.0)]
    shuffled = measure(cell(probe="shuffled", method=Method.of(ScriptedProposer([RIGHT])), m=100))
    assert 0.3 < shuffled.train_accuracy < 0.7
    assert shuffled.test_accuracy == 1.0


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"task": "parrity"}, "Did you mean 'parity'"),
        ({"task_parameters": {"n": 0}}, "`n` of parity must be an integer of at least 1, got 0"),
        ({"task_parameters": {"m": 3}}, "no parameter 'm'"),
        ({"task_parameters": {"n": 3}, "m": 500}, "TaskError"),
        ({"probe": "noisy"}, "Did you mean 'noise'"),
        ({"test_probes": ("noise",)}, "it is no test"),
    ],
)
def test_what_cannot_be_measured_is_a_reason(cell, changes, says):
    """Never a score, never an exception that ends a sweep."""
    outcome = measure(cell(**changes))
    assert outcome.status == "failed"
    assert says in outcome.failure
    assert outcome.test_accuracy is None
    assert not outcome.finished


@dataclass(frozen=True, kw_only=True)
class Breaks(Baseline):
    """Somebody's baseline with a fault."""

    name: ClassVar[str] = "breaks"
    at: str

    def fit(self, train, *, seed=0):
        return self if self.at != "fit" else 1 // 0

    def predict(self, inputs):
        return [0] if self.at == "length" else 1 // 0


@pytest.mark.parametrize(
    ("at", "says"),
    [
        ("fit", "could not be trained"),
        ("predict", "no answers"),
        ("length", "gave 1 answers for 60 inputs"),
    ],
)
def test_a_baseline_that_breaks_is_a_reason(cell, at, says):
    """Whatever it raises."""
    outcome = measure(cell(method=Method.of(Breaks(at=at))))
    assert outcome.status == "failed"
    assert says in outcome.failure


def test_every_candidate_is_tested_where_that_is_asked_for(cell):
    """All k are drawn, also after a right one; selection is told after each draw."""
    script = [HALF, "def f(x", Failed("refused", "no"), RIGHT, HALF]
    outcome = measure(cell(method=Method.of(ScriptedProposer(script)), k=5, every_candidate=True))
    accuracies = [one.accuracy for one in outcome.candidates]
    assert accuracies[1:4] == [None, None, 1.0]
    assert accuracies[0] == accuracies[4] == pytest.approx(0.5, abs=0.1)
    assert outcome.selected == (0, 0, 0, 3, 3)
    assert outcome.candidates[2].reason == "refused: no"


def test_a_fit_that_a_budget_cut_is_not_finished(cell):
    """So that it is measured again once there is more."""
    paid = ScriptedProposer([HALF] * 8, usage=Usage(1, usd=1.0))
    outcome = measure(cell(method=Method.of(paid), k=8), budget=Budget(usd=2.0))
    assert outcome.unfinished
    assert not outcome.finished
    assert outcome.usage.usd == 2.0


def test_cells_and_outcomes_travel_between_processes(cell):
    """Pickled and back, they are equal."""
    one = cell(method="enumerate")
    assert pickle.loads(pickle.dumps(one)) == one
    outcome = measure(cell())
    assert pickle.loads(pickle.dumps(outcome)) == outcome
