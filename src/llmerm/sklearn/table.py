"""What scikit-learn's users pass as X, read into columns of plain cells."""

from __future__ import annotations

from typing import Any, TypeAlias, cast

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_array, validate_data

from llmerm.cells import listed
from llmerm.frames import Frame, column_names, frame_columns, is_complete, present

Cells: TypeAlias = list[list[object]]
"""One list of cells a column; a missing cell is None."""


def cells(estimator: BaseEstimator, X: object, *, reset: bool) -> Cells:
    """The columns of X, checked by scikit-learn's conventions and in its words.

    Args:
        estimator: gets `n_features_in_` and `feature_names_in_`, or is compared with them.
        X: shape (samples, features), of numbers or anything; a frame; or texts in one dimension.
        reset: whether this is `fit`.

    Raises:
        ValueError: if X has another shape or other columns than in `fit`, is empty, complex or
            infinite.
        TypeError: if X is sparse.
    """
    texts = _texts(X)
    if texts is None and _is_named(X):
        validate_data(estimator, X, reset=reset, skip_check_array=True)
        columns = [*map(listed, frame_columns(cast("Frame", X)).values())]
        check_array(np.zeros((len(columns[0]), len(columns))), estimator=estimator)  # any rows?
        return columns
    return _columns(_array(estimator, X if texts is None else texts, reset=reset))


def _columns(array: NDArray[Any]) -> Cells:
    columns: Cells = array.T.tolist()
    if is_complete(array):
        return columns
    return [[present(cell) for cell in column] for column in columns]


def _array(estimator: BaseEstimator, X: object, *, reset: bool) -> NDArray[Any]:
    array = np.asarray(X, object) if isinstance(X, (list, tuple)) else X
    plain = getattr(getattr(array, "dtype", None), "kind", "O") in "OUST"
    checked: NDArray[Any] = validate_data(
        estimator,
        array,
        reset=reset,
        dtype=None if plain else "numeric",
        ensure_all_finite="allow-nan",
    )
    return checked


def _is_named(X: object) -> bool:
    """Whether X is a frame whose columns have texts as names."""
    names = column_names(X)
    return bool(names) and all(type(name) is str for name in names)


def _texts(X: object) -> NDArray[np.object_] | None:
    """Texts in one dimension as the one column of an array; None if X is something else."""
    listed = _listed(X)
    if not any(isinstance(x, str) for x in listed):
        return None
    column = np.empty((len(listed), 1), object)
    column[:, 0] = listed
    return column


def _listed(X: object) -> list[object]:
    """The items of a sequence in one dimension; nothing if X is no such thing."""
    if len(getattr(X, "shape", (0,))) != 1:
        return []
    read = getattr(X, "to_list", None) or getattr(X, "tolist", None)
    items = read() if read else X
    nested = not isinstance(items, list) or any(isinstance(item, (list, tuple)) for item in items)
    return [] if nested else cast("list[object]", items)
