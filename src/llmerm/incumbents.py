"""What a draw has to beat: early stopping that cannot change which program is selected."""

from __future__ import annotations

import threading
from bisect import bisect_left

from llmerm.samples import Split
from llmerm.sandbox.base import CHUNK
from llmerm.scoring.here import ABANDONED
from llmerm.typing import Failed, Scored, Verdict


class Incumbents:
    """The held-out errors of the draws so far, each a bar for the draws after it.

    A draw is abandoned if its held-out error is above that of an earlier draw and above the
    tolerance: it can then neither be selected nor end the drawing. Whether it ran to its end
    before that was known depends on timing; whether it counts as abandoned does not.

    Args:
        split: the samples; with no more than `CHUNK` of them, or none held out, nothing is
            abandoned.
        tolerance: a held-out error of at most this ends the drawing.
    """

    def __init__(self, split: Split, tolerance: float) -> None:
        self.active = bool(split.held_out) and len(split.train) + len(split.held_out) > CHUNK
        self._tolerance = tolerance
        self._lock = threading.Lock()
        self._draws: list[int] = []  # that beat all before them
        self._errors: list[float] = []  # of these

    def add(self, draw: int, verdict: Verdict) -> None:
        """Takes a draw's verdict into account, for later draws."""
        if isinstance(verdict, Scored) and verdict.held_out_error is not None:
            with self._lock:
                self._note(draw, verdict.held_out_error)

    def _note(self, draw: int, error: float) -> None:
        place = bisect_left(self._draws, draw)
        if place and self._errors[place - 1] <= error:
            return
        end = place
        while end < len(self._errors) and self._errors[end] >= error:
            end += 1
        self._draws[place:end], self._errors[place:end] = [draw], [error]

    def bar(self, draw: int) -> float:
        """The error that this draw may not exceed, as far as earlier draws are known."""
        with self._lock:
            earlier = bisect_left(self._draws, draw)
            best = self._errors[earlier - 1] if earlier else float("inf")
        return max(self._tolerance, best)

    def settled(self, draw: int, verdict: Verdict) -> Verdict:
        """The verdict that counts, once all earlier draws are known."""
        if isinstance(verdict, Failed) or verdict.held_out_error is None or not self.active:
            return verdict
        return ABANDONED if verdict.held_out_error > self.bar(draw) else verdict
