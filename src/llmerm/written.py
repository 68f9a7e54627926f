"""Text files that are written whole or not at all, and never over another by accident."""

from __future__ import annotations

import os
import threading
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
    if os.path.isdir(target):
        raise ArgumentError(f"{target} is a folder. Pass the path of a file in it.")
    if not os.path.isdir(target.parent):
        raise ArgumentError(
            f"{target} cannot be written: there is no folder {target.parent}. Make it first."
        )
    if not os.access(target.parent, os.W_OK):
        raise ArgumentError(f"{target} cannot be written: {target.parent} is not yours to write.")
    if os.path.lexists(target) and not overwrite:
        raise ArgumentError(f"{target} exists. To replace it pass overwrite=True (--overwrite).")
    return target


def write(path: str | os.PathLike[str], text: str, *, overwrite: bool = False) -> Path:
    """Puts the text (UTF-8) at `path` in one step, so that no reader finds half a file.

    Raises:
        ArgumentError: if it cannot be written, or something is there and `overwrite` is false.
    """
    target = check_target(path, overwrite=overwrite)
    part = target.parent / f".llmerm-{os.getpid()}-{threading.get_ident()}.part"
    try:
        part.write_text(text, encoding="utf-8", newline="\n")
        part.replace(target)
    except (OSError, ValueError) as error:  # ValueError: a null byte in the path
        part.unlink(missing_ok=True)
        why = getattr(error, "strerror", None) or error
        raise ArgumentError(
            f"{str(target)!r:.200} cannot be written: {why}. Choose another path."
        ) from error
    return target
