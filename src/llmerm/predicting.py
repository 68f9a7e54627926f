"""What a program says of inputs, from inside the sandbox."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from contextlib import closing

from llmerm.errors import PredictionError
from llmerm.losses import ZERO_ONE
from llmerm.program import Program
from llmerm.sandbox.base import Sandbox
from llmerm.sandbox.inputs import plain
from llmerm.scoring.portions import unlabelled
from llmerm.scoring.there import There
from llmerm.typing import Failed, Prediction, Ran, Value


def predictions(
    program: Program,
    inputs: Sequence[Value],
    *,
    sandbox: Sandbox,
    executor: Executor | None = None,
) -> list[Prediction]:
    """The program's predictions, one per input; a `SampleError` where it raises.

    Args:
        program: what to run.
        inputs: what to run it on.
        sandbox: in which.
        executor: on whose workers, a portion of the inputs each; None for this machine.

    Raises:
        DataError: if an input cannot be carried into the sandbox by value.
        ExecutorError: if the executor does not do the work.
        PredictionError: if the program could not be run at all.

    >>> from llmerm.sandbox import default
    >>> predictions(Program("def f(x): return x + 1"), [1, 2], sandbox=default())
    [2, 3]
    """
    outcome = (
        sandbox.run(program.source, inputs)
        if executor is None
        else _there(program.source, inputs, sandbox, executor)
    )
    if isinstance(outcome, Failed):
        raise PredictionError(f"the program gave no predictions: {outcome}.")
    return list(outcome.predictions if isinstance(outcome, Ran) else outcome)


def _there(
    source: str, inputs: Sequence[Value], sandbox: Sandbox, executor: Executor
) -> list[Prediction] | Failed:
    data = unlabelled(plain(inputs))
    with closing(There(executor, sandbox, ZERO_ONE)) as there:
        return there.predictions(source, data)
