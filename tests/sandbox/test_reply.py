"""The parent believes nothing of a reply."""

from __future__ import annotations

import contextlib
import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmerm.errors import SandboxError
from llmerm.sandbox import relay
from llmerm.sandbox.child import CHUNK
from llmerm.sandbox.reply import BadReply, Reply, clean, outcome
from llmerm.typing import Failed, Ran, SampleError

HEAD = b'ready\n["loaded",""]\n'


def fed(data: bytes, *, calls: int = 2) -> Reply:
    reply = Reply(calls)
    reply.feed(HEAD + data)
    return reply


REFUSED = {
    "not_json": b"[[1,2],{}\n",
    "not_ascii": b'[["\xc3\xa4",2],{}]\n',
    "too_few": b"[[1],{}]\n",
    "too_many": b"[[1,2,3],{}]\n",
    "none": b"[[],{}]\n",
    "once_more": b"[[1,2],{}]\n[[1,2],{}]\n",
    "object": b'{"0":1}\n',
    "no_errors": b"[[1,2]]\n",
    "nan": b"[[NaN,2],{}]\n",
    "infinity": b"[[1,-Infinity],{}]\n",
    "overflow": b"[[1e999,2],{}]\n",
    "overflow_inside": b"[[1,[[-1e999]]],{}]\n",
    "lone_surrogate": b'[["\\ud800",2],{}]\n',
    "lone_surrogate_in_key": b'[[{"\\uDFFF":1},2],{}]\n',
    "huge_integer": b"[[1" + b"0" * 4000 + b",2],{}]\n",
    "deep": b"[[" + b"[" * 33 + b"]" * 33 + b",2],{}]\n",
    "bottomless": b"[" * 200_000 + b"\n",
    "error_past_the_end": b'[[1,2],{"2":["E",""]}]\n',
    "error_before_the_start": b'[[1,2],{"-1":["E",""]}]\n',
    "error_nowhere": b'[[1,2],{"\\u0661":["E",""]}]\n',
    "error_without_detail": b'[[1,2],{"0":["E"]}]\n',
    "error_of_numbers": b'[[1,2],{"0":[1,2]}]\n',
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str) -> None:
    """A line of another shape, or a value that no prediction may be, is refused."""
    with pytest.raises(BadReply):
        fed(REFUSED[name])


def test_long_line() -> None:
    """A line without an end is refused before it fills the memory, and read in linear time."""
    with pytest.raises(BadReply, match="too long"):
        feed_pieces(fed(b""), [b"x" * 65536] * 1000)


def feed_pieces(reply: Reply, pieces: list[bytes]) -> None:
    for piece in pieces:
        reply.feed(piece)


@pytest.mark.parametrize(
    "head", [b'ready\n["raised",""]\n', b"ready\n[]\n", b'ready\n"loaded"\n', b"ready\n[1,2]\n"]
)
def test_unknown_outcome(head: bytes) -> None:
    """Only the reasons that loading can have are taken."""
    with pytest.raises(BadReply):
        Reply(1).feed(head)


def test_more_after_a_failure() -> None:
    """After a failure to load there can be no answers."""
    with pytest.raises(BadReply):
        Reply(1).feed(b'ready\n["load_error","E"]\n[[1],{}]\n')


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.lists(values, min_size=1, max_size=20), st.lists(st.integers(1, 9), max_size=30))
def test_reading_law(answers: list[object], cuts: list[int]) -> None:
    """However the bytes are cut, a finite reply is read as json reads it, another is refused."""
    line = json.dumps([answers, {}]).encode()
    reply, data = Reply(len(answers)), HEAD + line + b"\n"
    try:
        for cut in cuts:
            reply.feed(data[:cut])
            data = data[cut:]
        reply.feed(data)
    except BadReply:
        assert any(not math.isfinite(number) for number in floats(answers))
    else:
        assert reply.complete
        assert repr(reply.predictions) == repr(json.loads(line)[0])


def floats(value: object) -> list[float]:
    if isinstance(value, float):
        return [value]
    if isinstance(value, dict):
        value = list(value.values())
    return [number for part in value for number in floats(part)] if isinstance(value, list) else []


@given(st.binary(max_size=200))
def test_garbage(data: bytes) -> None:
    """Whatever the bytes, the reply is refused, or holds no more answers than there are inputs."""
    reply = fed(b"", calls=3)
    try:
        reply.feed(data + b"\n")
    except BadReply:
        return
    assert len(reply.predictions) <= 3


