"""What several tests share: real parts, small data."""

from __future__ import annotations

import hypothesis
import pytest

import llmerm
from llmerm.samples import Samples

hypothesis.settings.register_profile(
    "busy machine", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("busy machine")


@pytest.fixture
def odd() -> Samples:
    """Eighty integers, labelled 1 where odd."""
    return Samples.of([(i, i % 2) for i in range(80)])


@pytest.fixture(scope="session")
def box() -> llmerm.sandbox.Sandbox:
    """The best sandbox that this host offers."""
    return llmerm.sandbox.default()
