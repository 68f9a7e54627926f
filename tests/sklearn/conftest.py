"""What the tests of the estimators share."""

from __future__ import annotations

import pytest


def pytest_collection_modifyitems(items):
    """The samples are few on purpose, which the library remarks on in each fit."""
    few = pytest.mark.filterwarnings("ignore:held-out samples are few:llmerm.errors.LlmermWarning")
    for item in items:
        if item.path.parent.name == "sklearn":
            item.add_marker(few)
