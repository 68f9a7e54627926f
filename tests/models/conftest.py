"""A stub of the hosted APIs, models that speak to it, and no key but its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from llmerm.proposers import calling
from llmerm.proposers.anthropic import Anthropic
from llmerm.proposers.model import Model
from llmerm.proposers.openai import OpenAI

from .stub import KEY, Step, Stub

NAMES = {"chat": "gpt-4o", "responses": "gpt-5", "messages": "claude-opus-5-5"}


def model_at(stub: Stub, api: str, name: str | None = None, **options) -> Model:
    """A model of the library that speaks one of the three APIs to the stub."""
    options = {"api_key": KEY, **options}
    name = name or NAMES[api]
    if api == "messages":
        return Anthropic(name, base_url=stub.root, **options)
    if api == "chat":
        options.setdefault("replies_per_call", 1)
    return OpenAI(name, base_url=stub.url, api=api, **options)


@pytest.fixture(params=NAMES)
def api(request: pytest.FixtureRequest) -> str:
    """Each of the three APIs."""
    return str(request.param)


@pytest.fixture
def stub() -> Iterator[Callable[..., Stub]]:
    """Starts stubs that end with the test."""
    started: list[Stub] = []

    def start(*steps: Step, **options) -> Stub:
        started.append(Stub(steps, **options).__enter__())
        return started[-1]

    yield start
    for one in started:
        one.__exit__()


@pytest.fixture(autouse=True)
def no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test finds a key or a server of the one who runs it."""
    for name in ("OPENAI", "ANTHROPIC"):
        monkeypatch.delenv(f"{name}_API_KEY", raising=False)
        monkeypatch.delenv(f"{name}_BASE_URL", raising=False)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Backs off at once, so that only the servers' own waits take time."""
    monkeypatch.setattr(calling, "BACKOFF", lambda state: 0.0)
