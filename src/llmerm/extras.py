"""Optional packages: which extra brings them, said where one is missing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec

from llmerm.errors import MissingExtraError

_EXTRAS = {
    "gplearn": "gplearn",
    "ray": "ray",
    "sklearn": "sklearn",
    "sympy": "sympy",
    "threadpoolctl": "sklearn",
    "torch": "torch",
    "xgboost": "xgboost",
}
"""The extra that brings a module, by the module's name."""


def is_installed(package: str) -> bool:
    """Whether a package can be imported; it is looked for, and not loaded.

    >>> is_installed("json")
    True
    """
    try:
        return find_spec(package) is not None
    except (ModuleNotFoundError, ValueError):
        return False


@contextmanager
def explained(user: str) -> Iterator[None]:
    """Within it, the import of a missing optional package is told as what to install.

    Args:
        user: what needs it, in words, such as "the baseline 'mlp'".

    Raises:
        MissingExtraError: with the command that installs it.

    >>> with explained("this example"):
    ...     import math
    """
    try:
        yield
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if package not in _EXTRAS:
            raise
        raise MissingExtraError(user, package, _EXTRAS[package]) from error
