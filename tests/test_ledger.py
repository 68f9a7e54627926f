"""The ledger: on disk at once, shared by processes, refused when it is not one."""

from __future__ import annotations

import sqlite3
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmerm.errors import LedgerError
from llmerm.ledger import Ledger, Run
from llmerm.typing import Failed, Proposal, Scored, Usage

RUN = Run("scripted", {"a": [1, "é"]}, "f" * 64, None, 7)


@given(
    source=st.text(st.characters(exclude_categories=[])),
    bits=st.none() | st.floats(0, 1e6),
    usd=st.floats(0, 10),
)
def test_what_is_recorded_is_read_back(tmp_path_factory, source, bits, usd):
    """Any text and any figures survive the file, lone surrogates included."""
    path = tmp_path_factory.mktemp("ledger") / "l.sqlite"
    proposal = Proposal(3, source, Failed("no_code", "none"), bits, source, Usage(1, 2, usd=usd))
    with Ledger(path) as ledger:
        ledger.begin(RUN)
        ledger.record(RUN, proposal)
        ledger.judge(RUN, 3, "h", Scored(0.0, float("inf"), 8.0))
    with Ledger(path, create=False) as ledger:
        assert ledger.draws(RUN) == {3: proposal}
        assert ledger.runs() == [RUN]
        assert "Infinity" in ledger.verdicts(RUN)[3]


def test_the_first_record_of_a_draw_stays(tmp_path):
    """A draw that was paid for is never overwritten."""
    with Ledger(tmp_path / "l.sqlite") as ledger:
        ledger.begin(RUN)
        ledger.record(RUN, Proposal(0, "first"))
        ledger.record(RUN, Proposal(0, "second"))
        assert ledger.draws(RUN)[0].source == "first"


def test_another_process_sees_a_draw_as_soon_as_it_is_recorded(tmp_path):
    """Record returns after the commit."""
    path = tmp_path / "l.sqlite"
    with Ledger(path) as ledger:
        ledger.begin(RUN)
        ledger.record(RUN, Proposal(0, "def f(x): return 1"))
        count = "import sqlite3, sys; print(*sqlite3.connect(sys.argv[1]).execute('select count(*) from draws').fetchone())"
        seen = subprocess.run(
            [sys.executable, "-c", count, path], capture_output=True, text=True, check=True
        )
        assert seen.stdout == "1\n"


def test_two_processes_may_write_at_once(tmp_path):
    """Neither loses a draw."""
    path = tmp_path / "l.sqlite"
    code = (
        "import sys\nfrom llmerm.ledger import Ledger, Run\nfrom llmerm.typing import Proposal\n"
        "run = Run('p', {}, 't', None, int(sys.argv[2]))\n"
        "with Ledger(sys.argv[1]) as ledger:\n    ledger.begin(run)\n"
        "    [ledger.record(run, Proposal(i, 'x')) for i in range(40)]\n"
    )
    both = [subprocess.Popen([sys.executable, "-c", code, path, str(seed)]) for seed in (1, 2)]
    assert [process.wait(60) for process in both] == [0, 0]
    with Ledger(path) as ledger:
        assert [len(ledger.draws(run)) for run in ledger.runs()] == [40, 40]


def test_a_new_ledger_may_be_opened_by_several_processes_at_the_same_moment(tmp_path):
    """Each waits for the one that makes the file, also while the journal changes its kind."""
    code = (
        "import os, sys\nfrom llmerm.ledger import Ledger\n"
        "print(flush=True)\nwhile not os.path.exists(sys.argv[2]): pass\n"
        "Ledger(sys.argv[1]).close()\n"
    )
    for attempt in range(5):
        paths = [str(tmp_path / f"{attempt}.sqlite"), str(tmp_path / f"{attempt}.go")]
        command = [sys.executable, "-c", code, *paths]
        all_of_them = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(3)]
        assert all(process.stdout.readline() for process in all_of_them)
        (tmp_path / f"{attempt}.go").touch()
        for process in all_of_them:
            process.communicate(timeout=60)
        assert [process.returncode for process in all_of_them] == [0, 0, 0]


def test_what_was_chosen_and_noted_is_read_back(tmp_path):
    """The last selection on a held-out set stands, and so does the last note of a name."""
    with Ledger(tmp_path / "l.sqlite") as ledger:
        ledger.begin(RUN)
        for draw in (4, 2):
            ledger.choose(RUN, "h", {"draw": draw})
            ledger.note(RUN, "batch", f"number {draw}")
        assert ledger.selections(RUN) == {"h": '{"draw": 2}'}
        assert ledger.notes(RUN) == {"batch": "number 2"}


def test_what_is_no_ledger_is_refused(tmp_path):
    """Another file, another format, a missing folder: each says what to do."""
    (tmp_path / "text").write_text("not a database, but long enough to be looked at " * 20)
    other = sqlite3.connect(tmp_path / "other.sqlite")
    other.execute("create table t (a)")
    other.execute("pragma user_version = 99")
    other.commit()
    other.close()
    for path, says in [
        (tmp_path / "text", "cannot be used as a ledger"),
        (tmp_path / "other.sqlite", "has ledger format 99"),
        (tmp_path / "none" / "l.sqlite", "cannot be used as a ledger"),
    ]:
        with pytest.raises(LedgerError, match=says):
            Ledger(path)
    with pytest.raises(LedgerError, match="there is no ledger"):
        Ledger(tmp_path / "missing.sqlite", create=False)


def test_a_ledger_that_cannot_be_written_says_what_is_kept(tmp_path):
    """A full or read-only disk stops the run with the next step."""
    with Ledger(tmp_path / "l.sqlite") as ledger:
        ledger.begin(RUN)
        ledger._file.connection.execute("PRAGMA query_only=ON")
        with pytest.raises(LedgerError, match="What was drawn before is kept"):
            ledger.record(RUN, Proposal(0, "x"))


def test_two_processes_that_make_one_run_score_the_same_draws(tmp_path):
    """Whoever kept a draw first: a certificate for k candidates is about those k alone."""
    path = tmp_path / "l.sqlite"
    with Ledger(path) as ledger:
        ledger.begin(RUN)
        assert ledger.record(RUN, Proposal(0, "mine")).source == "mine"
    with Ledger(path) as other:
        assert other.record(RUN, Proposal(0, "another")).source == "mine"
