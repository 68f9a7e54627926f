"""What all commands share: the two streams, errors in one line, JSON."""

from __future__ import annotations

import json
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Annotated, ParamSpec

import typer
from rich.console import Console

from llmerm.console.text import plain
from llmerm.errors import LlmermError, LlmermWarning
from llmerm.values import for_json

Arguments = ParamSpec("Arguments")

NOT_SO = 3
"""The exit code of a command that is done, and whose answer is no."""

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of a table.")]


def told(command: Callable[Arguments, None]) -> Callable[Arguments, None]:
    """The command with errors and warnings of the library in one line each, no traceback."""

    @wraps(command)
    def call(*args: Arguments.args, **kwargs: Arguments.kwargs) -> None:
        try:
            with _warnings_as_notes():
                command(*args, **kwargs)
        except LlmermError as error:
            err.print(f"[red]error:[/] {plain(str(error))}", soft_wrap=True)
            raise typer.Exit(1) from error
        except BrokenPipeError:
            raise  # who read the output has seen enough: typer ends quietly
        except OSError as error:
            err.print(f"[red]error:[/] {plain(str(error))}", soft_wrap=True)
            raise typer.Exit(1) from error
        except KeyboardInterrupt:
            err.print("interrupted")
            raise typer.Exit(130) from None

    return call


@contextmanager
def _warnings_as_notes() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("always", LlmermWarning)

        def show(message: Warning | str, *_: object, **__: object) -> None:
            err.print(f"[yellow]note:[/] {plain(str(message))}", soft_wrap=True)

        warnings.showwarning = show
        yield


def print_json(content: dict[str, object]) -> None:
    """One JSON object on standard output; None for each float that JSON cannot hold."""
    json.dump(for_json(content, lambda _: None), sys.stdout, indent=2, allow_nan=False)
    sys.stdout.write("\n")
