"""`llmerm bench`, as a user runs it: a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys

import pytest

QUICK = [
    "--tasks", "parity", "--methods", "enumerate,majority", "--n", "12", "--m", "80",
    "--n-test", "300",
]  # fmt: skip


def bench(*arguments, cwd, columns="160"):
    """The finished process of `llmerm bench ARGUMENTS`."""
    return subprocess.run(
        [sys.executable, "-m", "llmerm", "bench", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=240,
        cwd=cwd,
        env={**os.environ, "COLUMNS": columns},
    )


def test_a_bench_shows_its_table_and_says_where_its_report_is(tmp_path):
    """With the plan first and a line a cell."""
    done = bench("paper-table", *QUICK, "--seeds", "1", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "2 cells, 0 of them done" in done.stderr
    assert "no model is asked" in done.stderr
    assert "[2/2]" in done.stderr
    assert "100.0 [98.8, 100.0]" in done.stdout
    assert "bench-paper-table/report.html" in done.stdout.replace("\n", "")
    assert (tmp_path / "bench-paper-table" / "report.html").exists()


def test_a_narrow_terminal_gets_means_and_is_told_where_the_intervals_are(tmp_path):
    """No column is cut into pieces."""
    quick = ["--methods", "majority", *QUICK[:2], *QUICK[4:], "--seeds", "1"]
    narrow = bench("paper-table", *quick, cwd=tmp_path, columns="24")
    assert narrow.returncode == 0, narrow.stderr
    assert "too narrow for the intervals" in " ".join(narrow.stdout.split())
    assert "50.0 [" not in narrow.stdout


def test_json_is_one_object(tmp_path):
    """On two processes, with the means and their intervals."""
    done = bench(
        "paper-table",
        *QUICK,
        "--seeds",
        "2",
        "--json",
        "--workers",
        "2",
        "--out",
        "o",
        cwd=tmp_path,
    )
    shown = json.loads(done.stdout)
    assert (shown["cells"], shown["measured"], shown["stopped"]) == (4, 4, "")
    assert shown["columns"] == ["task", "enumerate", "majority"]
    assert shown["rows"][0][1]["mean"] == 1.0


def test_without_a_name_the_experiments_are_listed(tmp_path):
    """With their questions."""
    shown = json.loads(bench("--json", cwd=tmp_path).stdout)["benches"]
    assert list(shown) == [
        "paper-table", "data-scaling", "length-generalisation", "candidates", "description-length",
        "sgd-gap", "probes",
    ]  # fmt: skip
    assert all(question.endswith("?") for question in shown.values())
    assert "data-scaling" in bench(cwd=tmp_path).stdout


def test_a_dry_run_measures_nothing(tmp_path):
    """And makes no folder."""
    done = bench("paper-table", *QUICK, "--dry-run", cwd=tmp_path)
    assert "10 cells" in done.stdout
    assert "Nothing was measured" in done.stdout
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["paper-tabel"], "Did you mean 'paper-table'"),
        (["paper-table", "--tasks", "parrity"], "Did you mean 'parity'"),
        (["paper-table", "--methods", "enumarate"], "Did you mean 'enumerate'"),
        (["paper-table", "--m", "many"], "--m takes whole numbers"),
        (["paper-table", "--m", "0"], "`m` must be integers of at least 2, got 0"),
        (["paper-table", "--seeds", "0"], "`seeds` is empty"),
        (["paper-table", "--workers", "0"], "`workers` must be at least 1, got 0"),
        (["paper-table", "--out", "/proc/none/out"], "cannot be made"),
    ],
)
def test_bad_input_is_one_clear_line(tmp_path, arguments, says):
    """No traceback, exit code 1."""
    done = bench(*arguments, *([] if "--tasks" in arguments else QUICK[:2]), cwd=tmp_path)
    assert done.returncode == 1
    assert says in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


def test_an_interrupt_keeps_finished_cells_and_writes_what_there_is(tmp_path):
    """Ctrl-C: exit code 130, and the same command goes on."""
    command = [
        sys.executable,
        "-m",
        "llmerm",
        "bench",
        "paper-table",
        *QUICK,
        "--seeds",
        "40",
        "--out",
        "o",
    ]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=tmp_path) as process:
        assert "80 cells" in process.stderr.readline()
        for _ in range(3):
            process.stderr.readline()
        process.send_signal(signal.SIGINT)
        rest = process.stderr.read()
    assert process.returncode == 130, rest
    assert "Traceback" not in rest
    assert (tmp_path / "o" / "cells.csv").exists()
    told = bench(
        "paper-table", *QUICK, "--seeds", "40", "--out", "o", "--dry-run", "--json", cwd=tmp_path
    )
    assert json.loads(told.stdout)["done"] >= 3
