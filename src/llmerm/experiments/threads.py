"""Threads of this process to measure cells in, which end with an interrupt."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Any, final

from llmerm.loops import Works


@final
class Threads(ThreadPoolExecutor):
    """Threads that are cancelled, not waited for, where their block ends in an error.

    Args:
        count: how many, at most.

    >>> with Threads(2) as threads:
    ...     threads.submit(pow, 2, 5).result()
    32
    """

    def __init__(self, count: int) -> None:
        super().__init__(count, thread_name_prefix="llmerm-cell")
        self._works = Works()

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:  # noqa: ANN401 - as in the base
        """The call's result, once a thread has made it."""
        return super().submit(self._works.call, fn, *args, **kwargs)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is not None:
            self.shutdown(wait=False, cancel_futures=True)  # first what waits, or it would begin
            self._works.stop()
        self.shutdown()
