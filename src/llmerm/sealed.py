"""Samples for a last look: split off, sealed, and opened once per declared use."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from hashlib import sha256
from typing import NoReturn
from weakref import WeakKeyDictionary

from llmerm import evaluator
from llmerm.audit import shared, warn
from llmerm.certificates.level import log_level
from llmerm.errors import ArgumentError, SealedAccessError, SealedError
from llmerm.evaluation import Evaluation
from llmerm.ledger import Ledger
from llmerm.losses import Loss
from llmerm.openings import MEMORY, Openings, opening
from llmerm.program import Program
from llmerm.samples import Samples
from llmerm.sandbox.base import Sandbox
from llmerm.values import is_whole

_OPEN = (
    "Only `result.evaluate(sealed)` opens them, for a result that was fitted on the samples that "
    "`llmerm.split` returned with them."
)


class Sealed:
    """Samples that nothing but `result.evaluate` opens. `llmerm.split` makes them.

    They have a length and a fingerprint, and no inputs or labels to look at; they cannot be
    iterated over, copied or pickled. That guards against accidents. Python hides nothing from
    somebody who digs on purpose, and the samples that were split are still where they came from.

    Args:
        samples: what to seal.
        rest: the fingerprint of the samples that results must be fitted on.
        uses: how many programs may be shown them.
        ledger: the file in which openings are counted, by the fingerprint; None counts them in
            this process, where splitting the same samples again does not start anew.
    """

    __slots__ = ("__weakref__", "_fingerprint", "_ledger", "_rest", "_size", "_uses")

    def __init__(
        self, samples: Samples, *, rest: str, uses: int, ledger: str | os.PathLike[str] | None
    ) -> None:
        self._size, self._fingerprint = len(samples), samples.fingerprint
        self._rest, self._uses = rest, uses
        self._ledger = None if ledger is None else os.path.abspath(ledger)
        _inside[self] = samples

    @property
    def fingerprint(self) -> str:
        """SHA-256 of their content in order, as of `Samples`."""
        return self._fingerprint

    @property
    def uses(self) -> int:
        """How many programs may be shown them."""
        return self._uses

    @property
    def opened(self) -> int:
        """How many of them are over."""
        with self._counted() as kept:
            return len(kept.openings(self._fingerprint))

    def _counted(self) -> AbstractContextManager[Openings]:
        return nullcontext(MEMORY) if self._ledger is None else Ledger(self._ledger, create=False)

    def __len__(self) -> int:
        return self._size

    def __repr__(self) -> str:
        samples = f"{len(self)} sample{'s' * (len(self) != 1)}"
        return f"Sealed({samples}, opened {self.opened} of {self.uses} times)"

    def _refuse(self, *_: object) -> NoReturn:
        raise SealedAccessError(f"{len(self)} sealed samples cannot be looked into. {_OPEN}")

    __iter__ = __getitem__ = __contains__ = __add__ = __radd__ = _refuse

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise SealedAccessError(
            f"{len(self)} sealed samples cannot be copied or pickled, as a copy would not be "
            "sealed. Keep the samples that you split: with the same seed they are split in the "
            "same way, and with `ledger=` their uses are counted across processes."
        )


_inside: WeakKeyDictionary[Sealed, Samples] = WeakKeyDictionary()
"""The samples, beside the objects: no attribute, no debugger's list of attributes shows them."""


