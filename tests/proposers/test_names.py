"""What `llmerm.proposers` offers, and how names become proposers."""

from __future__ import annotations

import pytest

from llmerm import proposers
from llmerm.proposers import ModelProposer, OpenAI, resolve
from llmerm.proposers.mixture import MixtureProposer


def test_every_name_is_there():
    """And loaded from where it lives."""
    for name in proposers.__all__:
        assert getattr(proposers, name).__name__ == name
    with pytest.raises(AttributeError, match="no attribute 'Opneai'"):
        _ = proposers.Opneai


def test_a_model_by_name_or_as_an_object_is_asked_in_the_common_way():
    """`openai:MODEL` and `OpenAI("MODEL")` are one proposer."""
    named = resolve("openai:gpt-5").proposer
    passed = resolve(OpenAI("gpt-5")).proposer
    assert isinstance(named, ModelProposer)
    assert (named.name, named.parameters) == (passed.name, passed.parameters)


def test_a_list_is_a_mixture():
    """Of names, models and proposers alike."""
    mixture = resolve(["enumerate", OpenAI("gpt-5")]).proposer
    assert isinstance(mixture, MixtureProposer)
    assert mixture.name == "enumerate+openai:gpt-5"


def test_auto_takes_the_provider_whose_key_is_set(monkeypatch):
    """And says which key that was; with none it searches."""
    for key in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY"):
        monkeypatch.delenv(key, raising=False)
    assert resolve("auto").proposer.name == "enumerate"
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-none")
    chosen = resolve("auto")
    assert chosen.proposer.name.startswith("anthropic:")
    assert chosen.because == "auto: ANTHROPIC_API_KEY is set"
