"""Programs on the workers of an executor, portion by portion, all portions at once."""

from __future__ import annotations

from concurrent.futures import Executor, Future, wait

from llmerm.losses import Loss
from llmerm.sandbox.base import CHUNK, Sandbox
from llmerm.scoring.dispatch import Dispatcher
from llmerm.scoring.here import ABANDONED, Job, known
from llmerm.scoring.portions import Data, Portion
from llmerm.scoring.score import Race, Score, score
from llmerm.scoring.troubles import checked
from llmerm.scoring.unit import VERSIONS, Outcome, Piece, Unit
from llmerm.typing import Failed, Prediction, Ran

_LOOK_SECONDS = 0.1  # between two looks at whether a program still has to run


class There:
    """Runs programs on an executor's workers, each of which has a sandbox of its own.

    The library's own losses are computed there, so that little comes back; for another function
    the predictions come back, as workers need not have it.

    Args:
        executor: any `concurrent.futures.Executor`.
        sandbox: in which.
        loss: how predictions are compared with labels.

    Raises:
        ArgumentError: if the executor is none.
    """

    def __init__(self, executor: Executor, sandbox: Sandbox, loss: Loss) -> None:
        self._sandbox = sandbox
        self._loss = loss
        self._travels = is_own(loss)
        self._executor = checked(executor)
        self._dispatcher = Dispatcher(executor)

    def run(self, job: Job, data: Data, race: Race | None = None) -> list[Score] | Failed:
        """As in `Here`. What runs on a worker cannot be stopped.

        So in a race, a program first runs on the first inputs alone; then on all, unless it has
        lost by then, or while it waits, or with the portions that have come back.

        Raises:
            NoSandboxError: if a worker's host has no sandbox.
            ExecutorError: if the executor does not do the work.
        """
        before = [] if race is None else self._early(job, data)
        if race is not None and race.is_lost(known(before)):
            return ABANDONED
        flying = [self._sent(job, portion) for portion in data.portions]
        try:
            return self._gathered(job, data, flying, race, before)
        finally:
            for future in flying:
                future.cancel()

    def predictions(self, source: str, data: Data) -> list[Prediction] | Failed:
        """What the program gives on all inputs, or why the first portion with nothing has nothing.

        Raises: as `run`.
        """
        flying = [self._sent(Job(source), portion, scored=False) for portion in data.portions]
        found: list[Prediction] = []
        try:
            for future in flying:
                outcome = future.result()
                if isinstance(outcome, Failed):
                    return outcome
                found += outcome.predictions if isinstance(outcome, Ran) else ()
            return found
        finally:
            for future in flying:
                future.cancel()

    def _early(self, job: Job, data: Data) -> list[Score]:
        """The score on the first inputs, if there is one.

        That a program fails on these alone means little: limits grow with the number of inputs.
        """
        portion = data.portions[0]
        outcome = self._sent(job, portion, first=CHUNK).result()
        found = self._score(outcome, job, portion.first(CHUNK))
        return [found] if isinstance(found, Score) else []

    def _gathered(
        self,
        job: Job,
        data: Data,
        flying: list[Future[Outcome]],
        race: Race | None,
        before: list[Score],
    ) -> list[Score] | Failed:
        """The scores in the order of the portions, or why the first that has none has none."""
        scores: list[Score] = []
        for portion, future in zip(data.portions, flying, strict=True):
            while race is not None and not wait([future], _LOOK_SECONDS).done:
                if race.is_lost(known(scores or before)):
                    return ABANDONED
            found = self._score(future.result(), job, portion)
            if isinstance(found, Failed):
                return found
            scores.append(found)
        return scores

    def _sent(
        self, job: Job, portion: Portion, *, first: int | None = None, scored: bool = True
    ) -> Future[Outcome]:
        unit = Unit(
            versions=VERSIONS,
            sandbox=self._sandbox,
            digest=portion.digest,
            portion=None,
            pieces=(),
            loss=self._loss if scored and self._travels else None,
            first=first,
            hash_seed=job.hash_seed,
        )
        keep = () if first is not None else job.places(portion)
        return self._dispatcher.send(unit, portion, Piece(job.source, keep))

    def _score(self, outcome: Outcome, job: Job, portion: Portion) -> Score | Failed:
        if isinstance(outcome, Ran):
            return score(outcome, portion, self._loss, keep=job.places(portion))
        return outcome

    def stop(self) -> None:
        """Takes back what is still on its way; more may come."""
        self._dispatcher.close()
        self._dispatcher = Dispatcher(self._executor)

    def close(self) -> None:
        """Takes back what is still on its way; the executor stays as it is."""
        self._dispatcher.close()


def is_own(loss: Loss) -> bool:
    """Whether the library is all that a worker needs to compute the loss.

    >>> from llmerm.losses import ZERO_ONE
    >>> is_own(ZERO_ONE)
    True
    """
    compare = getattr(loss.compare, "func", loss.compare)
    return str(getattr(compare, "__module__", "")).startswith("llmerm.")
