"""What a notebook shows of a bound on an error."""

from __future__ import annotations

from collections.abc import Mapping

from llmerm.views.bar import Estimate
from llmerm.views.card import card, line, scale
from llmerm.views.table import facts


def certificate_card(
    told: str, *, mean: float, bound: float | None, known: Mapping[str, str]
) -> str:
    """What a notebook shows of a certificate: its sentence, the bound on a line, what it rests on.

    Args:
        told: the certificate in a sentence.
        mean: the mean loss that was measured.
        bound: the error is at most this; None where nothing can be said.
        known: what else there is to know, by name.

    >>> "<circle" in certificate_card("at most 5%", mean=0.0, bound=0.05, known={})
    True
    """
    if bound is None:
        return card(told, badge="certificate")
    estimate = Estimate(value=mean, bound=bound)
    words = f"dot: measured {mean:.4g}; band: certified at most {bound:.4g}"
    parts = [scale(estimate, top=estimate.reach, told=words)] if estimate.reach > 0 else []
    return card(
        f"at most {bound:.4g}",
        *parts,
        line(told),
        facts(known.items()),
        badge="certificate",
        tone="good",
    )
