"""The line to one server: a client for each event loop, and errors told as faults."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Generic, Protocol, TypeVar

from llmerm.proposers.concessions import Body, Concessions, most_replies
from llmerm.proposers.endpoint import Endpoint
from llmerm.proposers.faults import fault_of
from llmerm.proposers.gathering import Gathering
from llmerm.proposers.model import Fault
from llmerm.proposers.pricing import Price
from llmerm.proposers.reports import Report, report_of
from llmerm.typing import Usage


class Client(Protocol):
    """What every SDK's client has."""

    async def close(self) -> None:
        """Closes its connections."""


C = TypeVar("C", bound=Client)
T = TypeVar("T")


class Line(Generic[C]):
    """One server: asks it, and says what went wrong in terms of `Fault`.

    Args:
        endpoint: where it is.
        make: makes a client for an endpoint, given seconds that a part of an answer may take.
        concessions: what it has been found not to take.
        timeout: wall seconds that one call may take.

    Attributes:
        most_replies: how many replies a call may ask for, once the server has said so.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        make: Callable[[Endpoint, float], C],
        *,
        concessions: Concessions,
        timeout: float,
    ) -> None:
        self.endpoint = endpoint
        self.concessions = concessions
        self.timeout = timeout
        self.most_replies: int | None = None
        self._make = make
        self._held: dict[asyncio.AbstractEventLoop, C] = {}
        self._calls: Counter[asyncio.AbstractEventLoop] = Counter()

    def client(self) -> C:
        """The client of the running event loop: connections cannot move from one to another."""
        loop = asyncio.get_running_loop()
        if loop not in self._held:
            for ended in [old for old in list(self._held) if old.is_closed()]:
                self._held.pop(ended, None)
            self._held[loop] = self._make(self.endpoint, self.timeout)
        return self._held[loop]

    async def aclose(self) -> None:
        """Closes the connections of the running event loop; a later call opens new ones.

        Where calls are in flight there, which others have made, it leaves that to them.
        """
        loop = asyncio.get_running_loop()
        if not self._calls[loop] and (client := self._held.pop(loop, None)) is not None:
            await client.close()

    async def attempt(
        self,
        work: Callable[[C], Awaitable[T]],
        *,
        body: Body,
        model: str,
        gathering: Gathering | None = None,
        price: Price | None = None,
    ) -> T:
        """What `work` gives with a client, in time.

        Raises:
            Fault: whatever went wrong. One that the next attempt will not meet again, as what the
                server does not take is dropped by then, is "transient".
        """
        try:
            async with asyncio.timeout(self.timeout):
                with self._calling() as client:
                    return await work(client)
        except Fault:
            raise
        except TimeoutError:
            report = Report(f"no complete answer within {self.timeout:g} seconds")
        except Exception as error:  # a server answers here: anything may come
            report = report_of(error)
        spent = Usage(calls=1) if gathering is None else gathering.spent(price)
        raise self.fault(report, body, model, spent)

    @contextmanager
    def _calling(self) -> Iterator[C]:
        """The client, which stays open for as long as the block runs."""
        loop = asyncio.get_running_loop()
        self._calls[loop] += 1
        try:
            yield self.client()
        finally:
            self._calls[loop] -= 1
            if not self._calls[loop]:
                del self._calls[loop]

    def fault(self, report: Report, body: Body, model: str, spent: Usage) -> Fault:
        """What went wrong, once what the server does not take of the body is dropped.

        Args:
            report: what it said.
            body: what was sent.
            model: the name that was asked for.
            spent: what the call has cost.
        """
        return self._conceded(report, body, spent) or fault_of(report, self.endpoint, model, spent)

    def _conceded(self, report: Report, body: Body, spent: Usage) -> Fault | None:
        """A fault that the next attempt does without, or None."""
        if report.status not in (400, 422):
            return None
        most = most_replies(body, param=report.param, message=report.message)
        if most is not None:
            self.most_replies = most
            told = f"{self.endpoint.shown} gives at most {most} replies a call"
            return Fault(told, "transient", after=0.0, usage=spent)
        name = self.concessions.learn(
            body, param=report.param, code=report.code, message=report.message
        )
        if name is None:
            return None
        self.concessions.drop(name)
        told = f"{self.endpoint.shown} does not take {name!r}, which is left out from now on"
        return Fault(told, "transient", after=0.0, usage=spent)
