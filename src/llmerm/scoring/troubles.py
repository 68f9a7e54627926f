"""An executor's troubles: the error that each is, or that it is worth trying again."""

from __future__ import annotations

from concurrent.futures import BrokenExecutor, Executor
from functools import partial
from secrets import token_hex

from llmerm.errors import ArgumentError, ExecutorError, LlmermError, NoSandboxError, SandboxError
from llmerm.scoring.unit import VERSIONS, Refused

TRIES = 8
"""How often a unit is handed to the executor before its loss is an error."""


def checked(executor: Executor) -> Executor:
    """The executor, if it is one and takes work: it is asked before anything is paid for.

    Raises:
        ArgumentError: if it is something else, such as a Dask client or a class of executors.
        ExecutorError: if it is shut down or broken.
    """
    if isinstance(executor, Executor):
        try:
            executor.submit(partial(_nothing, token_hex()))  # Dask knows equal work again
        except Exception as error:  # an executor is anybody's code
            raise not_taken(error) from error
        return executor
    hint = " Of a Dask client pass `client.get_executor()`." * hasattr(executor, "get_executor")
    raise ArgumentError(
        f"`executor` is {executor!r:.60}, expected a concurrent.futures.Executor.{hint}"
    )


def _nothing(token: str) -> None:
    """The work that an executor is asked to take."""


def is_closed(error: BaseException) -> bool:
    """Whether the error says that an executor is shut down, or its client closed."""
    shut = isinstance(error, RuntimeError) and "shutdown" in str(error)
    return shut or type(error).__name__ == "ClosedClientError"  # Dask's


def refusal(reply: Refused) -> LlmermError:
    """The error that a worker's refusal is."""
    where = f"the executor's worker on {reply.worker}"
    if reply.reason == "versions":
        return ExecutorError(
            f"{where} has {reply.detail}, this process has {VERSIONS}. Install the same on both: "
            "the same program must mean the same everywhere."
        )
    kind = NoSandboxError if reply.reason == "no sandbox" else SandboxError
    return kind(f"{where}: {reply.detail}")


def not_taken(error: Exception) -> ExecutorError:
    """The error where an executor does not take work."""
    if isinstance(error, BrokenExecutor):
        return broken(error)
    if is_closed(error):
        return ExecutorError(
            f"the executor takes no work: {error}. Pass one that is open, and keep it open until "
            "the result is there."
        )
    return _unsent(error)


def not_done(error: Exception) -> Exception | None:
    """The error where it is no use to try again; None where it is."""
    if isinstance(error, LlmermError):
        return error
    if isinstance(error, BrokenExecutor):
        return broken(error)
    if "pickle" in f"{type(error).__name__} {error}".lower():
        return _unsent(error)
    if isinstance(error, (ImportError, AttributeError)):
        return ExecutorError(
            f"the executor's workers cannot load the work: {error!r}. Install {VERSIONS} there, "
            "and what your sandbox is made of."
        )
    return None


def broken(error: BrokenExecutor) -> ExecutorError:
    """The error where a pool is lost with one of its workers."""
    return ExecutorError(
        f"the executor broke: {error} A worker may have run out of memory. Pass a new executor; "
        "one whose lost workers are replaced, such as Dask's or Ray's, goes on by itself."
    )


def lost(error: Exception) -> ExecutorError:
    """The error where work was lost too often."""
    return ExecutorError(
        f"work was lost {TRIES} times on the executor's workers, at last with {error!r:.200}. "
        "They may be short of memory: give them more, or run fewer on a host."
    )


def _unsent(error: Exception) -> ExecutorError:
    return ExecutorError(
        f"the work cannot be sent to the executor's workers: {error!r:.300}. Inputs travel by "
        "value, and a sandbox of your own must be picklable: define it in a module."
    )
