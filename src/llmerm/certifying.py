"""What a fit's certificate pays for: its place among all that choose by the same samples."""

from __future__ import annotations

from llmerm import certificates, rule_file
from llmerm.candidate import Candidate
from llmerm.certificates import Certificate
from llmerm.errors import ProgramError
from llmerm.ledger import Ledger, Run
from llmerm.losses import Loss
from llmerm.program import Program
from llmerm.proposers.base import Proposer
from llmerm.samples import Split
from llmerm.typing import Scored
from llmerm.uses import Use, Wanted


def place(ledger: Ledger | None, run: Run, split: Split, loss: Loss, *, k: int) -> Use | None:
    """The run's place, to be asked for before it scores anything; None where nobody counts."""
    if ledger is None or not split.held_out:
        return None
    held_out, data = split.held_out.contents, split.contents
    return ledger.use(run, Wanted(held_out=held_out, data=data, loss=loss.name, k=k))


def refusal(best: Candidate | None, split: Split, proposer: Proposer, ledger: Ledger | None) -> str:
    """Why the best candidate gets no certificate; empty where it may get one."""
    if best is None or not isinstance(best.verdict, Scored):
        return "no candidate could be scored"
    if split.held_out and proposer.adaptive:
        return (
            f"the proposer {proposer.name!r} adapts to held-out scores, so its programs were made "
            "from these samples too; evaluate the program on fresh ones"
        )
    handed_in = not split.train
    if handed_in and ledger and _was_made_from(split, best.source, ledger):
        return (
            "the ledger has this program as made from these samples or a part of them; take the "
            "certificate of the fit that made it, or verify the program on other samples"
        )
    return ""


def _was_made_from(split: Split, source: str, ledger: Ledger) -> bool:
    """Whether the ledger drew it from these samples, also with other names or as exported."""
    known = {form for drawn in ledger.made_from(split.contents) if (form := _form(drawn))}
    return _form(rule_file.original(source)) in known


def _form(source: str) -> str:
    """The normal form, so that other names or comments make no other program; else empty."""
    try:
        return Program(source).normal_form
    except ProgramError:
        return ""


def certificate(
    verdict: Scored, split: Split, loss: Loss, *, delta: float, k: int, why: str, use: Use | None
) -> Certificate:
    """The certificate of the best of `k`; with a place in a series, it pays for that.

    Programs that are handed in may be the best of those that were scored on these samples before,
    so they pay for all of them.
    """
    if use is None:
        return certificates.of_choice(verdict, split, loss, delta=delta, count=k, why=why)
    before = 0 if split.train else use.before
    declared = f"{why} ({use.k} were declared before)" if use.k > k else why
    declared += f", or of the {before} that may have been scored on them earlier" * bool(before)
    return certificates.of_series(
        verdict, split, loss, delta=delta, position=use.position, each=use.k + before, why=declared
    )
