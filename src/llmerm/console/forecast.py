"""What a fit would ask and could cost, on the terminal."""

from __future__ import annotations

from rich.console import Console

from llmerm.console.text import plain
from llmerm.driver import Forecast


def print_forecast(console: Console, told: Forecast) -> None:
    """What a fit would ask and could cost."""
    console.print(plain(f"proposer {told.proposer} ({told.because})"), soft_wrap=True)
    if told.prompt is None:
        console.print("it asks no model and costs nothing")
        return
    console.print(plain(told.prompt), soft_wrap=True)
    usd = f"${told.most.usd:.4f}" if told.priced else "a price that is not known"
    console.print(
        f"at most {told.most.calls} calls, {told.most.tokens_in:,} tokens in (nothing cached), "
        f"{told.most.tokens_out:,} out: {usd}. Nothing was called.",
        soft_wrap=True,
    )
