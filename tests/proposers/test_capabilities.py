"""The table of families: every model that the SDKs name finds its own."""

from __future__ import annotations

import re
from typing import get_args

import pytest
from anthropic.types.model import Model as AnthropicModel
from openai.types.shared.chat_model import ChatModel

from llmerm.proposers import anthropic, openai
from llmerm.proposers.capabilities import FAMILIES, UNKNOWN, capability
from llmerm.proposers.pricing import price_of

CLAUDES = get_args(get_args(AnthropicModel)[0])
GPTS = [
    name for name in get_args(ChatModel) if not re.search("audio|search|codex-mini|chatgpt", name)
]


@pytest.mark.parametrize("name", [*CLAUDES, *GPTS])
def test_models_that_the_sdks_name_are_known(name):
    """Each is in a family."""
    assert capability(name) is not UNKNOWN


@pytest.mark.parametrize(
    ("name", "efforts"),
    [
        ("gpt-5.1", ("none", "low", "medium", "high")),
        ("gpt-5", ("minimal", "low", "medium", "high")),
        ("gpt-5-mini-2025-08-07", ("minimal", "low", "medium", "high")),
        ("gpt-5.1-codex-max", ("low", "medium", "high", "xhigh")),
        ("gpt-5.4-mini", ("none", "low", "medium", "high", "xhigh")),
        ("gpt-5.6-sol", ("none", "low", "medium", "high", "xhigh", "max")),
        ("gpt-6.1-sol", ("low", "medium", "high", "xhigh", "max")),
        ("gpt-5-pro", ("high",)),
        ("o4-mini-2025-04-16", ("low", "medium", "high")),
        ("gpt-4o", ()),
    ],
)
def test_efforts_as_documented(name, efforts):
    """What the provider's pages say of each family."""
    assert capability(name).efforts == efforts


@pytest.mark.parametrize(
    ("name", "thinking", "least"),
    [
        ("claude-opus-5-5", "adaptive", 512),
        ("claude-sonnet-4-6", "adaptive", 2048),
        ("claude-opus-4-5-20251101", "budget", 4096),
        ("claude-haiku-4-5", "budget", 4096),
        ("claude-sonnet-4-20250514", "budget", 1024),
        ("claude-3-5-sonnet-20241022", "none", 2048),
    ],
)
def test_thinking_as_documented(name, thinking, least):
    """How each family thinks, and the least prompt that is cached for it."""
    assert (capability(name).thinking, capability(name).cached_from) == (thinking, least)


def test_a_name_of_no_family_gets_nothing_unasked():
    """Neither structured output nor marks of a cache."""
    able = capability("qwen3-coder")
    assert able == UNKNOWN
    assert not able.structured
    assert not able.marks


def test_no_family_hides_another():
    """Every pattern is the first one for some name, or it would never be used."""
    names = [
        *CLAUDES,
        *GPTS,
        "gpt-5-pro",
        "gpt-5.1-codex-max",
        "claude-3-opus",
        "claude-sonnet-4-0",
    ]
    used = {
        next(p for p, _ in FAMILIES if re.match(p, n)) for n in names if capability(n) != UNKNOWN
    }
    assert used == {pattern for pattern, _ in FAMILIES}


def test_the_default_models_are_known_and_priced():
    """So that a budget in dollars can be held without naming one."""
    for module in (openai, anthropic):
        assert capability(module.DEFAULT_MODEL) is not UNKNOWN
        assert price_of(module.DEFAULT_URL, module.DEFAULT_MODEL) is not None
