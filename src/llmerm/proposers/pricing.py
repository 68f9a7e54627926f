"""What tokens cost, in US dollars: from prices that ship with a package, never from the network."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

from llmerm.typing import Usage

if TYPE_CHECKING:
    from decimal import Decimal

    from genai_prices.types import ModelPrice, TieredPrices


@dataclass(frozen=True, slots=True)
class Price:
    """What a model costs, in US dollars per million tokens.

    Args:
        input: for tokens in.
        output: for tokens out, those of reasoning included.
        cached: for tokens read from the provider's prompt cache; None is as `input`.
        written: for tokens put into that cache; None is as `input`.
        long_from: prompts of more tokens than this have the price `long`.
        long: the price of calls with such prompts.

    >>> Price(2.0, 10.0, cached=0.2).of(Usage(tokens_in=1_000_000, tokens_cached=500_000))
    1.1
    """

    input: float
    output: float
    cached: float | None = None
    written: float | None = None
    long_from: int | None = None
    long: Price | None = None

    def of(self, usage: Usage, prompt: int | None = None) -> float:
        """The dollars for what was used.

        Args:
            usage: cached and written tokens are parts of those in.
            prompt: tokens in of the whole call, where `usage` is a part of it.
        """
        length = usage.tokens_in if prompt is None else prompt
        if self.long is not None and self.long_from is not None and length > self.long_from:
            return self.long.of(usage)
        cached = self.input if self.cached is None else self.cached
        written = self.input if self.written is None else self.written
        plain = usage.tokens_in - usage.tokens_cached - usage.tokens_written
        dollars = plain * self.input + usage.tokens_cached * cached
        return (dollars + usage.tokens_written * written + usage.tokens_out * self.output) / 1e6

    def most(self, tokens_in: int, tokens_out: int) -> float:
        """The most that a call can cost: nothing is read from the cache, all is put into it."""
        dear = max(self.input, self.written or 0.0)
        flat = (tokens_in * dear + tokens_out * self.output) / 1e6
        if self.long is None or self.long_from is None or tokens_in <= self.long_from:
            return flat
        return max(flat, self.long.most(tokens_in, tokens_out))


FREE = Price(0.0, 0.0)
"""The price of a server of one's own."""


@cache
def price_of(url: str, model: str) -> Price | None:
    """The price of a model at an API, or None where it is not known.

    Args:
        url: the API's base URL: it tells the provider, as names of models are shared.
        model: the model's name there.

    >>> price_of("https://api.openai.com/v1", "no-such-model") is None
    True
    """
    from genai_prices import data_snapshot

    try:
        _, found = data_snapshot.get_snapshot().find_provider_model(model, None, None, url)
    except LookupError:
        return None
    rates = found.get_prices(datetime.now(UTC))
    starts = [tier.start for rate in vars(rates).values() for tier in getattr(rate, "tiers", ())]
    return _price(rates, min(starts, default=None))


def _price(rates: ModelPrice, long_from: int | None) -> Price | None:
    dear = None if long_from is None else _flat(rates, tier=True)
    flat = _flat(rates, tier=False)
    if flat is None or dear is None:
        return flat
    return Price(flat.input, flat.output, flat.cached, flat.written, long_from, dear)


def _flat(rates: ModelPrice, *, tier: bool) -> Price | None:
    names = ("input_mtok", "output_mtok", "cache_read_mtok", "cache_write_mtok")
    dear, out, cached, written = (_rate(getattr(rates, name, None), tier) for name in names)
    return None if dear is None or out is None else Price(dear, out, cached, written)


def _rate(rate: Decimal | TieredPrices | None, tier: bool) -> float | None:
    """A rate as it is, or that of its dearest tier."""
    from genai_prices.types import TieredPrices

    if isinstance(rate, TieredPrices):
        return float(max(step.price for step in rate.tiers) if tier else rate.base)
    return None if rate is None else float(rate)
