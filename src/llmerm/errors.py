"""Everything the library raises on purpose.

    LlmermError
    ├── ArgumentError        an argument out of its range (also a ValueError)
    │   └── UnknownNameError a name that no part is registered under
    ├── MissingExtraError    an optional package that is not installed (also an ImportError)
    ├── DataError            samples that cannot be read or learned from (also a ValueError)
    ├── TaskError            a request that a task family cannot meet (also a ValueError)
    ├── ProgramError         a source that is no program
    ├── FormulaError         a program that is no formula over numbers
    ├── NoProgramError       a result in which no candidate could be scored
    ├── PredictionError      a program that could not be run on new inputs
    ├── SealedError          sealed samples, and a result that was not fitted on the others
    │   ├── SealedAccessError  an attempt to look inside (also a TypeError)
    │   └── UsedUpError      all declared uses of the sealed samples are over
    ├── ProposerError        a proposer that gave nothing, or could not be reached
    │   ├── NoCandidateError a proposer that had nothing to say of the samples
    │   └── OutOfBudgetError a budget that ended before the first candidate
    ├── SandboxError         the sandbox itself broke
    │   └── NoSandboxError   this host cannot run untrusted code safely
    ├── ExecutorError        an executor that does not do the work it is handed
    ├── LedgerError          a ledger that cannot be read, or belongs to another version
    └── SweepError           an experiment that had to stop; what was finished is kept

    LlmermWarning            something the user should look at; the work goes on

A program that fails is not an error of the library: it is a `Failed` value with a reason.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class LlmermError(Exception):
    """The root: catch it to catch everything the library raises on purpose."""


class ArgumentError(LlmermError, ValueError):
    """An argument is out of its range; the message has the value, the range and the next step."""


class UnknownNameError(ArgumentError):
    """No proposer, task, loss or other part is registered under this name."""

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        names = sorted(known)
        near = difflib.get_close_matches(name, names, n=3, cutoff=0.5)
        hint = f"Did you mean {' or '.join(map(repr, near))}? " if near else ""
        super().__init__(f"unknown {kind} {name!r}. {hint}Known: {', '.join(names)}.")


class MissingExtraError(LlmermError, ImportError):
    """What an extra of the library brings is not installed; the message has the command."""

    def __init__(self, user: str, package: str, extra: str) -> None:
        super().__init__(
            f"{user} needs the package {package}, which is not installed. Run: "
            f"pip install 'llmerm[{extra}]'.",
            name=package,
        )


class DataError(LlmermError, ValueError):
    """Samples that cannot be read, compared or learned from."""


class TaskError(LlmermError, ValueError):
    """A request that a task family cannot meet, such as more unique samples than exist."""


class ProgramError(LlmermError):
    """A source that is no program: `reason` is the word a `Failed` verdict would carry."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class FormulaError(LlmermError):
    """A program cannot be written as a formula over numbers; the message has the piece of code."""


class NoProgramError(LlmermError):
    """A result holds no program, because no candidate could be scored."""


class PredictionError(LlmermError):
    """The chosen program could not be run on these inputs; the message has the reason."""


class SealedError(LlmermError):
    """Sealed samples cannot be opened for this result; the message has the next step."""


class SealedAccessError(SealedError, TypeError):
    """Sealed samples were to be read, copied or pickled; only `result.evaluate` opens them."""


class UsedUpError(SealedError):
    """Sealed samples were opened as often as was declared."""


class ProposerError(LlmermError):
    """A proposer gave nothing at all, or could not be reached."""


class NoCandidateError(ProposerError):
    """The proposer ended without a single candidate, and without an error of its own."""


class OutOfBudgetError(ProposerError):
    """The budget was spent before the proposer gave a candidate."""


class SandboxError(LlmermError):
    """The sandbox itself broke; no candidate is to blame."""


class NoSandboxError(SandboxError):
    """This host offers no safe way to run untrusted code."""


class ExecutorError(LlmermError):
    """An executor does not do its work: it is shut down, has lost its workers, or these differ."""


class LedgerError(LlmermError):
    """A ledger that cannot be read or written, or that another version wrote."""


class SweepError(LlmermError):
    """An experiment had to stop, or cannot write what it found; what was finished is kept."""


class LlmermWarning(UserWarning):
    """Something the user should look at before trusting the result."""
