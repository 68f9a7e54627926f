"""Scores one program on samples that played no part in finding it."""

from __future__ import annotations

from concurrent.futures import Executor

from llmerm import certificates
from llmerm.errors import DataError, PredictionError
from llmerm.evaluation import Evaluation
from llmerm.losses import Loss
from llmerm.openings import Opening
from llmerm.program import Program
from llmerm.samples import Samples
from llmerm.sandbox.base import Sandbox
from llmerm.typing import Failed, Verdict
from llmerm.verifier import Verifier


def evaluate(
    program: Program,
    samples: Samples,
    *,
    loss: Loss,
    sandbox: Sandbox,
    delta: float,
    executor: Executor | None = None,
    opening: Opening | None = None,
) -> Evaluation:
    """The program's error on the samples, with its exact interval where the loss counts errors.

    Args:
        program: what to score.
        samples: at least one.
        loss: how predictions are compared with labels.
        sandbox: where the program runs.
        delta: the interval may miss the population error with at most this probability.
        executor: on whose workers; None for this machine.
        opening: which use of sealed samples this is: each gets an equal part of delta.

    Raises:
        DataError: if there are no samples.
        PredictionError: if the program could not be run on them.
    """
    if not samples:
        raise DataError("`test` is empty, expected at least 1 pair (x, y) to evaluate on.")
    with Verifier(sandbox, loss=loss, executor=executor, workers=1) as verifier:
        verdict = verifier.verify(program, samples.take(()), samples)
    if isinstance(verdict, Failed) or verdict.held_out_error is None:
        raise PredictionError(f"the program could not be evaluated: {_told(verdict, opening)}.")
    use, uses = opening or (0, 0)
    error, m, level = verdict.held_out_error, len(samples), delta / (uses or 1)
    return Evaluation(
        error,
        m,
        verdict.sample_errors,
        certificates.interval(round(error * m), m, delta=level) if loss.wrong else None,
        1 - delta,
        use=use,
        uses=uses,
        population=certificates.POPULATION if uses else certificates.SAMPLED,
        wrong=loss.wrong,
    )


def _told(verdict: Verdict, opening: Opening | None) -> str:
    """Why there is no score; of sealed samples without what the program said of an input."""
    quiet = opening is not None and isinstance(verdict, Failed)
    return verdict.reason if quiet and isinstance(verdict, Failed) else str(verdict)
