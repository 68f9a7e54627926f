"""What a fit returns: the chosen program, all candidates, the certificate, the provenance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, TypeAlias, cast

from llmerm import certificates, tables
from llmerm.audit import Finding
from llmerm.certificates import Certificate
from llmerm.errors import DataError, NoProgramError, PredictionError
from llmerm.losses import ZERO_ONE, Loss
from llmerm.program import Program
from llmerm.samples import Samples
from llmerm.sandbox.base import Sandbox
from llmerm.typing import Failed, Prediction, Proposal, Scored, Usage, Value, Verdict
from llmerm.values import as_value
from llmerm.verifier import Verifier

Status: TypeAlias = Literal["verified", "best_effort", "abstained"]


@dataclass(frozen=True)
class Candidate:
    """One draw and what became of it.

    Attributes:
        proposal: the draw itself, with its cost.
        program: the program in it, or None if there is none.
        verdict: its scores, or the reason why it has none.
        duplicate_of: the number of an earlier draw that is the same program, or that gave the
            same predictions on every input, else None.
    """

    proposal: Proposal
    program: Program | None
    verdict: Verdict
    duplicate_of: int | None = None

    @property
    def draw(self) -> int:
        """The number of the draw, from 0."""
        return self.proposal.draw

    @property
    def source(self) -> str:
        """The program's source; empty if the draw held none."""
        return self.proposal.source

    @property
    def status(self) -> Literal["scored", "failed"]:
        """Whether it has scores."""
        return "scored" if isinstance(self.verdict, Scored) else "failed"

    @property
    def reason(self) -> str:
        """Why it has no score, in words; empty if it has one."""
        return "" if isinstance(self.verdict, Scored) else str(self.verdict)

    @property
    def train_error(self) -> float | None:
        """The empirical risk on the train part, or None."""
        return self.verdict.train_error if isinstance(self.verdict, Scored) else None

    @property
    def held_out_error(self) -> float | None:
        """The empirical risk on the held-out part, or None."""
        return self.verdict.held_out_error if isinstance(self.verdict, Scored) else None

    @property
    def cost(self) -> Usage:
        """What the draw cost."""
        return self.proposal.usage

    def __repr__(self) -> str:
        if isinstance(self.verdict, Failed):
            return f"Candidate(draw {self.draw}, {self.reason})"
        errors = f"train error {_share(self.train_error)}, held-out {_share(self.held_out_error)}"
        return f"Candidate(draw {self.draw}, {errors}, {self.verdict.bits:.0f} bits)"


@dataclass(frozen=True)
class Provenance:
    """Where a result comes from: enough to make it again.

    Attributes:
        proposer: its name, and `parameters` all that decides what it draws.
        chosen_because: why this proposer, where the library chose.
        data: the fingerprint of all samples, `train` and `held_out` the parts' sizes.
        isolation: what the sandbox enforced on this host, layer by layer.
        prompt_hash: of the prompt, for proposers that have one, else None.
    """

    llmerm: str
    python: str
    platform: str
    proposer: str
    parameters: Mapping[str, Value]
    chosen_because: str
    data: str
    train: int
    held_out: int
    k: int
    seed: int
    loss: str
    tolerance: float
    isolation: str
    prompt_hash: str | None = None


@dataclass(frozen=True)
class Evaluation:
    """A program's error on samples that played no part in finding it.

    Attributes:
        error: the mean loss.
        samples: how many samples.
        sample_errors: on how many of them the program gave no prediction.
        interval: the exact interval for the population error; None unless the loss counts errors.
        confidence: of the interval.
    """

    error: float
    samples: int
    sample_errors: int
    interval: tuple[float, float] | None
    confidence: float

    @property
    def accuracy(self) -> float:
        """1 - error; meaningful for the zero-one loss."""
        return 1.0 - self.error


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
        """verified, best_effort, or abstained where no program is shown to beat chance."""
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

    def evaluate(self, test: Iterable[object], *, delta: float = 0.05) -> Evaluation:
        """The program's error on fresh samples, with its exact interval.

        Args:
            test: `Samples` or pairs that played no part in the fit.
            delta: the interval may miss the population error with at most this probability.

        Raises:
            PredictionError: if the program could not be run on them.
        """
        samples = Samples.of(test)
        if not samples:
            raise DataError("`test` is empty, expected at least 1 pair (x, y) to evaluate on.")
        with Verifier(self.sandbox, loss=self.loss, workers=1) as verifier:
            verdict = verifier.verify(self.program, samples.take(()), samples)
        if isinstance(verdict, Failed) or verdict.held_out_error is None:
            raise PredictionError(f"the program could not be evaluated: {verdict}.")
        error, m = verdict.held_out_error, len(samples)
        exact = bool(self.loss.wrong)
        bounds = certificates.interval(round(error * m), m, delta=delta) if exact else None
        return Evaluation(error, m, verdict.sample_errors, bounds, 1 - delta)

    @cached_property
    def _headline(self) -> str:
        if self.status == "abstained":
            if self.chosen is None:
                return "abstained, no candidate could be scored"
            shown = "abstained, no program is shown to beat chance"
            return f"{shown} (error of the best constant: {_share(self.chance_error)})"
        where = "held-out" if self.held_out_error is not None else "train"
        error = self.held_out_error if where == "held-out" else self.train_error
        return f"{self.status.replace('_', ' ')}, {where} error {_share(error)}"

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


def _share(error: float | None) -> str:
    return "none" if error is None else f"{error:.4g}"
