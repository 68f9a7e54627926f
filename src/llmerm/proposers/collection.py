"""What came of a batch, asked for once however many fits of this process wait for it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Hashable, Mapping
from weakref import WeakValueDictionary

from llmerm.bell import Bell
from llmerm.proposers.batch import Batches, Ended, wait_for
from llmerm.proposers.model import Fault, Reply


class Collection:
    """One batch's outcomes, for fits in any threads and event loops.

    One of them asks for the batch; where it is cancelled, another goes on.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._bell = Bell()
        self._is_asked = False
        self._found: Mapping[int, Reply | Fault] | Ended | None = None

    @property
    def is_void(self) -> bool:
        """Whether the batch is known to have failed as a whole, and so to cost nothing."""
        return isinstance(self._found, Ended)

    async def wait(self, batches: Batches, batch: str) -> Mapping[int, Reply | Fault]:
        """What became of each request, once the batch is done.

        Raises:
            Ended: if the batch failed as a whole.
            Fault: if it cannot be asked for.
        """
        while self._found is None:
            if (turn := self._turn()) is not None:
                await turn
                continue
            try:
                self._found = await wait_for(batches, batch)
            except Ended as ended:
                self._found = ended
            finally:
                self._end_turn()
        if isinstance(self._found, Ended):
            raise Ended(str(self._found))
        return self._found

    def _turn(self) -> asyncio.Future[None] | None:
        """None for the one that is to ask; else what to wait for."""
        with self._lock:
            if self._is_asked:
                return self._bell.listen()
            self._is_asked = True
            return None

    def _end_turn(self) -> None:
        """Wakes the others; under the lock, or one that has just looked would not hear of it."""
        with self._lock:
            self._is_asked = False
        self._bell.ring()


_known: WeakValueDictionary[tuple[Hashable, str], Collection] = WeakValueDictionary()
"""A collection is known for as long as somebody holds it."""
_knowing = threading.Lock()


def collection(identity: Hashable, batch: str) -> Collection:
    """The collection of the batch that the models of this identity know by this id.

    >>> held = collection("doctest", "batch-1")
    >>> collection("doctest", "batch-1") is held
    True
    """
    with _knowing:
        return _known.setdefault((identity, batch), Collection())
