"""The report of a ledger: what was drawn, what it cost, what was chosen."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from hashlib import sha256

import pytest

import llmerm
from llmerm.errors import LedgerError
from llmerm.ledger import Ledger, Run
from llmerm.proposers.scripted import ScriptedProposer
from llmerm.report import report
from llmerm.typing import Failed, Proposal, SampleError, Scored, Usage

HOSTILE = "\x1b[2J[red]"
SCRIPT = [
    "def f(x): return 0",
    "def f(x",
    Failed("refused", HOSTILE),
    f"def f(x):\n    '''{HOSTILE}'''\n    return x % 2",
]
USAGE = Usage(1, 100, 60, 0, 20, 10, 0.25)


@pytest.fixture(scope="module")
def ledger(tmp_path_factory):
    """A fit of four draws, kept."""
    path = tmp_path_factory.mktemp("ledger") / "run.sqlite"
    samples = llmerm.Samples.of([(i, i % 2) for i in range(80)])
    proposer = ScriptedProposer(SCRIPT, usage=USAGE)
    result = llmerm.fit(samples, 4, proposer=proposer, ledger=path)
    assert result.held_out_error == 0
    return path


def llmerm_report(*arguments):
    """The finished process of `llmerm report ARGUMENTS`."""
    return subprocess.run(
        [sys.executable, "-m", "llmerm", "report", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "COLUMNS": "160"},
    )


def test_a_report_counts_outcomes_and_adds_up_costs(ledger):
    """As the fit had them."""
    (run,) = report(ledger)
    assert run.outcomes == {"scored": 2, "syntax_error": 1, "refused": 1}
    assert run.usage == sum([USAGE] * 4, Usage())
    assert [draw.proposal.draw for draw in run.draws] == [0, 1, 2, 3]
    (selection,) = run.selections.values()
    assert selection["draw"] == 3
    assert run.source(3) == SCRIPT[3]
    assert run.source(2) is None


def test_a_verdict_is_read_back_as_it_was(tmp_path):
    """Scores with infinite parts and errors of samples, failures, and a draw without a verdict."""
    run = Run("openai", {"model": "m"}, "t" * 64, "a description", 3, "a prompt")
    verdicts = [
        Scored(0.5, float("inf"), 12.0, 2, SampleError("ValueError", "no")),
        Scored(None, 0.0, 3.0),
        Failed("timeout", "1 s"),
    ]
    with Ledger(tmp_path / "l.sqlite") as ledger:
        ledger.begin(run)
        for draw, verdict in enumerate(verdicts):
            ledger.record(run, Proposal(draw, "def f(x): return 1"))
            ledger.judge(run, draw, "h", verdict)
        ledger.record(run, Proposal(3, "def f(x): return 2"))
    (found,) = report(tmp_path / "l.sqlite")
    assert [draw.verdict for draw in found.draws] == [*verdicts, None]
    assert found.outcomes == {"scored": 2, "timeout": 1, "not judged": 1}
    assert found.prompt_hash == sha256(b"a prompt").hexdigest()
    assert found.run == run


def test_each_run_of_a_ledger_is_reported_in_order(tmp_path):
    """The oldest first; one without draws, too."""
    path = tmp_path / "l.sqlite"
    with Ledger(path) as ledger:
        for seed in (5, 2):
            ledger.begin(Run("p", {}, "t", None, seed))
    assert [(run.run.seed, run.draws, run.prompt_hash) for run in report(path)] == [
        (5, (), None),
        (2, (), None),
    ]


def test_a_report_has_the_place_of_each_run_among_those_on_the_same_samples(tmp_path):
    """Two fits of one series, and one that was asked for more candidates later."""
    path, odd = tmp_path / "l.sqlite", [(i, i % 2) for i in range(80)]
    for seed, k in ((0, 4), (1, 8), (0, 16)):
        llmerm.fit(odd, k, seed=seed, proposer=ScriptedProposer(SCRIPT), ledger=path)
    found = [[(use.position, use.k) for use in run.uses] for run in report(path)]
    assert found == [[(1, 4), (3, 16)], [(2, 8)]]


def test_what_is_no_ledger_is_refused(tmp_path):
    """A missing file, and a verdict that is none."""
    with pytest.raises(LedgerError, match="there is no ledger"):
        report(tmp_path / "none.sqlite")
    path, run = tmp_path / "l.sqlite", Run("p", {}, "t", None, 0)
    with Ledger(path) as ledger:
        ledger.begin(run)
        ledger.record(run, Proposal(0, "x"))
        ledger.judge(run, 0, "h", Failed("timeout"))
    for wrong in ("[]", "{}", '{"verdict": "scored"}', '{"verdict": "failed", "reason": "?"}'):
        with sqlite3.connect(path) as connection:
            connection.execute("UPDATE verdicts SET verdict = ?", (wrong,))
        connection.close()
        with pytest.raises(LedgerError, match="verdict that cannot be read"):
            report(path)


def test_the_command_shows_draws_costs_and_the_program(ledger):
    """A person reads it; nothing in it can steer the terminal."""
    done = llmerm_report(ledger)
    assert done.returncode == 0, done.stderr
    for part in (
        "run 1 of 1: proposer scripted, seed 0",
        "use number 1 of data ",
        ": k=4, loss zero_one",
        "4 draws: 2 scored",
        "spent 4 calls, 400 tokens in (240 from the cache), 80 out (40 to reason), $1.0000",
        "syntax_error",
        "draw 3, held-out error 0, train error 0",
        "return x % 2",
        "\\x1b[2J[red]",
    ):
        assert part in done.stdout
    assert "\x1b" not in done.stdout


def test_the_command_gives_json_with_replies_and_sources(ledger):
    """All that the ledger holds, for other programs."""
    done = llmerm_report(ledger, "--json")
    (run,) = json.loads(done.stdout)["runs"]
    assert run["draws"][3]["source"] == SCRIPT[3]
    assert run["draws"][3]["verdict"]["held_out_error"] == 0
    assert run["draws"][2]["failure"]["reason"] == "refused"
    assert run["usage"]["usd"] == 1.0
    assert [(use["position"], use["k"]) for use in run["uses"]] == [(1, 4)]
    assert run["outcomes"]["scored"] == 2


def test_the_command_shows_the_prompt_when_asked(tmp_path):
    """With control characters escaped, and its hash in any case."""
    path = tmp_path / "l.sqlite"
    with Ledger(path) as ledger:
        ledger.begin(Run("openai", {}, "t" * 64, None, 0, "Find the rule\x1b[2J"))
    plain, told = llmerm_report(path), llmerm_report(path, "--prompt")
    digest = sha256(b"Find the rule\x1b[2J").hexdigest()
    assert digest in plain.stdout
    assert "Find the rule" not in plain.stdout
    assert "Find the rule\\x1b[2J" in told.stdout


def test_the_command_names_a_ledger_that_is_missing(tmp_path):
    """One line, and the exit code 1."""
    done = llmerm_report(tmp_path / "none.sqlite")
    assert done.returncode == 1
    assert "there is no ledger at" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_ledger_without_runs_says_so(tmp_path):
    """It is a ledger, and nothing was drawn."""
    Ledger(tmp_path / "l.sqlite").close()
    assert "holds no runs" in llmerm_report(tmp_path / "l.sqlite").stdout
