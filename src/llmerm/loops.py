"""Running a coroutine to its end, also where an event loop already runs, and what Ctrl-C does."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import threading
from collections.abc import Callable, Coroutine, Iterator, Sized
from concurrent.futures import Future
from contextvars import ContextVar, copy_context
from dataclasses import dataclass
from functools import wraps
from typing import Any, Generic, ParamSpec, TypeVar

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

_keeps: ContextVar[bool] = ContextVar("keeps", default=False)


def synchronous(
    name: str, work: Callable[Arguments, Coroutine[Any, Any, Result]], *, keeps: bool = False
) -> Callable[Arguments, Result]:
    """`work` as a plain function called `name`, with the same arguments and documentation.

    `keeps` is as in `blocking`.
    """

    @wraps(work)
    def call(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        return blocking(work(*args, **kwargs), keeps=keeps)

    call.__name__ = call.__qualname__ = name
    return call


def blocking(work: Coroutine[Any, Any, Result], *, keeps: bool = False) -> Result:
    """What `work` returns. An interrupt (Ctrl-C) cancels it, and waits for it to clean up.

    Where a person types and `keeps` is set, work that is `keeping` what it has done then returns
    that; a second interrupt ends this, too, and so does the next work of the same cell, as the
    person meant the whole of it. In a script an interrupt always ends in KeyboardInterrupt, so that
    a loop of fits can be stopped.
    """
    keeps = keeps and _a_person_types()
    if keeps and _interrupted.is_this_cell():
        work.close()
        raise KeyboardInterrupt
    context = copy_context()
    context.run(_keeps.set, keeps)
    return context.run(_in_a_thread if _loop_runs() else _here, work)


@dataclass
class Interruption:
    """Whether work was interrupted; true once it was."""

    happened: bool = False

    def __bool__(self) -> bool:
        return self.happened


@contextlib.contextmanager
def keeping(done: Sized) -> Iterator[Interruption]:
    """A block that Ctrl-C leaves without an error once anything is `done`, where a person types.

    Elsewhere, and where the task is cancelled by anything else, it is cancelled as any block is.
    """
    kept, interruption = _keeps.get(), Interruption()
    _keeps.set(False)  # tasks that this block starts are cancelled like any other
    try:
        yield interruption
    except asyncio.CancelledError:
        if not (kept and len(done)):
            raise
        interruption.happened = True
        _interrupted.note()
        if (task := asyncio.current_task()) is not None:
            task.uncancel()


class _Interrupted:
    """The notebook's cell in which an interrupt was last answered with a result."""

    def __init__(self) -> None:
        self._cell: int | None = None

    def note(self) -> None:
        """It is the one that runs."""
        self._cell = _cell()

    def is_this_cell(self) -> bool:
        """Whether it is the one that runs; true once, so that nothing is stopped for good."""
        if self._cell is None or self._cell != _cell():
            return False
        self._cell = None
        return True


_interrupted = _Interrupted()


def _cell() -> int | None:
    """The number of the cell that runs; None outside IPython."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    return None if shell is None else int(shell.execution_count)


def _a_person_types() -> bool:
    return hasattr(sys, "ps1")  # the prompt of a session; IPython and its kernels have one, too


def _loop_runs() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


class Works:
    """The `blocking` works of several threads, which another thread can end."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: set[tuple[asyncio.AbstractEventLoop, asyncio.Task[Any]]] = set()
        self._stopped = False

    def call(
        self,
        function: Callable[Arguments, Result],
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> Result:
        """What a function returns; works that it starts in this thread are ended by `stop`."""
        token = _works.set(self)
        try:
            return function(*args, **kwargs)
        finally:
            _works.reset(token)

    def stop(self) -> None:
        """Cancels what runs, and whatever is begun from now on."""
        with self._lock:
            self._stopped = True
            running = list(self._running)
        for loop, task in running:
            _cancel(loop, task)

    async def listed(self, work: Coroutine[Any, Any, Result]) -> Result:
        """What a work returns, which can be ended while it runs."""
        task = asyncio.ensure_future(work)
        mine = asyncio.get_running_loop(), task
        with self._lock:
            self._running.add(mine)
            if self._stopped:
                task.cancel()
        try:
            return await task
        finally:
            self._running.discard(mine)


_works: ContextVar[Works | None] = ContextVar("works", default=None)


def _here(work: Coroutine[Any, Any, Result]) -> Result:
    works = _works.get()
    with asyncio.Runner() as runner:
        return runner.run(work if works is None else works.listed(work))


class _Elsewhere(threading.Thread, Generic[Result]):
    """A thread with an event loop of its own, in which one task runs to its end."""

    def __init__(self, work: Coroutine[Any, Any, Result]) -> None:
        super().__init__(name="llmerm-fit")
        self.outcome: Future[Result] = Future()
        self._work = work
        self._setting = copy_context()
        self._task: Future[tuple[asyncio.AbstractEventLoop, asyncio.Task[Result]]] = Future()

    def run(self) -> None:
        try:
            self.outcome.set_result(self._setting.run(_here, self._announced()))
        except BaseException as error:  # raised again in the caller's thread
            self.outcome.set_exception(error)

    async def _announced(self) -> Result:
        task = asyncio.ensure_future(self._work)
        self._task.set_result((asyncio.get_running_loop(), task))
        return await task

    def cancel(self) -> None:
        _cancel(*self._task.result())


def _cancel(loop: asyncio.AbstractEventLoop, task: asyncio.Task[Any]) -> None:
    with contextlib.suppress(RuntimeError):  # the loop is closed: it has ended meanwhile
        loop.call_soon_threadsafe(task.cancel)


def _in_a_thread(work: Coroutine[Any, Any, Result]) -> Result:
    """A notebook's own loop is busy with this very call, so `work` gets one in another thread."""
    thread = _Elsewhere(work)
    thread.start()
    try:
        return thread.outcome.result()
    except KeyboardInterrupt as interrupt:
        return _kept(thread, interrupt)
    finally:
        thread.join()


def _kept(thread: _Elsewhere[Result], interrupt: KeyboardInterrupt) -> Result:
    """What the interrupted work returns all the same; the interrupt, if it returns nothing."""
    try:
        thread.cancel()
        return thread.outcome.result()
    except KeyboardInterrupt:
        thread.cancel()
        raise
    except asyncio.CancelledError:
        raise interrupt from None
