"""Running a coroutine to its end, also where an event loop already runs."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from functools import wraps
from typing import Any, ParamSpec, TypeVar

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


def synchronous(
    name: str, work: Callable[Arguments, Coroutine[Any, Any, Result]]
) -> Callable[Arguments, Result]:
    """`work` as a plain function called `name`, with the same arguments and documentation."""

    @wraps(work)
    def call(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        return blocking(work(*args, **kwargs))

    call.__name__ = call.__qualname__ = name
    return call


def blocking(work: Coroutine[Any, Any, Result]) -> Result:
    """What `work` returns. An interrupt (Ctrl-C) cancels it, and waits for it to clean up."""
    return _in_a_thread(work) if _loop_runs() else asyncio.run(work)


def _loop_runs() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def _in_a_thread(work: Coroutine[Any, Any, Result]) -> Result:
    """A notebook's own loop is busy with this very call, so `work` gets one in another thread."""
    started: Future[tuple[asyncio.AbstractEventLoop, asyncio.Task[Result]]] = Future()
    outcome: Future[Result] = Future()

    async def announced() -> Result:
        task = asyncio.ensure_future(work)
        started.set_result((asyncio.get_running_loop(), task))
        return await task

    def main() -> None:
        try:
            outcome.set_result(asyncio.run(announced()))
        except BaseException as error:  # raised again in the caller's thread
            outcome.set_exception(error)

    thread = threading.Thread(target=main, name="llmerm-fit")
    thread.start()
    try:
        return outcome.result()
    except KeyboardInterrupt:
        loop, task = started.result()
        if thread.is_alive():
            loop.call_soon_threadsafe(task.cancel)
        raise
    finally:
        thread.join()
