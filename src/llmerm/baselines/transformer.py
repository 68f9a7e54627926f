"""A small transformer trained by gradient descent, the counterpart of searching for a program."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np
import torch
from torch.nn import functional

from llmerm.baselines.base import Baseline, Predictor
from llmerm.baselines.network import Decoder
from llmerm.baselines.targets import Classes, Targets, targets
from llmerm.baselines.tokens import Vocabulary
from llmerm.errors import ArgumentError
from llmerm.proposers.settings import check_above_zero
from llmerm.samples import Samples
from llmerm.typing import Value

_CHUNK = 500
"""Sequences that are read at a time when predicting."""
_LAST_RATE = 0.1
"""The learning rate at the end, as a share of the first one; as the paper's 1e-5 to 1e-6."""


@final
@dataclass(frozen=True, kw_only=True)
class Transformer(Baseline):
    """A decoder-only transformer over characters, trained from scratch by AdamW.

    It stands in for the 1B-class decoders of the LLM-ERM paper (arXiv 2510.14331), with the same
    recipe at an affordable size: pre-norm, rotary positions, a linear head on the last token,
    cross-entropy (mean squares for quantities), a cosine schedule, clipped gradients. The same
    seed gives the same network on one machine; on a GPU, sums may differ in their last bits.

    Attributes:
        layers: blocks.
        width: of the states.
        heads: of each attention.
        learning_rate: at the start; a tenth of it at the end.
        weight_decay: of AdamW.
        clip: the largest norm of a gradient.
        batch_size: samples a step.
        epochs: passes over the samples.
        max_steps: fewer epochs where they would take more steps than this: with the defaults,
            from 2,000 samples on.
        device: "cpu", "cuda", or "auto" for the GPU if there is one.

    >>> train = Samples.of([("00", 0), ("01", 0), ("10", 1), ("11", 1)] * 5)
    >>> Transformer(epochs=20, device="cpu").fit(train).predict(["10", "00"])
    [1, 0]
    """

    name: ClassVar[str] = "transformer"
    layers: int = 2
    width: int = 64
    heads: int = 4
    learning_rate: float = 1e-3
    weight_decay: float = 1e-5
    clip: float = 1.0
    batch_size: int = 20
    epochs: int = 200
    max_steps: int = 20_000
    device: str = "auto"

    def __post_init__(self) -> None:
        counts = ("layers", "width", "heads", "batch_size", "epochs", "max_steps")
        check_above_zero(**{name: getattr(self, name) for name in counts})
        if self.width % (2 * self.heads):
            raise ArgumentError(
                f"`width` must be a multiple of twice `heads`, got width={self.width!r} and "
                f"heads={self.heads!r}. Try width=64, heads=4."
            )

    def fit(self, train: Samples, *, seed: int = 0) -> Predictor:
        """The network after training; the seed draws its first weights and the samples' order."""
        found = targets(train.outputs)
        vocabulary = Vocabulary.of(train.inputs)
        outputs = len(found.labels) if isinstance(found, Classes) else 1
        scale = _Scale.of(found)
        with _seeded(seed):
            network = Decoder(
                vocabulary.size, outputs, layers=self.layers, width=self.width, heads=self.heads
            ).to(_device(self.device))
            self._train(network, *vocabulary.sequences(train.inputs), scale.scaled(found))
        return Trained(network.eval(), vocabulary, found, scale)

    def _train(
        self,
        network: torch.nn.Module,
        tokens: np.ndarray,
        lengths: np.ndarray,
        labels: np.ndarray,
    ) -> None:
        where = next(network.parameters()).device
        data = [torch.from_numpy(part).to(where) for part in (tokens, lengths, labels)]
        steps = min(self.max_steps, self.epochs * -(-len(labels) // self.batch_size))
        optimiser = torch.optim.AdamW(
            network.parameters(), self.learning_rate, weight_decay=self.weight_decay
        )
        schedule = torch.optim.lr_scheduler.CosineAnnealingLR(
            optimiser, steps, self.learning_rate * _LAST_RATE
        )
        for chosen in _batches(len(labels), self.batch_size, steps):
            inputs, sizes, wanted = (part[chosen.to(where)] for part in data)
            optimiser.zero_grad()
            _loss(network(inputs, sizes), wanted).backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), self.clip)
            optimiser.step()
            schedule.step()


@final
@dataclass(frozen=True)
class _Scale:
    """Quantities are learned with mean 0 and variance 1; classes as they are."""

    mean: float
    spread: float

    @classmethod
    def of(cls, found: Targets) -> _Scale:
        if isinstance(found, Classes):
            return cls(0.0, 1.0)
        return cls(float(found.array.mean()), float(found.array.std()) or 1.0)

    def scaled(self, found: Targets) -> np.ndarray:
        if isinstance(found, Classes):
            return found.array
        return ((found.array - self.mean) / self.spread).astype(np.float32)


@final
@dataclass(frozen=True)
class Trained:
    """A trained network, between characters and labels."""

    network: torch.nn.Module
    vocabulary: Vocabulary
    targets: Targets
    scale: _Scale

    def predict(self, inputs: Sequence[Value]) -> list[Value]:
        """One prediction per input, of the training labels' own types; of any length."""
        with torch.inference_mode(), _few_threads():
            chunks = [self._outputs(inputs[i : i + _CHUNK]) for i in range(0, len(inputs), _CHUNK)]
        return [value for chunk in chunks for value in self.targets.decode(chunk)]

    def _outputs(self, inputs: Sequence[Value]) -> np.ndarray:
        where = next(self.network.parameters()).device
        tokens, lengths = (torch.from_numpy(p).to(where) for p in self.vocabulary.sequences(inputs))
        outputs = self.network(tokens, lengths).cpu().numpy()
        if isinstance(self.targets, Classes):
            best: np.ndarray = outputs.argmax(axis=1)
            return best
        quantities: np.ndarray = outputs[:, 0] * self.scale.spread + self.scale.mean
        return quantities


def _loss(outputs: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
    if wanted.is_floating_point():
        return functional.mse_loss(outputs[:, 0], wanted)
    return functional.cross_entropy(outputs, wanted)


def _batches(samples: int, size: int, steps: int) -> Iterator[torch.Tensor]:
    """Indices of `steps` batches: epoch after epoch, each in an order of its own."""
    while steps > 0:
        for chosen in torch.randperm(samples).split(size)[:steps]:
            yield chosen
            steps -= 1


def _device(wanted: str) -> torch.device:
    if wanted == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    if wanted not in ("cpu", "cuda") or (wanted == "cuda" and not torch.cuda.is_available()):
        raise ArgumentError(
            f'`device` must be "cpu", "auto", or "cuda" where there is a GPU, got {wanted!r}.'
        )
    return torch.device(wanted)


@contextmanager
def _seeded(seed: int) -> Iterator[None]:
    """Torch's generators at this seed, and as they were afterwards."""
    with torch.random.fork_rng(), _few_threads():
        torch.manual_seed(seed)
        yield


@contextmanager
def _few_threads() -> Iterator[None]:
    """One thread: sums depend on how they are shared out, and so small ones gain nothing by it."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
