"""The packages beyond the standard library that a user lets candidates import."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from importlib import metadata
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import find_spec

from llmerm.errors import ArgumentError
from llmerm.sandbox.modules import MODULES


def checked(names: Iterable[str]) -> tuple[str, ...]:
    """`names` in order, each once, without what every candidate may import anyway.

    Args:
        names: packages, or modules in them, that are installed where this runs.

    Raises:
        ArgumentError: if one is not installed, or can have no use inside a sandbox.

    >>> checked(["numpy", "math", "numpy"])
    ('numpy',)
    """
    if isinstance(names, str):
        raise ArgumentError(f"`allow` must be several names, got {names!r}: allow=({names!r},).")
    return tuple(dict.fromkeys(name for name in names if not _is_known(name)))


def _is_known(name: str) -> bool:
    """Whether it may be imported anyway; raises for what cannot be allowed."""
    _folders(name)
    return name in MODULES


def folders(names: Iterable[str]) -> tuple[str, ...]:
    """The folders that these are imported from, as absolute paths.

    Raises:
        ArgumentError: as `checked` does.
    """
    return tuple(dict.fromkeys(folder for name in names for folder in _folders(name)))


def _folders(name: str) -> list[str]:
    parts = name.split(".") if isinstance(name, str) else [""]
    if not all(part.isidentifier() for part in parts):
        raise ArgumentError(f"`allow` names {name!r:.60}, expected a module such as 'numpy'.")
    if parts[0] in sys.stdlib_module_names:
        return _of_the_standard_library(name)
    if parts[0] == "llmerm":
        raise ArgumentError("`allow` names llmerm itself, which no program may import.")
    return _found(parts)


def _of_the_standard_library(name: str) -> list[str]:
    if name in MODULES:
        return []
    raise ArgumentError(
        f"`allow` names {name!r}, which is of the standard library. Of that, programs may import "
        "what `sandbox.modules` lists; the rest is there to reach files, sockets or processes. "
        "Name packages such as 'numpy'."
    )


def _found(parts: list[str]) -> list[str]:
    spec = first = _spec(parts[0], None)
    for end in range(2, len(parts) + 1):
        locations = None if spec is None else spec.submodule_search_locations
        spec = None if locations is None else _spec(".".join(parts[:end]), [*locations])
    if spec is None or first is None:
        raise ArgumentError(
            f"`allow` names {'.'.join(parts)!r}, which is not installed for {sys.executable}. "
            f"Install it (pip install {parts[0]}), or leave it out."
        )
    files = first.submodule_search_locations or [first.origin or ""]
    return [os.path.dirname(os.path.abspath(file)) for file in files]


def _spec(name: str, locations: list[str] | None) -> ModuleSpec | None:
    if locations is not None:
        return PathFinder.find_spec(name, locations)
    try:
        return find_spec(name)
    except ValueError:  # a module without a specification, as some tools leave it behind
        return None


def versions(names: Iterable[str]) -> str:
    """The packages with their versions, as one short line.

    >>> versions(["numpy.linalg"]).startswith("numpy.linalg ")
    True
    """
    return ", ".join(f"{name} {_version(name)}".strip() for name in names)


def _version(name: str) -> str:
    try:
        return metadata.version(name.partition(".")[0])
    except metadata.PackageNotFoundError:  # a distribution of another name, or none
        return ""
