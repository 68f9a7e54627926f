"""What a fit returns: the chosen program, all candidates, the certificate, the provenance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, TypeAlias, cast

from llmerm import evaluator, sealed, tables
from llmerm.audit import Finding
from llmerm.candidate import Candidate, share
from llmerm.certificates import Certificate
from llmerm.errors import DataError, NoProgramError, PredictionError
from llmerm.evaluation import Evaluation
from llmerm.losses import ZERO_ONE, Loss
from llmerm.program import Program
from llmerm.provenance import Provenance
from llmerm.samples import Samples
from llmerm.sandbox.base import Sandbox
from llmerm.sealed import Sealed
from llmerm.typing import Failed, Prediction, Usage
from llmerm.values import as_value
from llmerm.version_space import VersionSpace, version_space

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

    def predict(self, inputs: Iterable[object]) -> list[Prediction]:
        """The program's predictions, one per input, made inside the sandbox.

        An input on which the program raises gives a `SampleError` in its place.

        Args:
            inputs: a list of inputs like those of the samples, or a frame with their columns.

        Raises:
            DataError: if it is a single input, or samples with their labels.
            PredictionError: if the program could not be run at all.
        """
        values = tuple(as_value(x, f"input {i}") for i, x in enumerate(_listed(inputs)))
        source = self.program.source
        with self.sandbox.session(values) as session:
            outcome = session.run(source)
        if isinstance(outcome, Failed):
            raise PredictionError(f"the program gave no predictions: {outcome}.")
        return list(outcome.predictions)

    def evaluate(self, test: Iterable[object] | Sealed, *, delta: float = 0.05) -> Evaluation:
        """The program's error on fresh or sealed samples, with its exact interval.

        Args:
            test: `Samples` or pairs that played no part in the fit (those of the fit get no
                interval); or the sealed samples of
                `llmerm.split`, which this opens for one of their declared uses.
            delta: the interval may miss the population error with at most this probability; of
                sealed samples, the intervals of all declared uses together.

        Raises:
            PredictionError: if the program could not be run on them.
            SealedError: if the fit was on other samples than those that `llmerm.split` left, or
                (`UsedUpError`) all declared uses are over.
        """
        program, loss, sandbox = self.program, self.loss, self.sandbox
        if isinstance(test, Sealed):
            data = self.provenance.data
            return sealed.evaluate(
                test, program, data=data, loss=loss, sandbox=sandbox, delta=delta
            )
        samples = Samples.of(test)
        found = evaluator.evaluate(program, samples, loss=loss, sandbox=sandbox, delta=delta)
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

    @cached_property
    def _headline(self) -> str:
        if self.status == "abstained":
            if self.chosen is None:
                return "abstained, no candidate could be scored"
            shown = "abstained, no program is shown to beat chance"
            return f"{shown} (error of the best constant: {share(self.chance_error)})"
        where = "held-out" if self.held_out_error is not None else "train"
        error = self.held_out_error if where == "held-out" else self.train_error
        return f"{self.status.replace('_', ' ')}, {where} error {share(error)}"

    def _reasons(self) -> str:
        reasons = Counter(
            c.verdict.reason for c in self.candidates if isinstance(c.verdict, Failed)
        )
        return ", ".join(f"{count} {reason}" for reason, count in reasons.most_common())

    def __repr__(self) -> str:
        drawn = f"{len(self.candidates)} of at most {self.provenance.k} candidates"
        head = f"FitResult({self._headline}; {drawn} from {self.provenance.proposer})"
        if self.chosen is None:
            return f"{head}\n{self._reasons()}"
        lead = "best candidate, not shown to beat a constant:\n" * (self.status == "abstained")
        return f"{head}\n{lead}{self.program.pretty()}\n{self.certificate}"


def _listed(inputs: Iterable[object]) -> Iterable[object]:
    """The inputs, if they are several inputs."""
    if hasattr(inputs, "columns"):
        return tables.rows(tables.frame_columns(cast("tables.Frame", inputs)))
    if isinstance(inputs, Samples):
        raise DataError("got samples with labels. Pass `samples.inputs`, or use `evaluate`.")
    if isinstance(inputs, (str, bytes, dict)) or not isinstance(inputs, Iterable):
        raise DataError(f"expected a list of inputs, got {inputs!r:.60}. For one x pass [x].")
    return inputs
