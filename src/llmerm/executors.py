"""Executors of engines that have none of their own."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any, ParamSpec, TypeVar

from llmerm.errors import ArgumentError
from llmerm.extras import explained

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class RayExecutor(Executor):
    """Runs calls as tasks of the Ray cluster that `ray.init` has connected this process with.

    Ray repeats a task whose worker died. Shutting this down ends the taking of calls, not Ray.

    Args:
        **options: of the tasks, as in `ray.remote`: `num_cpus=1`, `resources={...}`, say.

    Raises:
        MissingExtraError: if Ray is not installed.
        ArgumentError: if this process is not connected with a cluster.

    >>> RayExecutor.__mro__[1].__name__
    'Executor'
    """

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - they are Ray's
        with explained("RayExecutor"):
            import ray
        if not ray.is_initialized():
            raise ArgumentError("Ray is not connected. Call `ray.init()` first.")
        task: Any = ray.remote(_call)
        self._task = task.options(**options) if options else task
        self._closed = False

    def submit(
        self, fn: Callable[Arguments, Result], /, *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> Future[Result]:
        """The call's result, once a worker of the cluster has it."""
        if self._closed:
            raise RuntimeError("cannot schedule new futures after shutdown")
        future: Future[Result] = self._task.remote(fn, args, kwargs).future()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Takes no more calls; those on their way end by themselves."""
        self._closed = True


def _call(fn: Callable[..., Result], args: tuple[object, ...], kwargs: dict[str, object]) -> Result:
    return fn(*args, **kwargs)
