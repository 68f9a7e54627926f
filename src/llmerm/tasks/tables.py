"""Tables of measured data that come with scikit-learn: no rule is known for them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from typing import ClassVar, Protocol, Self, cast, final

import numpy as np
from numpy.typing import NDArray

from llmerm.errors import TaskError
from llmerm.program import Program
from llmerm.tasks.base import Task
from llmerm.typing import Sample, Value
from llmerm.values import key


class _Table(Protocol):
    data: NDArray[np.float64]
    target: NDArray[np.float64]
    feature_names: list[str]
    target_names: NDArray[np.str_]


@dataclass(frozen=True, kw_only=True)
class TableTask(Task):
    """Rows of a table, in random order; labels come in the table's own shares.

    Rows with the same cells come once. `label` and `program` raise, as no rule is known.

    Attributes:
        n: the first so many columns.
        anonymous: whether columns are called c0, c1, ... and classes 0, 1, ..., so that nothing
            that is known of the table from elsewhere helps.
    """

    known: ClassVar[bool] = False
    columns: ClassVar[int]
    anonymous: bool = False

    def __post_init__(self) -> None:
        self.check_integer("n", low=1, high=self.columns)

    @final
    def label(self, x: Value) -> Value:
        """Nothing: no rule is known.

        Raises:
            TaskError: always.
        """
        raise self._unknown()

    @final
    @property
    def program(self) -> Program:
        """Nothing: no rule is known.

        Raises:
            TaskError: always.
        """
        raise self._unknown()

    @final
    def shifted(self, *, n: int) -> Self:
        """Nothing: rows have no other length.

        Raises:
            TaskError: always.
        """
        raise TaskError(
            f"the rows of {self.name} have no other length. For other columns make a new task."
        )

    @final
    def pairs(self, m: int, rng: np.random.Generator) -> list[Sample]:
        """`m` rows without repetition."""
        rows = self._rows()
        if m > len(rows):
            raise TaskError(
                f"{self.name} has {len(rows)} distinct rows, and m={m} asks for more. Ask for at "
                f"most m={len(rows)}."
            )
        return [rows[i] for i in rng.permutation(len(rows))[:m].tolist()]

    def _rows(self) -> list[Sample]:
        table = _loaded(self.name)
        names = [f"c{i}" if self.anonymous else str(table.feature_names[i]) for i in range(self.n)]
        cells = table.data[:, : self.n].tolist()
        labels = self._labels(table)
        distinct: dict[str, Sample] = {}
        for row, label in zip(cells, labels, strict=True):
            sample = Sample(dict(zip(names, row, strict=True)), label)
            distinct.setdefault(key(sample.x), sample)
        return list(distinct.values())

    def _labels(self, table: _Table) -> list[Value]:
        classes = getattr(table, "target_names", None)
        if classes is None or self.anonymous:
            return cast("list[Value]", table.target.tolist())
        return [np.asarray(classes)[i].item() for i in table.target.tolist()]

    def _unknown(self) -> TaskError:
        return TaskError(
            f"no rule is known for {self.name}: its labels were measured. Use the labels that "
            "`sample` gives."
        )


@lru_cache(maxsize=8)
def _loaded(name: str) -> _Table:
    try:
        datasets = import_module("sklearn.datasets")
    except ImportError as error:
        raise TaskError(
            f"{name} comes with scikit-learn, which is not installed. "
            "Run pip install 'llmerm[sklearn]'."
        ) from error
    return cast("_Table", getattr(datasets, f"load_{name}")())


@final
@dataclass(frozen=True, kw_only=True)
class Iris(TableTask):
    """The species of an iris by four lengths: 149 distinct rows, 3 classes.

    Source: Fisher, "The use of multiple measurements in taxonomic problems" (1936); the copy that
    scikit-learn bundles.

    >>> Iris().sample(120).label_counts.total()
    120
    """

    name: ClassVar[str] = "iris"
    columns: ClassVar[int] = 4
    n: int = 4


@final
@dataclass(frozen=True, kw_only=True)
class Wine(TableTask):
    """The grower of a wine by 13 measurements: 178 rows, 3 classes.

    Source: Forina et al., PARVUS (1988); the copy that scikit-learn bundles.

    >>> len(Wine(n=13).sample(178))
    178
    """

    name: ClassVar[str] = "wine"
    columns: ClassVar[int] = 13
    n: int = 13


@final
@dataclass(frozen=True, kw_only=True)
class BreastCancer(TableTask):
    """Whether a tumour is malignant, by 30 measurements of cell nuclei: 569 rows, 2 classes.

    Source: Street, Wolberg and Mangasarian, "Nuclear feature extraction for breast tumor
    diagnosis" (1993); the copy that scikit-learn bundles.

    >>> sorted(BreastCancer().sample(100).label_counts)
    ['"benign"', '"malignant"']
    """

    name: ClassVar[str] = "breast_cancer"
    columns: ClassVar[int] = 30
    n: int = 30


@final
@dataclass(frozen=True, kw_only=True)
class Diabetes(TableTask):
    """A number: the progress of diabetes after a year, by 10 measurements. Regression, 442 rows.

    Source: Efron, Hastie, Johnstone and Tibshirani, "Least angle regression" (2004); the scaled
    copy that scikit-learn bundles.

    >>> len(Diabetes().sample(442))
    442
    """

    name: ClassVar[str] = "diabetes"
    columns: ClassVar[int] = 10
    n: int = 10


@final
@dataclass(frozen=True, kw_only=True)
class Digits(TableTask):
    """Which handwritten digit an image of 8 x 8 pixels is: 1,797 rows, 10 classes.

    Source: Alpaydin and Kaynak, "Cascading classifiers" (1998), UCI; the copy that scikit-learn
    bundles.

    >>> len(Digits().sample(1000))
    1000
    """

    name: ClassVar[str] = "digits"
    columns: ClassVar[int] = 64
    n: int = 64
