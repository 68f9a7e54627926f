"""A regressor whose model is a program."""

from __future__ import annotations

import sys
from typing import ClassVar, Self, final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import RegressorMixin
from sklearn.utils.validation import check_consistent_length, validate_data

from llmerm.sklearn.base import ProgramEstimator, warn_of_stand_ins
from llmerm.sklearn.rows import whole_as_int
from llmerm.sklearn.table import cells
from llmerm.typing import Prediction


@final
class ProgramRegressor(RegressorMixin, ProgramEstimator):
    """A regressor whose model is a short program, chosen on held-out samples.

    The loss is "squared" where none is given. Its certificate says nothing unless a most is
    declared: `clipped("squared", most)` of `llmerm.losses`. A missing cell (NaN or None) is None to
    the program. Where the program raises on a row, or gives no number, the mean of the training
    labels stands, and a warning counts the rows.

    Attributes:
        program_: the chosen `Program`.
        certificate_: how wrong it can be on the population.
        candidates_: every candidate, with its scores or the reason why it has none.
        result_: the whole `FitResult`.
        n_features_in_: how many columns X had; 1 for texts.
        feature_names_in_: their names, if X was a frame.

    >>> X = [[float(i), float(i % 7)] for i in range(80)]
    >>> model = ProgramRegressor(proposer="enumerate").fit(X, [3 * a + b for a, b in X])
    >>> model.predict([[100.0, 5.0]]).tolist()
    [305.0]
    """

    _loss: ClassVar[str] = "squared"

    def fit(self, X: object, y: ArrayLike) -> Self:
        """The estimator with the program that `llmerm.fit` chooses.

        Args:
            X: shape (samples, features); a frame; or texts in one dimension.
            y: one number per sample.

        Raises:
            ValueError: by scikit-learn's conventions, also if all labels are one.
            ProposerError: if the proposer yields nothing at all.
            NoProgramError: if no candidate could be scored.
        """
        target = validate_data(self, y=y, y_numeric=True)
        if target.dtype.kind not in "biuf":
            target = target.astype(np.float64)  # texts: numpy's error has the first that is none
        columns = cells(self, X, reset=True)
        check_consistent_length(columns[0], target)
        self._mean = float(np.mean(target))
        self._learn(columns, whole_as_int(target.tolist()))
        return self

    def predict(self, X: object) -> NDArray[np.float64]:
        """One number per row, made inside the sandbox.

        Raises:
            NotFittedError: before `fit`.
            ValueError: if X is not like that in `fit`.
            PredictionError: if the program could not be run at all.
        """
        predictions = self._predictions(X)
        numbers = [_number(prediction) for prediction in predictions]
        wrong = [row for row, number in enumerate(numbers) if number is None]
        warn_of_stand_ins(predictions, wrong, self._mean)
        return np.array([self._mean if n is None else n for n in numbers], np.float64)


def _number(prediction: Prediction) -> float | None:
    if isinstance(prediction, int | float) and abs(prediction) <= sys.float_info.max:
        return float(prediction)
    return None
