"""What a fit returns: the chosen program, all candidates, the certificate, the provenance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import Literal, TypeAlias, cast

import numpy as np

from llmerm import account, evaluator, result_view, rule_file, saved, sealed, tables
from llmerm.account import Account
from llmerm.audit import Finding
from llmerm.candidate import Candidate, share
from llmerm.certificates import Certificate
from llmerm.columns import Rows
from llmerm.errors import ArgumentError, DataError, NoProgramError
from llmerm.evaluation import Evaluation
from llmerm.frames import Frame, frame_columns
from llmerm.losses import ZERO_ONE, Compare, Loss
from llmerm.predicting import predictions
from llmerm.program import Program
from llmerm.provenance import Provenance
from llmerm.samples import Samples
from llmerm.sandbox import resolve as resolve_sandbox
from llmerm.sandbox.base import Sandbox
from llmerm.sealed import Sealed
from llmerm.typing import Failed, Prediction, Usage, Value
from llmerm.values import as_value
from llmerm.version_space import VersionSpace, version_space
from llmerm.written import write

Status: TypeAlias = Literal["verified", "best_effort", "abstained"]


@dataclass(frozen=True)
class FitResult:
    """The outcome of `fit`. Print it for a summary.

    Attributes:
        certificate: how wrong the program can be on the population.
        candidates: every candidate, in the order of the draws, also those that failed.
        usage: what was spent, in all.
        seed: the seed of the split and of the proposer.
        stopped: why drawing ended, in words.
        audit: what was found about the samples.
        provenance: where the result comes from.
        chance_error: the error of the best constant prediction, on the same samples.
        examples: a few inputs of the train part, without labels, to try the program on.
    """

    candidates: tuple[Candidate, ...]
    chosen: int | None
    certificate: Certificate
    usage: Usage
    seed: int
    stopped: str
    audit: tuple[Finding, ...]
    provenance: Provenance
    chance_error: float
    loss: Loss
    sandbox: Sandbox
    examples: tuple[Value, ...] = ()

    @property
    def best(self) -> Candidate:
        """The chosen candidate.

        Raises:
            NoProgramError: if no candidate could be scored; it counts the reasons.
        """
        if self.chosen is None:
            raise NoProgramError(
                f"none of the {len(self.candidates)} candidates could be scored: "
                f"{self._reasons()}. See `result.candidates`."
            )
        return self.candidates[self.chosen]

    @property
    def program(self) -> Program:
        """The chosen program. Raises as `best`."""
        program = self.best.program
        assert program is not None  # only programs are scored
        return program

    @property
    def train_error(self) -> float | None:
        """The program's empirical risk on the train part; None if that is empty."""
        return self.best.train_error

    @property
    def held_out_error(self) -> float | None:
        """The program's empirical risk on the held-out part; None if nothing was held out."""
        return self.best.held_out_error

    @property
    def verified(self) -> bool:
        """Whether the held-out error is within the tolerance. About held-out data, no more."""
        if self.chosen is None or self.held_out_error is None:
            return False
        return self.held_out_error <= self.provenance.tolerance

    @property
    def status(self) -> Status:
        """verified, best_effort, or abstained where no program is shown to beat chance.

        For the zero-one loss on held-out samples the certificate has to show it. For other losses,
        or with nothing held out, the error that was seen is compared: a best effort may be luck.
        """
        if self.verified:
            return "verified"
        return "best_effort" if self._beats_chance else "abstained"

    @property
    def _beats_chance(self) -> bool:
        if self.chosen is None:
            return False
        if self.held_out_error is None:
            return (self.train_error or 0.0) < self.chance_error
        shown = self.certificate.bound if self.loss == ZERO_ONE else self.held_out_error
        return shown < self.chance_error

    def predict(
        self, inputs: Iterable[object], *, executor: Executor | None = None
    ) -> list[Prediction]:
        """The program's predictions, one per input, made inside the sandbox.

        An input on which the program raises gives a `SampleError` in its place.

        Args:
            inputs: a list of inputs like those of the samples, a frame with their columns, or an
                array with a row an input.
            executor: any `concurrent.futures.Executor`, on whose workers portions of many inputs
                run side by side; None for this machine.

        Raises:
            DataError: if it is a single input, or samples with their labels.
            PredictionError: if the program could not be run at all.
            ExecutorError: if the executor does not do the work.
        """
        found = _listed(inputs)
        given = found if isinstance(found, Rows) else list(found)
        return predictions(
            self.program, cast("Sequence[Value]", given), sandbox=self.sandbox, executor=executor
        )

    def evaluate(
        self,
        test: Iterable[object] | Sealed,
        *,
        delta: float = 0.05,
        executor: Executor | None = None,
    ) -> Evaluation:
        """The program's error on fresh or sealed samples, with its exact interval.

        Args:
            test: `Samples` or pairs that played no part in the fit (those of the fit get no
                interval); or the sealed samples of
                `llmerm.split`, which this opens for one of their declared uses.
            delta: the interval may miss the population error with at most this probability; of
                sealed samples, the intervals of all declared uses together.
            executor: as in `predict`; not for sealed samples, which stay in this process.

        Raises:
            ArgumentError: if sealed samples come with an executor.
            PredictionError: if the program could not be run on them.
            SealedError: if the fit was on other samples than those that `llmerm.split` left, or
                (`UsedUpError`) all declared uses are over.
        """
        program, loss, sandbox = self.program, self.loss, self.sandbox
        if isinstance(test, Sealed):
            if executor is not None:
                raise ArgumentError(
                    f"`executor` is {executor!r:.60}, but sealed samples stay in this process. "
                    "Leave it out."
                )
            data = self.provenance.data
            return sealed.evaluate(
                test, program, data=data, loss=loss, sandbox=sandbox, delta=delta
            )
        samples = Samples.of(test)
        found = evaluator.evaluate(
            program, samples, loss=loss, sandbox=sandbox, delta=delta, executor=executor
        )
        own = samples.fingerprint == self.provenance.data
        return replace(found, interval=None, own=True) if own else found

    def version_space(
        self, inputs: Iterable[object] | None = None, *, slack: float = 0.0
    ) -> VersionSpace:
        """The candidates that fit as well, grouped by what they predict on unlabelled inputs.

        It says on how many inputs they disagree, and which one to label next (`question`).
        Drawing ends at the first verified candidate, so few others may be there to disagree: fit
        with `held_out=0`, or with `batch_size=k`, to have all k drawn.

        Args:
            inputs: inputs like those of the samples, without labels: such as you could have
                labelled next.
            slack: also candidates whose held-out and train error are above the chosen one's by
                at most this.

        Raises:
            DataError: if there are no inputs, or they have labels.
            NoProgramError: if no candidate could be scored.
        """
        if inputs is None:
            raise DataError(
                "`inputs` is missing: pass inputs without labels, such as you could label next. "
                "Candidates that fit all samples can only differ on others."
            )
        values = tuple(as_value(x, f"input {i}") for i, x in enumerate(_listed(inputs)))
        best = self.best
        return version_space(self.candidates, best, values, sandbox=self.sandbox, slack=slack)

    def export(
        self,
        path: str | PathLike[str],
        *,
        examples: Iterable[object] | None = None,
        overwrite: bool = False,
    ) -> Path:
        """Writes the program as a module that needs the standard library alone; gives its path.

        The file holds the function, where it comes from, its scores and certificate in words, and
        a test on a few inputs with the predictions that the sandbox gives for them.

        Args:
            path: the file to write, usually NAME.py.
            examples: inputs for the test; default: a few of `examples`.
            overwrite: whether to replace a file that is there.

        Raises:
            NoProgramError: if there is no program.
            ArgumentError: if the file cannot be written, or is there already.
        """
        given = self.examples if examples is None else _listed(examples)
        inputs = [as_value(x, f"example {i}") for i, x in enumerate(given)]
        tried = rule_file.tried(inputs, self.predict(inputs), limit=examples is None)
        facts = rule_file.Facts(self._told, self.certificate, self.provenance, self.stopped)
        text = rule_file.text(self.program, tried, facts)
        return write(path, text, overwrite=overwrite)

    def save(self, path: str | PathLike[str], *, overwrite: bool = False) -> None:
        """Writes all of the result but its sandbox to one JSON file, for `FitResult.load`.

        Raises:
            ArgumentError: if the file cannot be written, or is there and `overwrite` is false.
        """
        parts = {name: getattr(self, name) for name in saved.PARTS}
        saved.save(path, parts, loss=self.loss, examples=self.examples, overwrite=overwrite)

    @classmethod
    def load(
        cls,
        path: str | PathLike[str],
        *,
        loss: str | Loss | Compare | None = None,
        sandbox: str | Sandbox = "auto",
    ) -> FitResult:
        """The result that `save` wrote, with a sandbox of this host. Nothing in it is run.

        Args:
            path: the file.
            loss: the loss, where it is none of the names that `fit` knows.
            sandbox: as in `fit`.

        Raises:
            DataError: if the file cannot be read, or is no saved result.
            ArgumentError: if the loss is missing, or another one.
        """
        found = saved.load(path)
        return cls(
            **{name: getattr(found, name) for name in saved.PARTS},
            loss=saved.loss_of(found, loss),
            sandbox=resolve_sandbox(sandbox),
            examples=found.inputs(),
        )

    def explain(self, inputs: Iterable[object] | None = None) -> Account:
        """The program in plain words, and what it does on data, as it was observed. Print it.

        Args:
            inputs: what to run the program on; default: `examples`.

        Raises:
            NoProgramError: if there is no program.
            PredictionError: if it could not be run on the inputs.

        >>> import llmerm
        >>> result = llmerm.fit([(i, i % 2) for i in range(80)], proposer="enumerate")
        >>> result.explain().reading
        ('The answer is the remainder of x divided by 2.',)
        """
        data = list(self.examples if inputs is None else _listed(inputs))
        return account.of(self.program, tuple(as_value(x, "an input") for x in data), self.predict)

    @cached_property
    def _headline(self) -> str:
        if self.chosen is None:
            return "no candidate could be scored"
        if self.status == "abstained":
            shown = "no program is shown to beat chance"
            return f"{shown} (error of the best constant: {share(self.chance_error)})"
        where = "held-out" if self.held_out_error is not None else "train"
        error = self.held_out_error if where == "held-out" else self.train_error
        return f"{where} error {share(error)}"

    @property
    def _told(self) -> str:
        return f"{self.status.replace('_', ' ')}, {self._headline}"

    def _reasons(self) -> str:
        reasons = Counter(
            c.verdict.reason for c in self.candidates if isinstance(c.verdict, Failed)
        )
        return ", ".join(f"{count} {reason}" for reason, count in reasons.most_common())

    def __repr__(self) -> str:
        drawn = f"{len(self.candidates)} of at most {self.provenance.k} candidates"
        head = f"FitResult({self._told}; {drawn} from {self.provenance.proposer})"
        if self.chosen is None:
            return f"{head}\n{self._reasons()}"
        lead = "best candidate, not shown to beat a constant:\n" * (self.status == "abstained")
        return f"{head}\n{lead}{self.program.pretty()}\n{self.certificate}"

    def _repr_html_(self) -> str:
        return result_view.view(self, headline=self._headline)


def _listed(inputs: Iterable[object]) -> Iterable[object]:
    """The inputs, if they are several inputs."""
    if hasattr(inputs, "columns"):
        return tables.rows(frame_columns(cast("Frame", inputs)))
    if type(inputs) is np.ndarray and (rows := Rows.of_array(inputs)) is not None:
        return rows
    if isinstance(inputs, Samples):
        raise DataError("got samples with labels. Pass `samples.inputs`, or use `evaluate`.")
    one = isinstance(inputs, (str, bytes, dict)) or getattr(inputs, "ndim", 1) == 0
    if one or not isinstance(inputs, Iterable):
        raise DataError(f"expected a list of inputs, got {inputs!r:.60}. For one x pass [x].")
    return inputs
