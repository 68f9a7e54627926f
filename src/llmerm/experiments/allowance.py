"""What is left of a budget."""

from __future__ import annotations

from llmerm.typing import Budget, Usage


def allowance(budget: Budget, spent: Usage) -> Budget:
    """The budget less what was spent, nothing below 0; no limit stays none.

    >>> allowance(Budget(calls=3), Usage(calls=1)).calls
    2
    """

    def rest(limit: float | None, used: float) -> float | None:
        return None if limit is None else max(0.0, limit - used)

    def whole(limit: int | None, used: int) -> int | None:
        return None if limit is None else max(0, limit - used)

    return Budget(
        usd=rest(budget.usd, spent.usd),
        tokens=whole(budget.tokens, spent.tokens),
        calls=whole(budget.calls, spent.calls),
        seconds=rest(budget.seconds, spent.seconds),
    )
