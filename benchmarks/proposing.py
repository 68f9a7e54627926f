"""Proposing by a model: seconds against the ideal, cached tokens, memory, and runs that are killed.

Run as `python benchmarks/proposing.py --json` from a checkout (it takes some minutes; `--kills 5`
shortens it). The provider is the tests' strict stub of hosted APIs, as a process of its own, with
a latency, a limit on calls at a time, and a prompt cache that counts as documented: what another
call may read is what lies before a reply that has begun, from 1,024 tokens on, in steps of 128.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TESTS = Path(__file__).parents[1] / "tests" / "models"
CALLS_AT_A_TIME = 8
DRAWS = 64
FIRST_SECONDS = 0.3
LATENCY_SECONDS = 1.5


class Provider:
    """The stub at a URL."""

    def __init__(self, url: str) -> None:
        self.url = url

    def log(self) -> dict[str, int]:
        """What it has seen so far."""
        with urllib.request.urlopen(self.url.removesuffix("/v1") + "/stub/log") as answer:
            return json.load(answer)

    def client(self, *options: object) -> list[str]:
        """The command of one fit against it."""
        command = [sys.executable, TESTS / "client.py", self.url, *options]
        return [str(part) for part in command]

    def fit(self, *options: object) -> dict:
        """One fit, in a process of its own."""
        done = subprocess.run(self.client(*options), check=True, capture_output=True, text=True)
        return json.loads(done.stdout)


@contextmanager
def provider(first: float = 0.0, latency: float = 0.0) -> Iterator[Provider]:
    """A provider that allows `CALLS_AT_A_TIME`, and one that is just ending."""
    command = [sys.executable, "-m", "stub", "--by-seed", "--first", str(first)]
    command += ["--latency", str(latency), "--at-a-time", str(CALLS_AT_A_TIME + 1)]
    environment = os.environ | {"PYTHONPATH": str(TESTS)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        try:
            assert process.stdout is not None
            yield Provider(process.stdout.readline().strip())
        finally:
            process.kill()


def one_run() -> dict[str, float]:
    """64 draws from 100 shown samples of 100 bits: seconds, tokens, when the first is verified."""
    with provider(FIRST_SECONDS, LATENCY_SECONDS) as stub:
        told = stub.fit("--bits", 100, "--k", DRAWS, "--concurrency", CALLS_AT_A_TIME)
        log = stub.log()
    ideal = -(-DRAWS // CALLS_AT_A_TIME) * LATENCY_SECONDS
    second_batch = sorted(log["ended"])[2 * CALLS_AT_A_TIME - 1]
    return {
        "seconds": told["ended"] - told["started"],
        "ideal_seconds": ideal,
        "of_ideal": (told["ended"] - told["started"]) / ideal,
        "calls": log["calls"],
        "tokens_in": log["tokens_in"],
        "tokens_in_as_metered": told["tokens_in"],
        "full_price_share": 1 - log["tokens_cached"] / log["tokens_in"],
        "full_price_share_as_metered": 1 - told["tokens_cached"] / told["tokens_in"],
        "first_verified_seconds": told["first_verified"] - told["started"],
        "before_second_batch_seconds": second_batch - told["first_verified"],
    }


def asked(ledger: Path) -> list[object]:
    return ["--ledger", ledger, "--k", DRAWS, "--concurrency", CALLS_AT_A_TIME]


def kept(ledger: Path) -> int:
    """The draws that a ledger holds."""
    if not ledger.exists():
        return 0
    connection = sqlite3.connect(ledger)
    try:
        return int(connection.execute("SELECT count(*) FROM draws").fetchone()[0])
    except sqlite3.OperationalError:  # killed before its tables were made
        return 0
    finally:
        connection.close()


def killed(moment: float, calm: dict, folder: Path) -> dict[str, float]:
    """One run killed once so many calls were made, and resumed."""
    ledger = folder / f"{moment:.6f}.sqlite"
    with provider(0.01, 0.05) as stub:
        with subprocess.Popen(stub.client(*asked(ledger)), stdout=subprocess.PIPE) as process:
            while stub.log()["calls"] < moment * DRAWS and process.poll() is None:
                time.sleep(0.002)
            time.sleep(moment * 0.05)
            process.kill()
        time.sleep(0.2)  # what had reached the stub is in its log by now
        made = stub.log()["calls"]
        lost = made - kept(ledger)
        told = stub.fit(*asked(ledger))
        calls = stub.log()["calls"]
    same = [told[part] == calm[part] for part in ("draws", "chosen")]
    return {"made": made, "lost": lost, "calls": calls, "same": all(same)}


def all_killed(count: int) -> dict[str, float]:
    """Runs killed at random moments."""
    moments = random.Random(0)
    with tempfile.TemporaryDirectory() as folder:
        with provider() as stub:
            calm = stub.fit(*asked(Path(folder, "calm.sqlite")))
        runs = [killed(moments.random(), calm, Path(folder)) for _ in range(count)]
    return {
        "runs": count,
        "killed_between": sum(0 < run["made"] < DRAWS for run in runs),
        "most_calls": max(run["calls"] for run in runs),
        "most_lost": max(run["lost"] for run in runs),
        "most_calls_beyond_lost": max(run["calls"] - run["lost"] for run in runs),
        "same_result": sum(run["same"] for run in runs),
    }


def thousand() -> float:
    """Peak memory of a fit of 1,000 draws and of the largest process below it, in MiB."""
    with provider() as stub:
        return stub.fit("--bits", 100, "--k", 1000, "--concurrency", CALLS_AT_A_TIME)["peak_mib"]


def target(value: float, limit: float, *, least: bool = False) -> dict[str, object]:
    return {"value": value, "limit": limit, "met": value >= limit if least else value <= limit}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--kills", type=int, default=50)
    given = parser.parse_args()
    run, kills, peak = one_run(), all_killed(given.kills), thousand()
    figures = {
        "run": run,
        "killed": kills,
        "latency_seconds": LATENCY_SECONDS,
        "first_byte_seconds": FIRST_SECONDS,
        "calls_at_a_time": CALLS_AT_A_TIME,
    }
    before = run["before_second_batch_seconds"]
    targets = {
        "of_ideal_seconds": target(run["of_ideal"], 1.15),
        "full_price_share": target(run["full_price_share"], 0.10),
        "first_verified_before_second_batch_seconds": target(before, 0.0, least=True),
        "killed_calls_beyond_those_in_flight": target(kills["most_calls_beyond_lost"], DRAWS),
        "killed_calls_in_flight": target(kills["most_lost"], CALLS_AT_A_TIME),
        "killed_same_result": target(kills["same_result"], given.kills, least=True),
        "thousand_draws_mib": target(peak, 300),
    }
    report = {"figures": figures, "targets": targets}
    print(json.dumps(report) if given.json else json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
