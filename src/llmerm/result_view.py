"""What a notebook shows of a fit: the program, how wrong it can be, the candidates, the origin."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Literal, Protocol

from llmerm.audit import Finding
from llmerm.candidate import Candidate, priced, share
from llmerm.certificates import Certificate, interval
from llmerm.losses import Loss
from llmerm.meter import spent
from llmerm.provenance import Provenance
from llmerm.selector import ranked
from llmerm.typing import Failed, Scored, Usage
from llmerm.views.bar import Estimate, bar
from llmerm.views.card import Tone, card, folded, line, note, scale
from llmerm.views.code import code
from llmerm.views.table import facts, table
from llmerm.views.text import html

ROWS = 20
"""How many candidates are shown; all of them are in `result.candidates`."""

_TONES: dict[str, Tone] = {"verified": "good", "best_effort": "fair", "abstained": "poor"}


class _Result(Protocol):
    """What is shown of a `FitResult`."""

    @property
    def status(self) -> Literal["verified", "best_effort", "abstained"]: ...
    @property
    def candidates(self) -> Sequence[Candidate]: ...
    @property
    def chosen(self) -> int | None: ...
    @property
    def certificate(self) -> Certificate: ...
    @property
    def chance_error(self) -> float: ...
    @property
    def audit(self) -> Sequence[Finding]: ...
    @property
    def provenance(self) -> Provenance: ...
    @property
    def usage(self) -> Usage: ...
    @property
    def stopped(self) -> str: ...
    @property
    def loss(self) -> Loss: ...


def view(result: _Result, *, headline: str) -> str:
    """The result as a card for a notebook.

    Args:
        result: what to show.
        headline: what became of the fit in a sentence, without the status.
    """
    parts = [note(str(finding)) for finding in result.audit]
    parts += [] if result.chosen is None else _best(result, result.candidates[result.chosen])
    parts.append(line(str(result.certificate)))
    title = f"{_counted(result.candidates)}, {result.stopped}"
    parts.append(folded(title, _candidates(result), open_=True))
    parts.append(folded("where it comes from", facts(_origin(result))))
    badge = result.status.replace("_", " ")
    return card(headline, *parts, badge=badge, tone=_TONES[result.status])


def _best(result: _Result, best: Candidate) -> Iterator[str]:
    if result.status == "abstained":
        yield line("The best candidate, not shown to beat a constant:")
    yield code(best.source)
    estimate = _estimate(result, best)
    if (top := _top(result)) > 0:
        yield scale(estimate, top=top, told=_told(result, best, estimate))


def _estimate(result: _Result, best: Candidate) -> Estimate:
    bound = result.certificate.bound
    return Estimate(
        value=best.train_error if best.held_out_error is None else best.held_out_error,
        interval=_interval(result, best),
        bound=bound if result.certificate.method != "none" and math.isfinite(bound) else None,
        mark=result.chance_error,
    )


def _top(result: _Result) -> float:
    """The end of the scale: all that is known of the chosen program is on it."""
    if result.chosen is None:
        return result.chance_error
    return _estimate(result, result.candidates[result.chosen]).reach


def _interval(result: _Result, candidate: Candidate) -> tuple[float, float] | None:
    """The exact interval of a held-out error that counts; of this program alone."""
    error, m = candidate.held_out_error, result.provenance.held_out
    if error is None or not result.loss.wrong:
        return None
    return interval(round(error * m), m, delta=1 - result.certificate.confidence)


def _told(result: _Result, best: Candidate, shown: Estimate) -> str:
    part = "train" if best.held_out_error is None else "held-out"
    told = [f"dot: {part} error {share(shown.value)}"]
    if shown.interval is not None:
        low, high = shown.interval
        sure = f"{100 * result.certificate.confidence:.4g} %"
        told.append(f"bar: its exact {sure} interval by itself, {low:.3g} to {high:.3g}")
    if shown.bound is not None:
        told.append(f"band: certified at most {shown.bound:.3g}")
    told.append(f"dashes: the best constant, {share(shown.mark)}")
    return "; ".join(told)


def _counted(candidates: Sequence[Candidate]) -> str:
    """How many candidates there are, with and without scores."""
    kinds = Counter(
        c.verdict.reason if isinstance(c.verdict, Failed) else "scored" for c in candidates
    )
    told = ", ".join(f"{count:,} {kind}" for kind, count in kinds.most_common())
    return f"{len(candidates):,} candidate{'s' * (len(candidates) != 1)} ({told})"


def _candidates(result: _Result) -> str:
    """The candidates in the order of selection, each program once; then those without scores."""
    order = ranked(priced(result.candidates))
    best_first = [result.candidates[i] for i in order]
    best_first += [c for c in result.candidates if not isinstance(c.verdict, Scored)]
    times = Counter(map(_same, best_first))
    shown: dict[tuple[str, str], Candidate] = {}
    for one in best_first:
        shown.setdefault(_same(one), one)
    top = _top(result)
    cells = [
        _row(one, _measured(result, one, top), remarks=_remarks(result, one, times[same]))
        for same, one in islice(shown.items(), ROWS)
    ]
    heads = ("draw", "held-out error", "train error", "bits", "program", "remark")
    left = len(best_first) - sum(times[same] for same in islice(shown, ROWS))
    more = note(f"{left:,} more: result.candidates") if left else ""
    return f'<div class="llmerm-rows">{table(heads, cells)}</div>{more}'


def _same(candidate: Candidate) -> tuple[str, str]:
    return candidate.source, candidate.reason


def _measured(result: _Result, candidate: Candidate, top: float) -> str:
    """The held-out error as a number, and as a picture on the scale of the chosen program."""
    error = candidate.held_out_error
    if error is None or top <= 0:
        return _number(error)
    told = f"held-out error {share(error)}, on a line from 0 to {top:.3g}"
    picture = bar(Estimate(error, _interval(result, candidate)), top=top, told=told)
    return f'<div class="llmerm-measured"><span>{_number(error)}</span>{picture}</div>'


def _row(candidate: Candidate, measured: str, *, remarks: Iterator[str]) -> tuple[str, ...]:
    bits = candidate.bits
    return (
        str(candidate.draw),
        measured,
        _number(candidate.train_error),
        "" if bits is None else f"{bits:.0f}",
        code(candidate.source, most=2_000) if candidate.source else "",
        html("; ".join(remarks), most=300),
    )


def _number(error: float | None) -> str:
    return "" if error is None else share(error)


def _remarks(result: _Result, candidate: Candidate, times: int) -> Iterator[str]:
    if result.chosen is not None and candidate is result.candidates[result.chosen]:
        yield "chosen"
    if candidate.remark:
        yield candidate.remark
    if isinstance(candidate.verdict, Scored) and candidate.verdict.sample_errors:
        yield f"no prediction on {candidate.verdict.sample_errors:,} inputs"
    if times > 1:
        yield f"drawn {times:,} times"


def _origin(result: _Result) -> Iterator[tuple[str, str]]:
    origin = result.provenance
    yield "proposer", f"{origin.proposer} ({origin.chosen_because})"
    yield "drawn", f"{len(result.candidates):,} of at most {origin.k:,}"
    yield "samples", f"{origin.train:,} to train, {origin.held_out:,} held out"
    yield "loss, tolerance, seed", f"{origin.loss}, {origin.tolerance:g}, {origin.seed}"
    yield "spent", f"{spent(result.usage)}, {result.usage.seconds:.1f} s"
    yield "isolation", origin.isolation
    yield "versions", f"llmerm {origin.llmerm}, Python {origin.python}, {origin.platform}"
