"""What the estimators share: the parameters of `fit`, learning, and predicting rows."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from concurrent.futures import Executor
from numbers import Integral
from os import PathLike
from typing import Any, ClassVar

from numpy.random import RandomState
from sklearn.base import BaseEstimator
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted

from llmerm.driver import fit_unattended
from llmerm.errors import LlmermWarning
from llmerm.losses import Compare, Loss
from llmerm.proposers.base import Proposer
from llmerm.proposers.model import Model
from llmerm.samples import Samples
from llmerm.sandbox import Sandbox
from llmerm.sklearn.rows import Rows
from llmerm.sklearn.table import Cells, cells
from llmerm.typing import Budget, Prediction, ProgressHook, Value


class ProgramEstimator(BaseEstimator):
    """An estimator whose model is a program; subclasses say what its predictions are.

    Args:
        k: at most this many candidates are drawn; this and all below as in `llmerm.fit`.
        description: what you know of the rule in words, for model proposers.
        proposer: a name, a `Proposer` or `Model`, a list of these, or "auto".
        held_out: the share of the samples given to `fit` that candidates are chosen on.
        loss: a name, a `Loss` or a function; None for the estimator's own.
        tolerance: drawing ends with a candidate whose held-out error is at most this.
        batch_size: how many draws are judged before that is looked at.
        delta: the certificate may fail with at most this probability.
        budget: a hard stop in dollars, tokens, calls or seconds.
        rows: what a program gets for a row of several columns: "dict" (by column; x0, x1, ...
            where they have no names), "list", or "auto": a list where all numbers are whole and
            no column has a name, else a dict. One column is given as it is.
        random_state: the seed of the split and the proposer; None draws one.
        sandbox: "auto" for the best this host offers, or a `Sandbox`.
        executor: any `concurrent.futures.Executor` to run candidates on.
        ledger: a path; every draw is kept there, and a later fit of the same data resumes.
        progress: called with a `Progress` after each candidate.
    """

    _loss: ClassVar[str]

    def __init__(
        self,
        k: int = 16,
        *,
        description: str | None = None,
        proposer: str | Proposer | Model | Sequence[object] = "auto",
        held_out: float = 0.5,
        loss: str | Loss | Compare | None = None,
        tolerance: float = 0.0,
        batch_size: int | None = None,
        delta: float = 0.05,
        budget: Budget | None = None,
        rows: str = "auto",
        random_state: int | RandomState | None = 0,
        sandbox: str | Sandbox = "auto",
        executor: Executor | None = None,
        ledger: str | PathLike[str] | None = None,
        progress: ProgressHook | None = None,
    ) -> None:
        self.k = k
        self.description = description
        self.proposer = proposer
        self.held_out = held_out
        self.loss = loss
        self.tolerance = tolerance
        self.batch_size = batch_size
        self.delta = delta
        self.budget = budget
        self.rows = rows
        self.random_state = random_state
        self.sandbox = sandbox
        self.executor = executor
        self.ledger = ledger
        self.progress = progress

    def _learn(self, columns: Cells, labels: Sequence[object]) -> None:
        """Sets what a fitted estimator has, from the columns of X and plain labels."""
        self._rows = Rows.of(columns, getattr(self, "feature_names_in_", None), self.rows)
        self.result_ = fit_unattended(
            Samples.from_arrays(self._rows.inputs(columns), labels),
            int(self.k) if isinstance(self.k, Integral) else self.k,  # a grid's may be numpy's
            description=self.description,
            proposer=self.proposer,
            held_out=self.held_out,
            loss=self._loss if self.loss is None else self.loss,
            tolerance=self.tolerance,
            batch_size=self.batch_size,
            delta=self.delta,
            budget=self.budget,
            seed=self._seed(),
            sandbox=self.sandbox,
            executor=self.executor,
            ledger=self.ledger,
            progress=self.progress,
        )
        self.program_ = self.result_.program
        self.certificate_ = self.result_.certificate
        self.candidates_ = self.result_.candidates

    def _seed(self) -> int:
        if isinstance(self.random_state, Integral):
            return int(self.random_state)
        return int(check_random_state(self.random_state).randint(2**31 - 1))

    def _predictions(self, X: object) -> list[Prediction]:
        """What the program gives for each row."""
        check_is_fitted(self)
        return self.result_.predict(self._rows.inputs(cells(self, X, reset=False)))

    def __sklearn_tags__(self) -> Any:  # noqa: ANN401 - scikit-learn's own, without types
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.allow_nan = True
        return tags


def warn_of_stand_ins(predictions: Sequence[Prediction], wrong: Sequence[int], by: Value) -> None:
    """Says for how many rows the program gave nothing of use, and what stands there instead."""
    if wrong:
        warnings.warn(
            f"the program gave no usable prediction for {len(wrong)} of {len(predictions)} rows "
            f"(the first is row {wrong[0]}: {predictions[wrong[0]]!r:.80}). There {by!r} stands "
            "instead, the best constant on the training samples.",
            LlmermWarning,
            stacklevel=4,
        )
