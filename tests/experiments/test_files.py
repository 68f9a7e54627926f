"""The files of an experiment: complete, the same again, and a clear error where they cannot be."""

from __future__ import annotations

import csv
import os
import subprocess
import sys

import pytest

from llmerm.errors import SweepError
from llmerm.experiments.run import plan, run
from llmerm.experiments.sweep import kept

FILES = {
    "cells.csv", "timings.csv", "table.csv", "table.md", "table.tex", "figure.svg", "figure.pdf",
    "report.html",
}  # fmt: skip


def test_a_run_writes_every_file_and_the_same_again(options, tmp_path):
    """From the ledger, without measuring; only the report and the times speak of the clock."""
    out = tmp_path / "new" / "out"
    run("paper-table", options(), out=out)
    assert {path.name for path in out.iterdir()} == FILES | {"ledger.sqlite"}
    first = {name: (out / name).read_bytes() for name in FILES}
    run("paper-table", options(), out=out)
    assert {name: (out / name).read_bytes() for name in FILES} == first


def test_cells_csv_has_a_row_for_each_test(options, tmp_path):
    """With the program and without a clock."""
    run("paper-table", options(seeds=(0,)), out=tmp_path)
    with (tmp_path / "cells.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["method"], row["status"]) for row in rows] == [
        ("enumerate", "verified"), ("majority", "trained"),
    ]  # fmt: skip
    assert float(rows[0]["accuracy"]) == 1.0
    assert "def f(x)" in rows[0]["source"]
    assert not [name for name in rows[0] if "second" in name]


def test_a_plan_measures_nothing(options, tmp_path):
    """It says what is left, before and after."""
    told = plan("paper-table", options(), out=tmp_path / "out")
    assert (told.cells, told.done, told.seconds) == (4, 0, None)
    assert not (tmp_path / "out").exists()
    run("paper-table", options(), out=tmp_path / "out")
    told = plan("paper-table", options(seeds=(0, 1, 2)), out=tmp_path / "out")
    assert (told.cells, told.done) == (6, 4)
    assert told.seconds > 0


def test_a_folder_that_cannot_be_made_is_told_before_anything_is_measured(options, tmp_path):
    """Here a file is in its place."""
    (tmp_path / "file").write_text("")
    with pytest.raises(SweepError, match="Nothing was measured"):
        run("paper-table", options(), out=tmp_path / "file" / "out")


def test_a_file_that_cannot_be_written_leaves_the_cells(options, tmp_path):
    """The ledger has them all, and once there is a way they are written from there."""
    bench, book = "paper-table", tmp_path / "l.sqlite"
    (tmp_path / "out" / ".cells.csv.part").mkdir(parents=True)
    with pytest.raises(
        SweepError, match=r"cells\.csv cannot be written: .* nothing is measured twice"
    ):
        run(bench, options(), out=tmp_path / "out", ledger=book)
    (tmp_path / "out" / ".cells.csv.part").rmdir()
    assert plan(bench, options(), out=tmp_path / "out", ledger=book).done == 4
    run(bench, options(), out=tmp_path / "out", ledger=book)
    assert (tmp_path / "out" / "report.html").exists()


FULL = """
import resource, sys
from llmerm.errors import LlmermError
from llmerm.experiments.options import Options
from llmerm.experiments.run import run
options = Options(tasks=("parity",), methods=("majority",), n=20, n_test=200, seeds=tuple(range(400)))
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
try:
    run("paper-table", options, out=sys.argv[1], progress=lambda at: print(at.done, flush=True))
except LlmermError as error:
    sys.exit(f"{type(error).__name__}: {error}")
"""


def test_a_full_disk_stops_a_sweep_and_keeps_what_was_finished(options, tmp_path):
    """No file may grow beyond 200 kB: the ledger's log is full in the middle."""
    command = [sys.executable, "-c", FULL, str(tmp_path / "out"), "200000"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, env={**os.environ})
    assert done.returncode == 1
    assert "LedgerError" in done.stderr
    assert "cannot be written" in done.stderr
    assert "Traceback" not in done.stderr
    finished = int(done.stdout.split()[-1])
    assert 0 < finished < 400
    from llmerm.experiments.benches import registry
    from llmerm.experiments.options import Options

    every = Options(
        tasks=("parity",), methods=("majority",), n=20, n_test=200, seeds=tuple(range(400))
    )
    cells = registry.get("paper-table").cells(every)
    assert len(kept(cells, tmp_path / "out" / "ledger.sqlite")) >= finished
