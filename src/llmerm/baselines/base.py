"""The interface of a baseline: what a user would pick instead of searching for a program."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import ClassVar, Protocol

from llmerm.samples import Samples
from llmerm.typing import Prediction, Value


class Predictor(Protocol):
    """What a baseline has learned."""

    def predict(self, inputs: Sequence[Value]) -> Sequence[Prediction]:
        """One prediction per input, of the training labels' own types.

        A `SampleError` stands where there is none, as where a model's reply holds no label.
        """


@dataclass(frozen=True, kw_only=True)
class Baseline(ABC):
    """A way to learn from labelled examples. Subclass it as a frozen dataclass and write `fit`.

    Its fields are its `parameters`. With `baselines.register` it has a name like the built-in ones.

    The law: the same parameters, samples and seed give the same predictor, and a predictor's
    answer for an input does not depend on the other inputs. Test data is never seen.
    """

    name: ClassVar[str]

    @abstractmethod
    def fit(self, train: Samples, *, seed: int = 0) -> Predictor:
        """What is learned from the training samples.

        Args:
            train: the samples, all of them for training.
            seed: an integer of at least 0; of whatever is random in it.

        Raises:
            DataError: if it cannot learn from such inputs or labels.
        """

    @property
    def parameters(self) -> Mapping[str, Value]:
        """All that decides what is learned, beside the samples and the seed."""
        return {field.name: getattr(self, field.name) for field in fields(self)}
