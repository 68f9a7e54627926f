"""A classifier whose model is a program."""

from __future__ import annotations

from typing import Any, ClassVar, Self, final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import ClassifierMixin
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_consistent_length, validate_data

from llmerm.sklearn.base import ProgramEstimator, warn_of_stand_ins
from llmerm.sklearn.rows import whole_as_int
from llmerm.sklearn.table import cells
from llmerm.typing import Prediction, SampleError
from llmerm.values import as_value, key


@final
class ProgramClassifier(ClassifierMixin, ProgramEstimator):
    """A classifier whose model is a short program, chosen on held-out samples and certified.

    `fit` holds a part of its samples out to choose by, and `certificate_` rests on that part. A
    missing cell (NaN or None) is None to the program. Where the program raises on a row, or gives
    what is none of the classes, the most frequent class stands, and a warning counts the rows.
    There is no `predict_proba`: a program has no probabilities. Nor are there sample weights.

    Attributes:
        classes_: the labels, sorted.
        program_: the chosen `Program`.
        certificate_: how wrong it can be on the population.
        candidates_: every candidate, with its scores or the reason why it has none.
        result_: the whole `FitResult`.
        n_features_in_: how many columns X had; 1 for texts.
        feature_names_in_: their names, if X was a frame.

    >>> words = [f"{i:07b}" for i in range(100)]
    >>> model = ProgramClassifier(proposer="enumerate").fit(words, [w[0] == w[-1] for w in words])
    >>> model.predict(["0110", "0101", "1011"]).tolist()
    [True, False, True]
    """

    _loss: ClassVar[str] = "zero_one"

    def fit(self, X: object, y: ArrayLike) -> Self:
        """The estimator with the program that `llmerm.fit` chooses.

        Args:
            X: shape (samples, features); a frame; or texts in one dimension.
            y: one label per sample.

        Raises:
            ValueError: by scikit-learn's conventions, also if there is one class only.
            ProposerError: if the proposer yields nothing at all.
            NoProgramError: if no candidate could be scored.
        """
        _refuse_mixed(y)
        target = validate_data(self, y=y)
        check_classification_targets(target)
        columns = cells(self, X, reset=True)
        check_consistent_length(columns[0], target)
        self.classes_, codes = np.unique(target, return_inverse=True)
        if len(self.classes_) < 2:
            raise ValueError(
                f"y has 1 class ({self.classes_.tolist()[0]!r}), expected 2 or more. A constant "
                "would be right on it; add samples of another class."
            )
        self._most_frequent = int(np.bincount(codes).argmax())
        labels = whole_as_int(self.classes_.tolist())
        self._code = {key(as_value(label, "a class")): code for code, label in enumerate(labels)}
        self._learn(columns, [labels[code] for code in codes])
        return self

    def predict(self, X: object) -> NDArray[Any]:
        """One class per row, made inside the sandbox; of the type of `classes_`.

        Raises:
            NotFittedError: before `fit`.
            ValueError: if X is not like that in `fit`.
            PredictionError: if the program could not be run at all.
        """
        predictions = self._predictions(X)
        codes = [self._class(prediction) for prediction in predictions]
        wrong = [row for row, code in enumerate(codes) if code is None]
        common = self._most_frequent
        warn_of_stand_ins(predictions, wrong, self.classes_.tolist()[common])
        classes: NDArray[Any] = self.classes_[[common if c is None else c for c in codes]]
        return classes

    def _class(self, prediction: Prediction) -> int | None:
        return None if isinstance(prediction, SampleError) else self._code.get(key(prediction))


def _refuse_mixed(y: ArrayLike) -> None:
    """Raises where labels are of several types, which an array would make texts of."""
    kinds = {type(label) for label in np.asarray(y, object).ravel()}
    if len(kinds) > 1 and str in kinds:
        names = ", ".join(sorted(kind.__name__ for kind in kinds))
        raise ValueError(f"Mix of label input types ({names}). Give labels of one type.")
