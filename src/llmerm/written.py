"""Text files that are written whole or not at all, and never over another by accident."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from llmerm.errors import ArgumentError


def check_target(path: str | os.PathLike[str], *, overwrite: bool = False) -> Path:
    """The path, once it is clear that a file can be put there.

    Raises:
        ArgumentError: if its folder is missing or cannot be written, or something is there already.

    >>> check_target("no-such-folder/rule.py")
    Traceback (most recent call last):
    ...
    llmerm.errors.ArgumentError: no-such-folder/rule.py cannot be written: there is no folder ...
    """
    target = Path(path)
    if target.is_dir():
        raise ArgumentError(f"{target} is a folder. Pass the path of a file in it.")
    if not target.parent.is_dir():
        raise ArgumentError(
            f"{target} cannot be written: there is no folder {target.parent}. Make it first."
        )
    if not os.access(target.parent, os.W_OK):
        raise ArgumentError(f"{target} cannot be written: {target.parent} is not yours to write.")
    if target.exists() and not overwrite:
        raise ArgumentError(f"{target} exists. To replace it pass overwrite=True (--overwrite).")
    return target


def write(path: str | os.PathLike[str], text: str, *, overwrite: bool = False) -> Path:
    """Puts the text (UTF-8) at `path` in one step, so that no reader finds half a file.

    Raises:
        ArgumentError: if it cannot be written, or something is there and `overwrite` is false.
    """
    target = check_target(path, overwrite=overwrite)
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", newline="\n", dir=target.parent, delete=False
        ) as part:
            part.write(text)
        _let_others_read(part.name)
        os.replace(part.name, target)
    except OSError as error:
        raise ArgumentError(
            f"{target} cannot be written: {error.strerror}. Choose another path."
        ) from error
    return target


def _let_others_read(path: str) -> None:
    """The rights that a file made with `open` has; a temporary file is for its owner alone."""
    mask = os.umask(0)
    os.umask(mask)
    os.chmod(path, 0o666 & ~mask)
