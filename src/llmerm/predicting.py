"""What a program says of inputs, from inside the sandbox."""

from __future__ import annotations

from collections.abc import Sequence

from llmerm.errors import PredictionError
from llmerm.program import Program
from llmerm.sandbox.base import Sandbox
from llmerm.typing import Failed, Prediction, Value


def predictions(program: Program, inputs: Sequence[Value], *, sandbox: Sandbox) -> list[Prediction]:
    """The program's predictions, one per input; a `SampleError` where it raises.

    Args:
        program: what to run.
        inputs: what to run it on.
        sandbox: where.

    Raises:
        DataError: if an input cannot be carried into the sandbox by value.
        PredictionError: if the program could not be run at all.

    >>> from llmerm.sandbox import default
    >>> predictions(Program("def f(x): return x + 1"), [1, 2], sandbox=default())
    [2, 3]
    """
    outcome = sandbox.run(program.source, inputs)
    if isinstance(outcome, Failed):
        raise PredictionError(f"the program gave no predictions: {outcome}.")
    return list(outcome.predictions)