def split(
    samples: Iterable[object],
    *,
    test: float | int = 0.2,
    uses: int = 1,
    seed: int = 0,
    ledger: str | os.PathLike[str] | None = None,
) -> tuple[Samples, Sealed]:
    """Samples to fit on, and a sealed test part that only `result.evaluate` opens.

    Each label is in both in the same share (stratified, as by `Samples.split`). Declare `uses`
    before you look at the first: each gets an interval at delta / uses, so that all hold at once.
    Whether you open them again may depend on what you saw; which programs you show them may not.

    Args:
        samples: `Samples`, or any iterable of (x, y) pairs.
        test: the share to seal, in (0, 1), or how many samples, as an integer.
        uses: how many different programs may be evaluated; the same one again is no new use.
        seed: the same samples and seed give the same parts. Another seed gives other parts, so
            stay with one.
        ledger: a path; uses are counted there by the sealed samples' fingerprint, across
            processes. By default they are counted in this process.

    Raises:
        ArgumentError: if an argument is out of its range.
        LedgerError: if the ledger cannot be used.

    >>> import llmerm
    >>> rest, sealed = llmerm.split([(i, i % 2) for i in range(300)])
    >>> len(rest), sealed
    (240, Sealed(60 samples, opened 0 of 1 times))
    >>> llmerm.fit(rest, proposer="enumerate").evaluate(sealed)
    Evaluation(the program is wrong on 0 of 60 sealed samples; with ...
    """
    data = Samples.of(samples)
    if not is_whole(uses, 1):
        raise ArgumentError(f"`uses` must be an integer of at least 1, got {uses!r}.")
    rest, inside = parts = data.split(_share(test, len(data)), seed=seed)
    warn(tuple(found for found in (shared(parts),) if found.count))
    if ledger is not None:
        Ledger(ledger).close()  # a file that cannot be used is refused now
    return rest, Sealed(inside, rest=rest.fingerprint, uses=uses, ledger=ledger)


def _share(test: float | int, m: int) -> float:
    counted = isinstance(test, int) and not isinstance(test, bool)
    share = test / max(m, 1) if counted else test
    if isinstance(test, bool) or not isinstance(test, (int, float)) or not 0 < share < 1:
        raise ArgumentError(
            f"`test` must be a share in (0, 1) or a number of samples below {m}, got {test!r}. "
            "0.2 seals a fifth of them."
        )
    if m < 2:
        raise ArgumentError(f"{m} sample{'s' * (m != 1)} given, expected at least 2 to split.")
    return share


def evaluate(
    sealed: Sealed,
    program: Program,
    *,
    data: str,
    loss: Loss,
    sandbox: Sandbox,
    delta: float,
) -> Evaluation:
    """The program's error on the sealed samples, as one of their declared uses.

    Args:
        sealed: the samples.
        program: what to show them.
        data: the fingerprint of the samples that the program was fitted on.
        loss: how predictions are compared with labels.
        sandbox: where the program runs.
        delta: one of the intervals of all uses may fail with at most this probability.

    Raises:
        SealedError: if the program was fitted on others than the samples left by the split.
        UsedUpError: if all declared uses are over.
        PredictionError: if the program could not be run; the use is kept, and may be repeated.
    """
    log_level(delta)  # refuses a bad one while no use is spent
    _refuse_others(sealed, data)
    digest = sha256(f"{loss.name}\n{program.normal_form}".encode(errors="replace")).hexdigest()
    with sealed._counted() as kept:  # before the program runs, so that no use is forgotten
        use = opening(kept, sealed.fingerprint, digest, sealed.uses)
    try:
        return evaluator.evaluate(
            program, _inside[sealed], loss=loss, sandbox=sandbox, delta=delta, opening=use
        )
    except BaseException as error:
        raise _without_frames(error) from None


def _without_frames(error: BaseException) -> BaseException:
    """The error without what was under way: tracebacks that show locals would show the samples."""
    error.__context__ = None
    return error.with_traceback(None)


def _refuse_others(sealed: Sealed, data: str) -> None:
    if data != sealed._rest:
        raise SealedError(
            f"the result was fitted on other samples (fingerprint {data[:12]}) than those that "
            f"`llmerm.split` returned with these sealed ones ({sealed._rest[:12]}). They may "
            "hold these very samples, or come from another population. Fit on all the samples "
            "that split returned: rest, sealed = llmerm.split(samples); llmerm.fit(rest)."
        )
