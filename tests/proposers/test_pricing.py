"""Prices: arithmetic, published ones, bounds."""

from __future__ import annotations

import pytest
from genai_prices import Usage as TheirUsage
from genai_prices import calc_price
from hypothesis import given
from hypothesis import strategies as st

from llmerm.proposers.pricing import Price, price_of
from llmerm.typing import Usage

OPENAI, ANTHROPIC = "https://api.openai.com/v1", "https://api.anthropic.com"


@pytest.mark.parametrize(
    ("url", "model"),
    [
        (OPENAI, "gpt-5"),
        (OPENAI, "gpt-5-mini-2025-08-07"),
        (OPENAI, "gpt-6.1-sol"),
        (OPENAI, "gpt-5.6-luna"),
        (ANTHROPIC, "claude-sonnet-5-5"),
        (ANTHROPIC, "claude-opus-4-5-20251101"),
        (ANTHROPIC, "claude-haiku-5-5"),
        (ANTHROPIC, "claude-opus-4-6"),
    ],
)
@pytest.mark.parametrize("tokens_in", [5_000, 500_000])
def test_a_published_price_is_what_the_tables_say(url, model, tokens_in):
    """The same dollars as the package that holds the tables computes, long prompts included."""
    usage = Usage(
        1, tokens_in, tokens_cached=tokens_in // 2, tokens_written=tokens_in // 4, tokens_out=700
    )
    price = price_of(url, model)
    if price.written is None:
        usage = Usage(1, tokens_in, tokens_cached=tokens_in // 2, tokens_out=700)
    theirs = TheirUsage(
        input_tokens=usage.tokens_in,
        cache_read_tokens=usage.tokens_cached,
        cache_write_tokens=usage.tokens_written,
        output_tokens=usage.tokens_out,
    )
    assert price.of(usage) == pytest.approx(
        float(calc_price(theirs, model, provider_api_url=url).total_price)
    )


def test_a_model_or_a_server_that_is_not_in_the_tables_has_no_price():
    """And no guess is made from another provider's model of that name."""
    assert price_of(OPENAI, "nothing-like-it") is None
    assert price_of("https://gpu.example.org/v1", "gpt-5") is None


counts = st.integers(0, 10**6)
rates = st.floats(0, 100)


@given(counts, counts, counts, counts, rates, rates, rates, rates)
def test_the_bound_holds(plain, cached, written, out, dear, output, cheap, write):
    """Whatever part of a prompt is cached or written, it costs no more than `most`."""
    price = Price(dear, output, cached=min(dear, cheap), written=write)
    usage = Usage(1, plain + cached + written, cached, written, out)
    assert price.of(usage) <= price.most(usage.tokens_in, out) * (1 + 1e-9) + 1e-12


def test_a_part_of_a_call_has_the_price_of_the_whole_prompt():
    """Tokens out of a long call cost what long calls cost, whoever bears the prompt."""
    price = Price(1.0, 1.0, long_from=1000, long=Price(2.0, 2.0))
    assert price.of(Usage(tokens_out=10), prompt=2000) == pytest.approx(20e-6)
    assert price.of(Usage(tokens_out=10), prompt=1000) == pytest.approx(10e-6)