VALID = HEAD + b'[[1,{"a":[null,-2.5]},"\\ud83d\\ude00",0],{"3":["E","d"]}]\n'
changes = st.lists(
    st.tuples(st.integers(0, len(VALID)), st.integers(0, 9), st.binary(max_size=9)), max_size=4
)


def changed(edits: list[tuple[int, int, bytes]]) -> bytes:
    """The valid reply with, at each place, so many bytes replaced by others."""
    data = VALID
    for place, size, new in edits:
        data = data[:place] + new + data[place + size :]
    return data


def ended(pieces: list[bytes]) -> tuple[object, ...]:
    """All that can be seen of a reply; one word of one that is refused."""
    reply = Reply(4)
    try:
        feed_pieces(reply, pieces)
    except BadReply:
        return ("refused",)
    return reply.locked_down, reply.failure, repr(reply.predictions), reply.complete


@given(changes, st.lists(st.integers(0, 120), max_size=8).map(sorted))
def test_changed_reply(edits: list[tuple[int, int, bytes]], cuts: list[int]) -> None:
    """However a reply is spoilt and cut, it is read as if it came whole, or refused."""
    data = changed(edits)
    pieces = [data[a:b] for a, b in zip([0, *cuts], [*cuts, len(data)], strict=True)]
    assert ended(pieces) == ended([data])


@given(st.integers(0, len(VALID) - 1))
def test_cut_off(end: int) -> None:
    """A reply that lacks its end is not complete, and the whole one is."""
    assert ended([VALID])[-1] is True
    assert ended([VALID[:end]])[-1] is False


@given(changes)
def test_nothing_but_plain_values(edits: list[tuple[int, int, bytes]]) -> None:
    """What a spoilt reply leaves can be written as strict JSON, in UTF-8, error by error."""
    reply = Reply(4)
    with contextlib.suppress(BadReply):
        reply.feed(changed(edits))
    plain = [p for p in reply.predictions if not isinstance(p, SampleError)]
    json.dumps(plain, allow_nan=False, ensure_ascii=False).encode()
    shown = [p.kind + p.detail for p in reply.predictions if isinstance(p, SampleError)]
    assert all(text.isprintable() for text in shown)


def test_chunks() -> None:
    """Answers come in chunks of a fixed size, the last one shorter, and errors keep their place."""
    answers = list(range(CHUNK + 3))
    first = json.dumps([answers[:CHUNK], {str(CHUNK - 1): ["E", "d\n"]}]).encode()
    reply = fed(first + b"\n", calls=len(answers))
    assert not reply.complete
    reply.feed(json.dumps([answers[CHUNK:], {}]).encode() + b"\n")
    assert reply.complete
    assert reply.predictions == [
        *answers[: CHUNK - 1],
        SampleError("E", "d"),
        *answers[CHUNK:],
    ]


def test_outcomes() -> None:
    """How the process ended decides, where the reply alone does not."""
    whole, part = fed(b"[[1,2],{}]\n"), fed(b"")
    ended = relay.ENDED
    assert outcome(whole, "", ended, 0, 0.5) == Ran((1, 2), 0.5)
    assert outcome(whole, "odd", ended, 0, 0.0) == Failed("bad_reply", "odd")
    assert outcome(whole, "", relay.OUT_OF_CPU, -9, 0.0) == Failed("timeout", "its CPU time is up")
    assert outcome(part, "", ended, 0, 0.0) == Failed("exit", "exit code 0 after 0 of 2 answers")
    assert outcome(part, "", ended, 77, 0.0) == Failed(
        "memory", "no memory was left to answer with"
    )
    assert outcome(part, "", ended, -24, 0.0) == Failed("timeout", "its CPU time is up")
    assert str(outcome(part, "", ended, -11, 0.0)).startswith("crash: ended by signal 11")
    with pytest.raises(SandboxError, match="could not lock itself down"):
        outcome(Reply(2), "", ended, 1, 0.0)


@given(st.text(max_size=400))
def test_clean(text: str) -> None:
    """What is shown of a candidate is one short line without control characters."""
    shown = clean(text)
    assert len(shown) <= 200
    assert shown.isprintable()
