"""Where figures come from: versions, the platform, what the sandbox enforces."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version

from llmerm.sandbox import default
from llmerm.version import __version__

_MATTER = ("numpy", "scikit-learn", "xgboost", "torch", "gplearn", "matplotlib")


def provenance() -> dict[str, str]:
    """What decides the outcomes beside the cells themselves, by name.

    >>> "python" in provenance()
    True
    """
    found = {"llmerm": __version__, "python": platform.python_version()}
    for name in _MATTER:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return {**found, "platform": platform.platform(), "sandbox": default().isolation}
