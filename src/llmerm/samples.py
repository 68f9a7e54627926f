"""Labelled examples: checked once, split with a seed, known by a fingerprint."""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple, overload

import numpy as np

from llmerm import tables
from llmerm.columns import Rows, taken
from llmerm.errors import ArgumentError, DataError
from llmerm.frames import Frame, frame_columns
from llmerm.typing import Sample, Value
from llmerm.values import as_value, is_whole, json_text, key
from llmerm.views.data import samples_card

_encoded = json.JSONEncoder(sort_keys=True).encode  # `json.dumps` would make one for each sample


@dataclass(frozen=True)
class Samples(Sequence[Sample]):
    """Inputs and their labels, in order.

    Make them with `Samples.of` (pairs), `from_arrays`, `from_frame`, `from_csv` or `from_jsonl`.

    Attributes:
        inputs: one value per sample; a table's row is a dict by column, and a table is kept by
            column: its `Rows` make each row when it is asked for.
        outputs: the labels, one value per sample.
        name: where the samples come from, for tables and reports.
        description: what is known of the rule in words; given to model proposers, else None.

    >>> Samples.of([("01", 1), ("11", 0)])
    Samples(2 samples, labels 0: 1, 1: 1)
    """

    inputs: tuple[Value, ...] | Rows
    outputs: tuple[Value, ...]
    name: str = field(default="samples", compare=False)
    description: str | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        if len(self.inputs) != len(self.outputs):
            raise DataError(
                f"{len(self.inputs)} inputs but {len(self.outputs)} labels, expected as many."
            )

    @classmethod
    def of(cls, data: Iterable[object], *, name: str = "samples") -> Samples:
        """Samples from an iterable of (x, y) pairs; `Samples` are passed through.

        Raises:
            DataError: if an item is no pair, or a value cannot be compared.
        """
        if isinstance(data, Samples):
            return data
        _refuse_tables(data)
        pairs = [_pair(item, index) for index, item in enumerate(data)]
        return cls.from_arrays([x for x, _ in pairs], [y for _, y in pairs], name=name)

    @classmethod
    def from_arrays(
        cls, inputs: Iterable[object], outputs: Iterable[object], *, name: str = "samples"
    ) -> Samples:
        """Samples from two sequences or numpy arrays; a row of a 2-D array becomes a list.

        Raises:
            DataError: if they are of two lengths, a value cannot be compared, or one is a frame.

        >>> Samples.from_arrays(["a", "b"], [True, False])[0]
        Sample(x='a', y=True)
        """
        _refuse_single(inputs, "inputs")
        _refuse_single(outputs, "outputs")
        return cls(
            _as_inputs(inputs),
            tuple(as_value(y, f"the label of sample {i}") for i, y in enumerate(outputs)),
            name,
        )

    @classmethod
    def from_frame(cls, frame: Frame, *, target: str, name: str = "samples") -> Samples:
        """Samples from a pandas or polars frame or a pyarrow table; `target` has the labels.

        The input is a dict by column of the others, or the bare value where only one is left.
        Missing cells become None.
        """
        return cls.from_arrays(*tables.rows_and_labels(frame_columns(frame), target), name=name)

    @classmethod
    def from_csv(cls, path: str | os.PathLike[str], *, target: str) -> Samples:
        """Samples from a CSV file with a header (tab-separated if it ends in .tsv).

        A column is read as int or float only where every cell is one; digits with leading zeros,
        such as '0110', stay text. Empty cells become None.

        Raises:
            DataError: if the file cannot be read, is ragged, or has no such column.
        """
        columns = tables.read_csv(os.fspath(path))
        return cls.from_arrays(*tables.rows_and_labels(columns, target), name=_stem(path))

    @classmethod
    def from_jsonl(cls, path: str | os.PathLike[str], *, target: str | None = None) -> Samples:
        """Samples from a file with one JSON value a line.

        Each line is a pair [x, y], an object with the keys "x" and "y", or, where `target` names
        the label's key, any object. The input is then the object's other part, or the bare value
        where all objects have one and the same other key.
        """
        return cls.from_arrays(*tables.read_jsonl(os.fspath(path), target), name=_stem(path))

    def described(self, description: str | None) -> Samples:
        """The same samples with what is known of the rule in words."""
        return replace(self, description=description)

    def take(self, indices: Iterable[int]) -> Samples:
        """The samples at `indices`, in that order.

        Raises:
            ArgumentError: if `indices` is a mask.
        """
        chosen = list(indices)
        if {*map(type, chosen)} & {bool, np.bool_}:  # True would be the index 1
            raise ArgumentError("`indices` has truth values. Of a mask pass np.flatnonzero(mask).")
        return replace(
            self,
            inputs=taken(self.inputs, chosen),
            outputs=tuple(self.outputs[i] for i in chosen),
        )

    def split(self, held_out: float = 0.5, *, seed: int = 0) -> Split:
        """A train and a held-out part, each label in the same share (stratified).

        Args:
            held_out: the share to hold out, in [0, 1). With 0 the held-out part is empty.
            seed: the same samples and seed give the same split.

        >>> samples = Samples.of([(i, i % 2) for i in range(8)])
        >>> [len(part) for part in samples.split(0.5, seed=1)]
        [4, 4]
        """
        if not isinstance(held_out, (int, float)) or not 0 <= held_out < 1:
            raise ArgumentError(
                f"`held_out` must be in [0, 1), got {held_out!r}. 0.5 holds out half of the "
                "samples; 0 keeps all for training, and then nothing is verified."
            )
        rng = np.random.Generator(np.random.PCG64([_natural(seed), 1]))
        order = [int(i) for i in rng.permutation(len(self))]
        outside = _stratified(order, self.outputs, held_out)
        return Split(
            self.take(i for i in order if i not in outside),
            self.take(i for i in order if i in outside),
        )

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of the content in order, in hex: the same on every machine and Python version."""
        return _digest(_lines(self))

    @cached_property
    def contents(self) -> str:
        """SHA-256 of the content whatever its order, in hex: shuffled samples are the same ones."""
        return _digest(sorted(_lines(self)))

    @cached_property
    def label_counts(self) -> Counter[str]:
        """How often each label occurs, by its JSON text."""
        return Counter(map(key, self.outputs))

    def __len__(self) -> int:
        return len(self.inputs)

    @overload
    def __getitem__(self, index: int) -> Sample: ...
    @overload
    def __getitem__(self, index: slice) -> Samples: ...
    def __getitem__(self, index: int | slice) -> Sample | Samples:
        if isinstance(index, slice):
            return self.take(range(len(self))[index])
        return Sample(self.inputs[index], self.outputs[index])

    def __iter__(self) -> Iterator[Sample]:
        return map(Sample, self.inputs, self.outputs)

    def __repr__(self) -> str:
        common = self.label_counts.most_common()
        shown = ", ".join(f"{label}: {count}" for label, count in sorted(common[:6]))
        more = f", and {len(common) - 6} more" if len(common) > 6 else ""
        return f"Samples({len(self)} samples, labels {shown}{more})"

    def _repr_html_(self) -> str:
        return samples_card(
            self.inputs,
            self.outputs,
            counts=self.label_counts.most_common(),
            name=self.name,
            description=self.description,
        )


class Split(NamedTuple):
    """The two parts of a sample: programs are proposed from `train`, and chosen on `held_out`."""

    train: Samples
    held_out: Samples

    @property
    def contents(self) -> str:
        """The digest of all samples, whatever their order and whichever part they are in."""
        return _digest(sorted([*_lines(self.train), *_lines(self.held_out)]))


def _as_inputs(things: Iterable[object]) -> tuple[Value, ...] | Rows:
    if isinstance(things, Rows):
        return things
    if type(things) is np.ndarray and (found := Rows.of_array(things)) is not None:
        return found
    return tuple(as_value(x, f"the input of sample {i}") for i, x in enumerate(things))


def _lines(samples: Samples) -> Iterator[bytes]:
    """Each sample as a line of JSON, [x, y]."""
    if isinstance(samples.inputs, Rows):
        pairs = zip(samples.inputs.texts(json_text), map(json_text, samples.outputs), strict=True)
        return (f"[{x}, {y}]\n".encode() for x, y in pairs)
    return (_encoded([sample.x, sample.y]).encode() + b"\n" for sample in samples)


def _digest(lines: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for line in lines:
        digest.update(line)
    return digest.hexdigest()


def _stratified(order: list[int], outputs: tuple[Value, ...], share: float) -> frozenset[int]:
    """The indices to hold out: `share` of each label, the total rounded once.

    Labels that occur once (a regression's) form one stratum together.
    """
    strata: dict[str, list[int]] = defaultdict(list)
    counts = Counter(key(y) for y in outputs)
    for index in order:
        label = key(outputs[index])
        strata[label if counts[label] > 1 else "once"].append(index)
    total = _held_out_size(len(order), share)
    quotas = {label: total * len(members) / len(order) for label, members in strata.items()}
    sizes = {label: int(quota) for label, quota in quotas.items()}
    by_remainder = sorted(quotas, key=lambda label: (sizes[label] - quotas[label], label))
    for label in by_remainder[: total - sum(sizes.values())]:
        sizes[label] += 1
    return frozenset(i for label, members in strata.items() for i in members[: sizes[label]])


def _held_out_size(m: int, share: float) -> int:
    return min(max(round(m * share), 1), m - 1) if share and m > 1 else 0


def _natural(seed: int) -> int:
    if not is_whole(seed, 0):
        raise ArgumentError(f"`seed` must be an integer of at least 0, got {seed!r}.")
    return seed


def _pair(item: object, index: int) -> tuple[object, object]:
    if isinstance(item, (tuple, list)) and len(item) == 2:
        return item[0], item[1]
    raise DataError(
        f"sample {index} is {item!r:.60}, expected a pair (x, y). "
        "For two sequences use Samples.from_arrays(inputs, labels)."
    )


def _refuse_tables(data: object) -> None:
    if isinstance(data, (str, bytes, os.PathLike)):
        raise DataError(
            f"expected pairs (x, y), got {data!r:.60}. To read a file use "
            "Samples.from_csv(path, target=...) or Samples.from_jsonl(path)."
        )
    if hasattr(data, "columns"):
        raise DataError(
            f"expected pairs (x, y), got a {type(data).__name__}. "
            "Name its label column: Samples.from_frame(frame, target=...)."
        )
    if not isinstance(data, Iterable):
        raise DataError(f"expected pairs (x, y), got {data!r:.60} of type {type(data).__name__}.")


def _refuse_single(things: object, which: str) -> None:
    """Refuses what is no sequence of values, and frames, which are sequences of their names."""
    if hasattr(type(things), "columns"):
        raise DataError(
            f"`{which}` is a {type(things).__name__}. Put inputs and labels in one frame, for "
            "Samples.from_frame(frame, target=...), or pass an array."
        )
    if not isinstance(things, Iterable) or getattr(things, "ndim", 1) == 0:
        raise DataError(f"`{which}` is {things!r:.60}, expected one value per sample.")


def _stem(path: str | os.PathLike[str]) -> str:
    return os.path.splitext(os.path.basename(os.fspath(path)))[0]
