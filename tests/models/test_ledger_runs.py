"""Runs that are killed, resumed, replayed and shared: nothing is paid for twice."""

from __future__ import annotations

import json
import logging
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import llmerm
from llmerm.errors import LedgerError
from llmerm.proposers.model_proposer import ModelProposer

from .client import NO_SEED_IS_RIGHT
from .conftest import model_at
from .stub import KEY, RIGHT, Step, as_json, by_seed

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

CLIENT = Path(__file__).with_name("client.py")


def command(server, ledger, k):
    return [sys.executable, CLIENT, server.url, "--ledger", ledger, "--k", str(k)]


def finished(server, ledger, k):
    told = subprocess.run(
        command(server, ledger, k), check=True, capture_output=True, text=True, timeout=120
    )
    return json.loads(told.stdout)


def fitted(samples, server, path, k=6, **options):
    model = model_at(server, "chat")
    return llmerm.fit(
        samples, k, proposer=ModelProposer(model), ledger=path, seed=NO_SEED_IS_RIGHT, **options
    )


def shown(result):
    return [(c.draw, c.proposal.source, c.held_out_error) for c in result.candidates]


@pytest.mark.parametrize("answered", [1, 7, 13])
def test_a_killed_run_pays_again_only_for_calls_in_flight(stub, tmp_path, answered):
    """After kill -9 and a second start: the result of a run that nothing disturbed."""
    k = 16
    server = stub(by_seed=by_seed, latency=0.1)
    with subprocess.Popen(command(server, tmp_path / "l", k), stdout=subprocess.PIPE) as process:
        while server.log.served < answered:
            assert process.poll() is None
            time.sleep(0.002)
        process.send_signal(signal.SIGKILL)
    unread = server.log.calls - len(drawn(tmp_path / "l"))
    told = finished(server, tmp_path / "l", k)
    calm = finished(stub(by_seed=by_seed), tmp_path / "calm", k)
    assert unread <= 8 + 1  # eight calls at a time; one may have been answered and not yet kept
    assert server.log.calls == k + unread
    assert [told["draws"], told["chosen"]] == [calm["draws"], calm["chosen"]]


def drawn(path):
    with llmerm.Ledger(path, create=False) as ledger:
        return [draw for run in ledger.runs() for draw in ledger.draws(run)]


def test_a_resumed_run_pays_nothing_twice_and_more_draws_only_for_themselves(stub, odd, tmp_path):
    """Six draws, the same again, then two more."""
    server = stub(by_seed=by_seed)
    first = fitted(odd, server, tmp_path / "l")
    again = fitted(odd, server, tmp_path / "l")
    assert server.log.calls == 6
    assert shown(first) == shown(again)
    fitted(odd, server, tmp_path / "l", k=8)
    assert server.log.calls == 8


def test_a_replay_gives_the_same_choice_without_a_server(stub, odd, tmp_path):
    """Offline, at no cost, run again in the sandbox."""
    server = stub(by_seed=by_seed)
    first = fitted(odd, server, tmp_path / "l")
    server.__exit__()
    again = llmerm.fit(odd, 6, proposer=f"replay:{tmp_path / 'l'}", seed=NO_SEED_IS_RIGHT)
    assert shown(first) == shown(again)
    assert first.chosen == again.chosen
    assert again.usage.calls == 0


def test_other_data_in_the_same_ledger_are_other_draws(stub, odd, tmp_path):
    """Nothing of one is taken for the other, and a replay of what is not there is refused."""
    server = stub(by_seed=by_seed)
    fitted(odd, server, tmp_path / "l")
    other = [(i, i % 2) for i in range(100, 180)]
    with pytest.raises(LedgerError, match="no draws for these training samples"):
        llmerm.fit(other, proposer=f"replay:{tmp_path / 'l'}", seed=NO_SEED_IS_RIGHT)
    fitted(other, server, tmp_path / "l")
    assert server.log.calls == 12


def test_two_processes_may_share_a_ledger(stub, tmp_path):
    """Both end, with one result."""
    server = stub(by_seed=by_seed, latency=0.02)
    both = [
        subprocess.Popen(command(server, tmp_path / "l", 12), stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    told = [json.loads(process.communicate(timeout=120)[0]) for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert told[0]["draws"] == told[1]["draws"]
    assert sorted(drawn(tmp_path / "l")) == list(range(12))


def test_a_key_is_in_no_ledger_log_or_prompt(stub, odd, api, tmp_path, caplog, monkeypatch):
    """Nor in a body; only in the one header that carries it. A server that repeats it is hidden."""
    caplog.set_level(logging.DEBUG)
    variable = "ANTHROPIC_API_KEY" if api == "messages" else "OPENAI_API_KEY"
    monkeypatch.setenv(variable, KEY)
    seen = "import os\ndef f(x):\n    return str(sorted(os.environ.items()))"
    server = stub(Step(as_json(seen)), default=Step(as_json(RIGHT)))
    model = model_at(server, api, api_key=None, concurrency=1)
    result = llmerm.fit(odd, 2, proposer=ModelProposer(model), ledger=tmp_path / "l")
    held = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"def f" in held
    assert KEY.encode() not in held
    assert KEY not in caplog.text
    assert KEY not in json.dumps(server.log.bodies)
    assert KEY not in repr(result)
    assert all(len(re.findall(KEY, json.dumps(headers))) == 1 for headers in server.log.headers)


CASES = {
    "def f(x):\n    while True:\n        pass": "timeout",
    "import os\ndef f(x):\n    os._exit(7)": "exit",
    "raise SystemExit(3)\ndef f(x):\n    return x % 2": "load_error",
    "import math\ndef f(x):\n    return int(math.fmod(x, 2))": None,
    "def last(x):\n    return x % 2\n\ndef f(x):\n    return last(x)": None,
    "def f(x):\n    return x if x < 2 else f(x - 2)": None,
    "f = lambda x: x % 2": None,
}


@pytest.mark.parametrize("code", CASES)
def test_a_candidate_is_scored_rightly_through_the_whole_pipeline(stub, odd, code):
    """One that loops or leaves has its reason; an import, a helper and recursion work."""
    result = llmerm.fit(
        odd, 1, proposer=ModelProposer(model_at(stub(default=Step(as_json(code))), "chat"))
    )
    verdict = result.candidates[0].verdict
    if CASES[code] is None:
        assert result.held_out_error == 0
    else:
        assert verdict.reason == CASES[code]


def test_a_candidate_writes_no_file(stub, odd, tmp_path):
    """Whatever it tries."""
    target = tmp_path / "written"
    code = f"def f(x):\n    open({os.fspath(target)!r}, 'w').write('here')\n    return x % 2"
    llmerm.fit(odd, 1, proposer=ModelProposer(model_at(stub(default=Step(as_json(code))), "chat")))
    assert not target.exists()
