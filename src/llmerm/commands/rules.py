"""A program out of a file, ready to be run in the sandbox."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from llmerm import rule_file, saved
from llmerm.commands.data import text_of
from llmerm.errors import NoProgramError
from llmerm.program import Program
from llmerm.typing import Value


class Rule(NamedTuple):
    """A program and, where it is a saved result's, inputs of the kind that it takes."""

    program: Program
    examples: tuple[Value, ...] = ()


def load(file: Path) -> Rule:
    """The program in a .py file, without what an export adds, or the one of a saved result.

    Raises:
        DataError: if the file cannot be read.
        ProgramError: if it is no program.
        NoProgramError: if the result has none.
    """
    if file.suffix == ".json":
        return _of(file)
    return Rule(Program(rule_file.original(text_of(file, str(file)))))


def _of(file: Path) -> Rule:
    found = saved.load(file)
    program = None if found.chosen is None else found.candidates[found.chosen].program
    if program is None:
        raise NoProgramError(f"{file} holds a result without a program: nothing could be scored.")
    return Rule(program, found.inputs())
