"""The stub as a program, which outlives a client that is killed: it prints its URL and serves.

Run as `PYTHONPATH=tests/models python -m stub --latency 0.2 --at-a-time 8`.
"""

from __future__ import annotations

import argparse

from . import Step, Stub, as_json, by_seed


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--first", type=float, default=0.0)
    parser.add_argument("--latency", type=float, default=0.0)
    parser.add_argument("--at-a-time", type=int, default=10_000)
    parser.add_argument("--code", default="def f(x):\n    return x % 2")
    parser.add_argument("--by-seed", action="store_true")
    given = parser.parse_args()
    stub = Stub(
        default=Step(as_json(given.code)),
        first=given.first,
        latency=given.latency,
        at_a_time=given.at_a_time,
        by_seed=by_seed if given.by_seed else None,
        keep=False,
    )
    print(stub.url, flush=True)
    stub.serve_forever(0.02)


if __name__ == "__main__":
    main()
