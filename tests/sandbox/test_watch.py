"""A candidate that is watched can be ended as soon as its first answers are seen."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

import pytest

from llmerm.sandbox import base, child
from llmerm.sandbox.base import CHUNK
from llmerm.sandbox.pool import PooledSession
from llmerm.typing import Failed, Prediction

from .conftest import at_level, predictions

N = 4 * CHUNK
DOUBLE = "def f(x): return 2 * x"


@pytest.fixture(scope="module")
def session(level: str) -> Iterator[PooledSession]:
    with at_level(level, cpu_seconds=5.0).session(range(N)) as session:
        yield session


def never(_: Sequence[Prediction]) -> bool:
    return False


def test_the_chunk_is_the_childs() -> None:
    """What the interface promises is what the child sends."""
    assert base.CHUNK == child.CHUNK


def test_ended_at_once(session: PooledSession) -> None:
    """A candidate is ended while it runs, and the same process takes the next one."""
    endless = f"def f(x):\n    while x >= {CHUNK}: pass\n    return x"
    session.run(DOUBLE)
    (worker,) = session._idle
    start = time.monotonic()
    outcome = session.run(endless, watch=never)
    assert time.monotonic() - start < 2
    assert isinstance(outcome, Failed)
    assert outcome.reason == "abandoned"
    assert predictions(session.run(DOUBLE)) == tuple(range(0, 2 * N, 2))
    assert session._idle == [worker]


def test_what_is_seen(session: PooledSession) -> None:
    """The answers so far, in order, more each time, and never all of them."""
    seen: list[list[Prediction]] = []
    slow = "import time\ndef f(x):\n    if x % 256 == 0: time.sleep(0.05)\n    return 2 * x"
    ran = session.run(slow, watch=lambda answers: seen.append(list(answers)) or True)
    assert predictions(ran) == tuple(range(0, 2 * N, 2))
    assert [len(answers) for answers in seen] == [CHUNK, 2 * CHUNK, 3 * CHUNK]
    assert all(answers == list(range(0, 2 * len(answers), 2)) for answers in seen)


@pytest.mark.parametrize("count", [0, 1, CHUNK])
def test_too_few_to_watch(count: int, session: PooledSession) -> None:
    """Where all answers come at once, nobody is asked."""
    ran = session.run(DOUBLE, subset=range(count), watch=never)
    assert predictions(ran) == tuple(range(0, 2 * count, 2))


def test_a_stop_that_comes_too_late(session: PooledSession) -> None:
    """A candidate that ends by itself just then is abandoned, and its stop hits no other."""
    for _ in range(40):
        outcome = session.run(DOUBLE, subset=range(CHUNK + 1), watch=never)
        # Its answers may have come together, and then nobody was asked.
        assert not isinstance(outcome, Failed) or outcome.reason == "abandoned"
        assert predictions(session.run(DOUBLE, subset=[3])) == (6,)


def test_stop_after_the_end(session: PooledSession) -> None:
    """A stop that finds nothing running is ignored, however many there are."""
    session.run(DOUBLE, subset=[0])
    (worker,) = session._idle
    from llmerm.sandbox.zygote import STOP

    worker._socket.sendall(3 * STOP)
    assert predictions(session.run(DOUBLE, subset=[3])) == (6,)
    assert session._idle == [worker]


def test_a_watch_that_raises(session: PooledSession) -> None:
    """Its exception comes out of `run`, and the session goes on."""

    def broken(_: Sequence[Prediction]) -> bool:
        raise ZeroDivisionError

    endless = f"def f(x):\n    while x >= {CHUNK}: pass\n    return x"
    with pytest.raises(ZeroDivisionError):
        session.run(endless, watch=broken)
    assert predictions(session.run(DOUBLE, subset=[3])) == (6,)


def test_a_reply_byte_by_byte() -> None:
    """Whoever watches is asked when there are new answers, not whenever something arrives."""
    seen: list[int] = []
    source = f"""
import os
def f(x):
    if x == 0:
        line = b'[[' + b','.join([b'1'] * {CHUNK}) + b'],{{}}]\\n'
        for part in (line[:-1], *[b' '] * 500, b'\\n', line[:-1], *[b' '] * 500):
            os.write(3, part)
        while True: pass
"""
    with at_level("seccomp", cpu_seconds=0.2).session(range(N)) as opened:
        outcome = opened.run(source, watch=lambda answers: seen.append(len(answers)) or True)
    assert isinstance(outcome, Failed)
    assert outcome.reason == "timeout"
    assert seen == [CHUNK]
