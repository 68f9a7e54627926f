"""What a model is told between rounds: where the best draft so far fails on training samples."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from llmerm.losses import ZERO_ONE
from llmerm.samples import Samples
from llmerm.sandbox.base import Sandbox, Session
from llmerm.typing import Failed, Prediction, SampleError

SHOWN = 10
"""At most so many failures of one draft are shown."""


def feedback(train: Samples, sources: Iterable[str], sandbox: Sandbox) -> str:
    """The draft with the fewest errors on `train` and samples that it gets wrong; maybe empty.

    It sees the training samples alone, so held-out samples stay untouched by what is drawn next.
    """
    with sandbox.session(train.inputs) as session:
        tried = [(_predictions(session, source), source) for source in sources]
    ran = [(_wrong(train, found), source, found) for found, source in tried if found is not None]
    if not ran:
        return ""
    wrong, source, found = min(ran, key=lambda one: len(one[0]))
    if not wrong:
        return ""
    cases = "\n".join(_case(train, index, found[index]) for index in wrong[:SHOWN])
    return (
        f"\nAn earlier draft is wrong on {len(wrong)} of the {len(train)} samples:\n\n{source}\n\n"
        f"It fails, for instance, here:\n{cases}\nWrite a better function.\n"
    )


def _predictions(session: Session, source: str) -> Sequence[Prediction] | None:
    outcome = session.run(source)
    return None if isinstance(outcome, Failed) else outcome.predictions


def _wrong(train: Samples, found: Sequence[Prediction]) -> list[int]:
    return [i for i, label in enumerate(train.outputs) if ZERO_ONE.of(found[i], label)]


def _case(train: Samples, index: int, found: Prediction) -> str:
    got = f"raises {found.kind}" if isinstance(found, SampleError) else f"gives {found!r}"
    return f"{train.inputs[index]!r} -> {train.outputs[index]!r}, the draft {got}"
