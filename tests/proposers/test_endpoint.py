"""Endpoints: what may be shown, which machine it is, where the key comes from."""

from __future__ import annotations

import pytest

from llmerm.errors import ArgumentError
from llmerm.proposers.endpoint import Endpoint
from llmerm.proposers.model import Fault


@pytest.mark.parametrize(
    ("url", "own"),
    [
        ("http://127.0.0.1:8000/v1", True),
        ("http://127.9.9.9/v1", True),
        ("http://[::1]:8000/v1", True),
        ("http://localhost:11434/v1", True),
        ("http://api.localhost/v1", True),
        ("https://api.openai.com/v1", False),
        ("http://127.0.0.1.evil.example/v1", False),
        ("http://localhost.evil.example/v1", False),
        ("http://10.0.0.1/v1", False),
        ("http://127.0.0.1@evil.example/v1", False),
    ],
)
def test_what_is_on_this_machine(url, own):
    """A host's name is not guessed at from its beginning."""
    assert Endpoint(url, "X").is_loopback is own


def test_only_what_is_not_secret_is_shown():
    """User, password, query and fragment are left out; a repr has no URL at all."""
    endpoint = Endpoint("https://me:word@host.example:8443/v1?token=t0ken#x", "X", "the-key")
    assert endpoint.shown == "https://host.example:8443/v1"
    assert "word" not in repr(endpoint)
    assert "the-key" not in repr(endpoint)
    said = endpoint.redacted(
        "me:word the-key t0ken sk-proj-abc123*** Bearer xyz.abc Basic bWU6d29yZA=="
    )
    for secret in ("word", "the-key", "t0ken", "abc123", "xyz", "bWU6"):
        assert secret not in said


def test_where_the_key_comes_from(monkeypatch):
    """What is passed, else the variable; on this machine none is needed."""
    monkeypatch.delenv("X_KEY", raising=False)
    assert Endpoint("http://127.0.0.1/v1", "X_KEY").key() == "none"
    with pytest.raises(Fault, match="X_KEY"):
        Endpoint("https://host.example/v1", "X_KEY").key()
    monkeypatch.setenv("X_KEY", "from the environment")
    assert Endpoint("https://host.example/v1", "X_KEY").key() == "from the environment"
    assert Endpoint("https://host.example/v1", "X_KEY", "passed").key() == "passed"


@pytest.mark.parametrize(
    "url", ["", "host.example", "ftp://host.example", "http://", "https:///v1"]
)
def test_what_is_no_url_is_refused(url):
    """At once, with an example."""
    with pytest.raises(ArgumentError, match="base_url"):
        Endpoint(url, "X")


def test_a_key_that_is_no_text_has_an_identity_too():
    """An environment may hold any bytes; the error that it is no key comes from the call."""
    here = "http://127.0.0.1:1"
    known = {Endpoint(here, "KEY", key).identity for key in ("sk-a\udc80", "sk-a\udc81", "sk-a")}
    assert len(known) == 3
