"""Programs on this machine: one pool of sandboxes over all inputs, portion after portion."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from llmerm.losses import Loss
from llmerm.sandbox.base import Sandbox
from llmerm.scoring.portions import Data, Portion
from llmerm.scoring.score import Race, Score, score
from llmerm.scoring.sessions import Sessions
from llmerm.typing import Failed

ABANDONED = Failed("abandoned", "an earlier draw has a smaller held-out error")
"""The verdict on a program that was not scored to its end, because it cannot be selected."""


@dataclass(frozen=True)
class Job:
    """A program to run on all portions of some data.

    Attributes:
        source: the program.
        hash_seed: as in `Sandbox.session`.
        keep: the inputs whose predictions are wanted as they are.
    """

    source: str
    hash_seed: int = 0
    keep: tuple[int, ...] = ()

    def places(self, portion: Portion) -> tuple[int, ...]:
        """Where in a portion the inputs of `keep` lie, as far as they do."""
        last = len(portion.inputs)
        return tuple(i - portion.start for i in self.keep if 0 <= i - portion.start < last)


class Here:
    """Runs programs on this machine.

    Args:
        sandbox: in which.
        loss: how predictions are compared with labels.
        workers: how many at a time.
    """

    def __init__(self, sandbox: Sandbox, loss: Loss, *, workers: int) -> None:
        self._sandbox = sandbox
        self._loss = loss
        self._sessions = Sessions(workers=workers)

    def run(self, job: Job, data: Data, race: Race | None = None) -> list[Score] | Failed:
        """The program's score on each portion, or why it has none.

        Args:
            job: the program.
            data: what it runs on.
            race: asked while it runs; once it is lost the program is `ABANDONED`.
        """
        scores: list[Score] = []
        with self._sessions.session(
            self._sandbox, data.digest, data.inputs, job.hash_seed
        ) as session:
            for portion in data.portions:
                before = known(scores)
                if race is not None and before and race.is_lost(before):
                    return ABANDONED
                labels = portion.labels[: portion.held_out]
                watch = None if race is None else race.watch(before, labels)
                ran = session.run(job.source, subset=subset(portion, data), watch=watch)
                if isinstance(ran, Failed):
                    return ABANDONED if ran.reason == "abandoned" else ran
                scores.append(score(ran, portion, self._loss, keep=job.places(portion)))
        return scores

    def stop(self) -> None:
        """Ends every program that runs; what comes next gets sandboxes of its own."""
        self._sessions.close()

    def close(self) -> None:
        """Ends every sandbox."""
        self._sessions.close()


def subset(portion: Portion, data: Data) -> range | None:
    """Where the portion lies among all inputs; None if it is all of them."""
    whole = len(data.portions) == 1
    return None if whole else range(portion.start, portion.start + len(portion.inputs))


def known(scores: Sequence[Score]) -> list[float]:
    """Numbers whose sum is that of the held-out losses so far."""
    return [part for one in scores for part in one.held_out]
