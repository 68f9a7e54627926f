"""What a control does to the samples: labels dealt out anew, none to learn from, other names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import final

from llmerm.proposers.literals import columns_of, described, labels_described
from llmerm.samples import Samples, Split
from llmerm.tasks.probes.retrains import new_names, renamed, shuffled
from llmerm.tasks.seeding import generator
from llmerm.typing import Value


def with_shuffled_labels(samples: Samples, seed: int) -> Samples:
    """The same inputs and the same labels, dealt out at random before any split.

    >>> data = Samples.of([("0", 0), ("1", 1)])
    >>> sorted(with_shuffled_labels(data, 0).outputs)
    [0, 1]
    """
    return shuffled(samples, generator("controls", "shuffled", seed))


def with_other_names(samples: Samples, seed: int) -> Samples | None:
    """The same samples with another name for each symbol; None where inputs are numbers.

    Symbols are the characters of texts, also of texts in lists, or the columns of rows. A text
    label follows its inputs: characters that occur in them change alike, so that a rule that
    copies characters stays one. The description is left out, as it may use the old names.

    >>> with_other_names(Samples.of([("01", 1), ("11", 0)]), 0).outputs
    (1, 0)
    """
    labels = () if _has_rows(samples.inputs) else samples.outputs
    names = new_names(samples.inputs, generator("controls", "renamed", seed), _characters(labels))
    if not names:
        return None
    return replace(
        samples,
        inputs=tuple(renamed(x, names) for x in samples.inputs),
        outputs=tuple(renamed(y, names) for y in labels) or samples.outputs,
        description=None,
    )


def without_samples(samples: Samples) -> Samples:
    """The same samples, of which a split gives none to learn from; the held-out part stays.

    What the inputs and the labels of the train part are is added to its description, in words: a
    model can use what it knows of such data, and has no labelled example.

    >>> nothing, held_out = without_samples(Samples.of([("01", 1), ("11", 0)])).split()
    >>> len(nothing), len(held_out)
    (0, 1)
    """
    return _Untaught(samples.inputs, samples.outputs, samples.name, samples.description)


@final
class _Untaught(Samples):
    """Samples whose split has an empty train part: so every way of splitting them is blind."""

    def split(self, held_out: float = 0.5, *, seed: int = 0) -> Split:
        """An empty part, and the part that is held out of the same samples as they are."""
        parts = Samples(self.inputs, self.outputs, self.name, self.description)
        train, rest = parts.split(held_out, seed=seed)
        return Split(train.take(()).described(_told(train)), rest)


def _told(train: Samples) -> str:
    """What is known, and what inputs and labels are."""
    kinds = f"Each input x is {_kind(train.inputs)}. Each label is"
    told = f"{kinds} {labels_described(train.outputs)}. No labelled input is given."
    known = (train.description or "").strip()
    return f"{known}\n{told}" if known else told


def _kind(inputs: Sequence[Value]) -> str:
    """What the inputs are, in words; of rows the keys and one row without its label."""
    columns = columns_of(inputs)
    if columns is None:
        return described(inputs)
    return f"a dict with the keys {', '.join(map(repr, columns))}, such as {inputs[0]!r}"


def _has_rows(inputs: Sequence[Value]) -> bool:
    return any(isinstance(x, dict) for x in inputs)


def _characters(values: Sequence[Value]) -> set[str]:
    """The characters of the texts among them."""
    texts = (item for value in values for item in _items(value) if isinstance(item, str))
    return set().union(*texts)


def _items(value: Value) -> Sequence[Value]:
    return value if isinstance(value, (list, tuple)) else (value,)
