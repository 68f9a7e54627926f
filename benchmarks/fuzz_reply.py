"""Feeds the reader of replies what no candidate should write: it refuses, and never breaks.

Half of the inputs are valid replies that were changed in a few places, the others are put together
from pieces of the protocol. Each is fed in pieces of random sizes.

    python benchmarks/fuzz_reply.py --inputs 1000000 --json
    python benchmarks/fuzz_reply.py --inputs 1000000 --atheris   (needs `pip install atheris`)
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from llmerm.sandbox import reply
from llmerm.sandbox.child import CHUNK, MAX_DEPTH
from llmerm.sandbox.reply import BadReply, Reply
from llmerm.typing import SampleError

HEAD = b'ready\n["loaded",""]\n'
TARGETS = {"broken": 0, "slowest_seconds": 1.0}  # an input that takes longer is taken for a hang
PIECES = (
    *(b"ready\n", b'["loaded",""]\n', b'["memory","m"]\n', b'["load_error","\\u001b"]\n', b"\n"),
    *(b"[[", b"],{}]\n", b"[[0],{}]\n", b"[", b"]", b"{", b"}", b",", b":", b'"', b"\\"),
    *(b"0", b"-0", b"1e999", b"-1E-999", b"NaN", b"-Infinity", b"9" * 4001, b"1.5", b"0x1"),
    *(b"true", b"null", b'"\\ud800"', b'"\\ud83d\\ude00"', b'"\\u0000"', b"\xff", b"\x00"),
    *(b'{"0":["E","d"]}', b'{"-1":["E",""]}', b'{"\\u0661":["E",""]}', b'{"999":["E",""]}'),
    *(
        b"[" * 40,
        b"]" * 40,
        b'{"a":' * 40,
        b"[" * 5_000,
        b"[" * 33 + b"]" * 33,
        b"\r\n",
        b" ",
        b"\t",
        b"\xef\xbb\xbf",
    ),
)


def main() -> None:
    """Prints the figures and whether they are as they should be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object, for machines")
    parser.add_argument("--inputs", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--atheris", action="store_true", help="let coverage choose the inputs")
    options = parser.parse_args()
    if options.atheris:
        guided(options.seed, options.inputs)
    figures = fuzz(random.Random(options.seed), options.inputs)
    targets = {
        name: {"value": figures[name], "limit": most, "met": figures[name] <= most}
        for name, most in TARGETS.items()
    }
    report = {"figures": {"seed": options.seed, **figures}, "targets": targets}
    if options.json:
        print(json.dumps(report, indent=2))
        return
    for name, figure in [*figures.items(), ("targets", targets)]:
        print(f"{name:16} {figure}")


def fuzz(rng: random.Random, count: int) -> dict[str, Any]:
    """How `count` inputs were taken; an input is broken if it met anything but `BadReply`."""
    ends = dict.fromkeys(("complete", "failed", "unfinished", "refused", "broken"), 0)
    details: Counter[str] = Counter()
    slowest, start = 0.0, time.perf_counter()
    for _ in range(count):
        calls, data = rng.choice((changed, put_together))(rng)
        began = time.process_time()
        end, _, detail = taken(data, calls, rng).partition(": ")
        slowest = max(slowest, time.process_time() - began)
        ends[end] += 1
        if detail:
            details[f"{detail} on {data!r}"[:300] if end == "broken" else detail] += 1
    figures = {"inputs": count, **ends, "details": dict(details.most_common(40))}
    return {**figures, "slowest_seconds": slowest, "seconds": time.perf_counter() - start}


def guided(seed: int, count: int) -> NoReturn:
    """The same with inputs that atheris makes; it prints its own report and ends the process."""
    import atheris  # type: ignore[import-untyped]  # of this script alone

    def one(data: bytes) -> None:
        end = taken(HEAD + data, 1 + len(data) % 3, random.Random(len(data)))
        assert not end.startswith("broken"), end

    for method in (Reply.feed, Reply._take, Reply._take_outcome, Reply._take_answers):
        atheris.instrument_func(method)
    for function in (reply._decoded, reply._check, reply._position, reply._sample_error):
        atheris.instrument_func(function)
    with tempfile.TemporaryDirectory() as folder:
        for index in range(200):  # it changes these further
            data = changed(random.Random(index))[1]
            Path(folder, str(index)).write_bytes(data.removeprefix(HEAD))
        atheris.Setup(["fuzz_reply", f"-runs={count}", f"-seed={seed}", "-timeout=5", folder], one)
        atheris.Fuzz()
    raise SystemExit


def taken(data: bytes, calls: int, rng: random.Random) -> str:
    """What became of one input: complete, failed, unfinished, refused or broken."""
    read = Reply(calls)
    try:
        for piece in cut(data, rng):
            read.feed(piece)
    except BadReply as error:
        return f"refused: {error}"
    except BaseException as error:  # whatever it is, it is what this looks for
        return f"broken: {type(error).__name__}: {error}"
    if wrong := flaw(read):
        return f"broken: {wrong}"
    if read.failure is not None:
        return "failed"
    return "complete" if read.complete else "unfinished"


def flaw(read: Reply) -> str:
    """What is wrong with a reply that was not refused; empty for nothing."""
    if len(read.predictions) > read.calls:
        return "more predictions than calls"
    if read.failure is not None and (read.predictions or read.complete):
        return "a failure with predictions"
    for prediction in read.predictions:
        if isinstance(prediction, SampleError):
            if not prediction.kind or not (prediction.kind + prediction.detail).isprintable():
                return "an error that cannot be shown"
        elif not is_plain(prediction, 0):
            return f"a prediction that is no plain value: {type(prediction).__name__}"
    return ""


def is_plain(value: object, depth: int) -> bool:
    """Whether it is a finite, shallow value of exact types: written apart from the reader's own."""
    if type(value) is list:
        return depth < MAX_DEPTH and all(is_plain(part, depth + 1) for part in value)
    if type(value) is dict:
        parts = [*value, *value.values()]
        return depth < MAX_DEPTH and all(is_plain(part, depth + 1) for part in parts)
    if type(value) is str:
        return not any("\ud800" <= letter <= "\udfff" for letter in value)
    if type(value) is float:
        return float("-inf") < value < float("inf")
    return value is None or type(value) is bool or (type(value) is int and abs(value) < 10**4_000)


def cut(data: bytes, rng: random.Random) -> list[bytes]:
    """The bytes in up to five pieces, some of them empty."""
    places = sorted(rng.randint(0, len(data)) for _ in range(rng.randrange(5)))
    return [data[a:b] for a, b in zip([0, *places], [*places, len(data)], strict=True)]


# ---- inputs -------------------------------------------------------------------------------------


def put_together(rng: random.Random) -> tuple[int, bytes]:
    """Pieces of the protocol in any order, most often after a good beginning."""
    pieces = rng.choices(PIECES, k=rng.randrange(12))
    head = rng.choices((HEAD, b"ready\n", b""), weights=(7, 2, 1))[0]
    return rng.randint(1, 3), head + b"".join(pieces)


def changed(rng: random.Random) -> tuple[int, bytes]:
    """A valid reply with up to three changes."""
    calls, data = valid(rng)
    for _ in range(rng.randrange(4)):
        place = rng.randint(min(len(HEAD), len(data)) if rng.random() < 0.9 else 0, len(data))
        data = rng.choice(CHANGES)(data, place, rng)
    return calls, data if rng.random() < 0.5 else data + b"\n"


def _insert(data: bytes, place: int, rng: random.Random) -> bytes:
    return data[:place] + rng.choice(PIECES) + data[place:]


def _overwrite(data: bytes, place: int, rng: random.Random) -> bytes:
    return data[:place] + bytes([rng.randrange(256)]) + data[place + 1 :]


def _delete(data: bytes, place: int, rng: random.Random) -> bytes:
    return data[:place] + data[place + rng.randint(1, 8) :]


def _repeat(data: bytes, place: int, rng: random.Random) -> bytes:
    return data[:place] + data[place : place + rng.randint(1, 40)] * 2 + data[place + 40 :]


def _cut_off(data: bytes, place: int, _: random.Random) -> bytes:
    return data[:place]


CHANGES: tuple[Callable[[bytes, int, random.Random], bytes], ...] = (
    *(_insert, _overwrite, _delete, _repeat, _cut_off),
)


def valid(rng: random.Random) -> tuple[int, bytes]:
    """A number of calls, and a reply that answers them as child.py would."""
    calls = rng.randint(1, 6) if rng.random() < 0.98 else CHUNK + rng.randint(0, 2)
    answers = [value(rng, 0) for _ in range(calls)]
    lines = [answers[start : start + CHUNK] for start in range(0, calls, CHUNK)]
    texts = [json.dumps([line, errors(rng, len(line))], separators=(",", ":")) for line in lines]
    return calls, HEAD + "".join(text + "\n" for text in texts).encode()


def errors(rng: random.Random, size: int) -> dict[str, list[str]]:
    """Now and then an error in one place."""
    return {str(rng.randrange(size)): ["E", "d\x1b"]} if rng.random() < 0.3 else {}


def value(rng: random.Random, depth: int) -> object:
    """Any value that a prediction may be."""
    if depth < 3 and rng.random() < 0.2:
        parts = [value(rng, depth + 1) for _ in range(rng.randrange(4))]
        return parts if rng.random() < 0.6 else {f"k{i}": part for i, part in enumerate(parts)}
    return rng.choice((0, 1, True, None, -7, 0.5, -1e-300, "", "a\n", "\U0001f600", 10**30))


if __name__ == "__main__":
    main()
