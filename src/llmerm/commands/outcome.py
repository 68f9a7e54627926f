"""How a command that has a result ends: files, what is shown, the exit code."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import typer

from llmerm.console.result import print_result, result_as_dict
from llmerm.result import FitResult
from llmerm.shell import NOT_SO, err, out, print_json
from llmerm.written import check_target


def check_files(*files: Path | None, overwrite: bool) -> None:
    """Refuses files that could not be written, before any work is done.

    Raises:
        ArgumentError: if a folder is missing, or a file is there and not to be replaced.
    """
    for file in files:
        if file is not None:
            check_target(file, overwrite=overwrite)


def keep(
    result: FitResult, export: Path | None, save: Path | None, *, overwrite: bool
) -> dict[str, str | None]:
    """Writes the files that were asked for; gives what was written."""
    written: dict[str, str | None] = {"exported": None, "saved": None}
    if save is not None:
        result.save(save, overwrite=overwrite)
        written["saved"] = str(save)
    if export is not None and result.chosen is not None:
        written["exported"] = str(result.export(export, overwrite=overwrite))
    return written


def show(result: FitResult, more: Mapping[str, object], *, json_: bool) -> None:
    """The result on standard output; what else there is to say beside it."""
    if json_:
        print_json({**result_as_dict(result), **more})
        return
    print_result(out, result)
    for name, value in more.items():
        if isinstance(value, str):
            err.print(f"{name}: {value}", soft_wrap=True, markup=False)


def leave_unless(holds: bool) -> None:
    """Ends the command with the exit code for "done, and it is not so"."""
    if not holds:
        raise typer.Exit(NOT_SO)
