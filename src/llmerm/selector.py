"""Empirical risk minimisation: which candidate to keep."""

from __future__ import annotations

from collections.abc import Sequence

from llmerm.typing import Scored, Verdict


def select(verdicts: Sequence[Verdict]) -> int | None:
    """The index of the candidate with the least empirical risk, or None if none was scored.

    Least held-out error, then train error, then description length, then draw order. The
    signature sees verdicts alone: neither sources nor test data can sway it.

    >>> select([Scored(0.0, 0.5, 10), Scored(0.1, 0.0, 90), Scored(0.1, 0.0, 80)])
    2
    """
    return next(iter(ranked(verdicts)), None)


def ranked(verdicts: Sequence[Verdict]) -> list[int]:
    """The indices of those that have scores, the one to keep first.

    >>> from llmerm.typing import Failed
    >>> ranked([Scored(0.0, 0.5, 10), Failed("timeout"), Scored(0.0, 0.0, 90)])
    [2, 0]
    """
    ranks = [
        (_rank(verdict), i) for i, verdict in enumerate(verdicts) if isinstance(verdict, Scored)
    ]
    return [i for _, i in sorted(ranks)]


def _rank(verdict: Scored) -> tuple[float, float, float]:
    return verdict.held_out_error or 0.0, verdict.train_error or 0.0, verdict.bits
