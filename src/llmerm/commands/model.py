"""A program out of a file, ready to be run in the sandbox."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from llmerm import saved
from llmerm.commands.data import text_of
from llmerm.errors import NoProgramError, PredictionError
from llmerm.program import Program
from llmerm.sandbox import Sandbox
from llmerm.typing import Failed, Prediction, Value


@dataclass(frozen=True)
class Model:
    """A program and, where it is a saved result's, inputs of the kind that it takes."""

    program: Program
    examples: tuple[Value, ...] = ()

    def predict(self, inputs: Sequence[Value], sandbox: Sandbox) -> list[Prediction]:
        """The program's predictions, one per input, made inside the sandbox.

        Raises:
            PredictionError: if the program could not be run at all.
        """
        with sandbox.session(inputs) as session:
            outcome = session.run(self.program.source)
        if isinstance(outcome, Failed):
            raise PredictionError(f"the program gave no predictions: {outcome}.")
        return list(outcome.predictions)


def load(file: Path) -> Model:
    """The program in a .py file, or the one that a saved result chose.

    Raises:
        DataError: if the file cannot be read.
        ProgramError: if it is no program.
        NoProgramError: if the result has none.
    """
    if file.suffix == ".json":
        return _of(file)
    return Model(Program(text_of(file, str(file))))


def _of(file: Path) -> Model:
    found = saved.load(file)
    program = None if found.chosen is None else found.candidates[found.chosen].program
    if program is None:
        raise NoProgramError(f"{file} holds a result without a program: nothing could be scored.")
    return Model(program, found.inputs())
