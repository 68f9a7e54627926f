"""Scores: what is measured, and what is refused."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, dataclass
from typing import ClassVar

import pytest

from llmerm import baselines
from llmerm.baselines import Baseline, score
from llmerm.errors import ArgumentError, DataError, UnknownNameError
from llmerm.samples import Samples
from llmerm.typing import SampleError, Usage


@dataclass
class Says:
    """Predicts what it is told for each input."""

    table: dict
    usage: Usage

    def predict(self, inputs):
        return [self.table[x] for x in inputs if x in self.table]


@dataclass(frozen=True, kw_only=True)
class Told(Baseline):
    """A baseline whose predictions are given, and that notes what it is trained on."""

    name: ClassVar[str] = "told"
    table: tuple = ()
    seen: list | None = None

    def fit(self, train, *, seed=0):
        if self.seen is not None:
            self.seen.append((train, seed))
        return Says(dict(self.table), Usage(calls=3))


TRAIN = Samples.of([(0, (1, 2)), (1, [3])])
TEST = Samples.of([(2, 0), (3, 1), (4, 1), (5, 1)])


def test_a_score_has_both_errors_and_what_was_spent():
    """Tuples equal lists, as everywhere; an input without a prediction is wrong."""
    table = ((0, [1, 2]), (1, (3,)), (2, 0), (3, 1), (4, SampleError("NoLabel")), (5, 0))
    found = score(Told(table=table), TRAIN, TEST, seed=7)
    assert (found.baseline, found.seed, found.usage.calls) == ("told", 7, 3)
    assert (found.train_error, found.test_error) == (0.0, 0.5)
    assert (found.train_accuracy, found.test_accuracy, found.interpolates) == (1.0, 0.5, True)
    assert found.parameters["table"] == table
    assert found.seconds >= 0


def test_the_baseline_sees_the_training_samples_alone():
    """`fit` is called once, with `train` and the seed."""
    table = tuple((x, 0) for x in range(6))
    seen: list = []
    assert not score(Told(table=table, seen=seen), TRAIN, TEST, seed=3).interpolates
    assert seen == [(TRAIN, 3)]


def test_other_losses_measure_distances():
    """The mean squared error of a constant 2 against 1 and 4 is 2.5."""
    train = Samples.of([(0, 1.0), (1, 4.0)])
    found = score(Told(table=((0, 2), (1, 2))), train, train, loss="squared")
    assert found.test_error == 2.5


def test_what_cannot_be_scored_is_refused():
    """An empty part, an unknown loss, a predictor that leaves inputs out."""
    with pytest.raises(DataError, match="`test` is empty"):
        score(Told(), TRAIN, TEST[:0])
    with pytest.raises(DataError, match="`train` is empty"):
        score(Told(), TRAIN[:0], TEST)
    with pytest.raises(ArgumentError, match="`seed` must be an integer of at least 0, got -1"):
        score(Told(), TRAIN, TEST, seed=-1)
    with pytest.raises(UnknownNameError, match="Did you mean 'zero_one'"):
        score(Told(), TRAIN, TEST, loss="zero-one")
    with pytest.raises(DataError, match="0 predictions for 2 inputs"):
        score(Told(), TRAIN, TEST)


def test_scores_and_baselines_are_values():
    """They are frozen, equal by content, and tell their parameters."""
    tree = baselines.get("decision_tree", max_depth=3)
    assert tree == baselines.get("decision_tree", max_depth=3)
    assert tree.parameters == {"max_depth": 3}
    with pytest.raises(FrozenInstanceError):
        tree.max_depth = 4
