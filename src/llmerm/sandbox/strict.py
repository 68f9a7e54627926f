"""One input at a time: a candidate cannot compare an input with the others, nor remember one."""

from __future__ import annotations

from collections.abc import Sequence

from llmerm.sandbox import relay
from llmerm.sandbox.base import CHUNK, Session, Watch
from llmerm.sandbox.inputs import Inputs, refused
from llmerm.sandbox.pool import PooledSession, chosen
from llmerm.sandbox.worker import Request
from llmerm.typing import Failed, Prediction, Ran

_FORK_SECONDS = 0.02  # CPU time allowed beyond the limits for each process that is made


class StrictSession(Session):
    """Each call of a candidate is made in a process of its own, which holds that input alone.

    The inputs stay in this process until their turn. The limits hold for each call; all calls
    together may take as much CPU time as without `strict`, and what the processes cost.

    Args:
        pool: a session that holds no inputs.
        inputs: what to send, one by one.
        cpu_seconds: the limit on CPU time, as in `LinuxSandbox`.
    """

    def __init__(self, pool: PooledSession, inputs: Inputs, *, cpu_seconds: float) -> None:
        self._pool = pool
        self._inputs = inputs
        self._cpu_seconds = cpu_seconds

    def run(
        self, source: str, *, subset: Sequence[int] | None = None, watch: Watch | None = None
    ) -> Ran | Failed:
        """One prediction or `SampleError` per input, or the reason why there is none."""
        if failed := refused(source):
            return failed
        indices = chosen(subset, len(self._inputs))
        allowed = sum(relay.allowances(self._cpu_seconds, len(indices)))
        predictions: list[Prediction] = []
        used = 0.0
        spans = [(index, index + 1) for index in indices] or [(0, 0)]
        for given in (self._inputs.part(*span) for span in spans):
            outcome = self._pool.ask(Request(source, None, len(given), given))
            if isinstance(outcome, Failed):
                return outcome
            predictions += outcome.predictions
            used += outcome.cpu_seconds
            if used > allowed + _FORK_SECONDS * len(indices):
                return Failed("timeout", "the CPU time of all its calls is up")
            if watch and _is_due(len(predictions), len(indices)) and not watch(predictions):
                return Failed("abandoned", "its first answers were enough to see that it loses")
        return Ran(tuple(predictions), used)

    def close(self) -> None:
        """Ends every process at once; a `run` in another thread ends with a reason."""
        self._pool.close()


def _is_due(done: int, calls: int) -> bool:
    return done % CHUNK == 0 and done < calls
