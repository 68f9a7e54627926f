"""Sandboxes that stay open over inputs, for as long as there is room."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeAlias

from llmerm.sandbox.base import Sandbox, Session
from llmerm.typing import Value

ROOM = 2_000_000
"""Inputs that sessions hold at most; the last two stay open whatever they hold."""

_Key: TypeAlias = tuple[Sandbox, str, int]


@dataclass
class _Open:
    session: Session
    inputs: int
    users: int = 0


class Sessions:
    """The newest sessions by their inputs' digest; one that is in use is not closed for room.

    Args:
        workers: programs at a time in each.
    """

    def __init__(self, *, workers: int) -> None:
        self._workers = workers
        self._lock = threading.Lock()
        self._open: OrderedDict[_Key, _Open] = OrderedDict()

    @contextmanager
    def session(
        self, sandbox: Sandbox, digest: str, inputs: Sequence[Value], hash_seed: int
    ) -> Iterator[Session]:
        """The session over these inputs, opened if it is not open."""
        with self._lock:
            key = (sandbox, digest, hash_seed)
            if key not in self._open:
                session = sandbox.session(inputs, workers=self._workers, hash_seed=hash_seed)
                self._open[key] = _Open(session, len(inputs))
            found = self._open[key]
            self._open.move_to_end(key)
            found.users += 1
            self._make_room()
        try:
            yield found.session
        finally:
            with self._lock:
                found.users -= 1

    def _make_room(self) -> None:
        held = sum(one.inputs for one in self._open.values())
        for key, one in list(self._open.items())[:-2]:
            if held <= ROOM:
                return
            if not one.users:
                held -= one.inputs
                self._open.pop(key).session.close()

    def close(self) -> None:
        """Ends every process of every session."""
        with self._lock:
            while self._open:
                self._open.popitem()[1].session.close()
