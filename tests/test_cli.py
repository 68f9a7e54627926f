"""The command line, as a user runs it: a process of its own."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys

import pytest
from sklearn.datasets import load_iris

from llmerm.sandbox.checkup import OPENS_A_SOCKET, READS_A_FILE

COMMAND = [sys.executable, "-m", "llmerm"]


def llmerm(*arguments, cwd=None, **environment):
    """The finished process of `llmerm ARGUMENTS`."""
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=120,
        cwd=cwd,
        env={**os.environ, "COLUMNS": "200", **environment},
    )


@pytest.fixture
def table(tmp_path):
    """A table whose label is 1 where n is above 41; none is between 41 and 61."""
    path = tmp_path / "table.csv"
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["name", "n", "y"])
        rows.writerows(["ab"[i % 2], i + 20 * (i > 41), int(i > 41)] for i in range(84))
    return path


def test_fit_learns_a_rule_from_a_table(table):
    """The JSON has the program, its errors, the certificate and the provenance."""
    done = llmerm("fit", table, "--target", "y", "--proposer", "enumerate", "--json")
    assert done.returncode == 0, done.stderr
    shown = json.loads(done.stdout)
    assert shown["status"] == "verified"
    assert shown["held_out_error"] == 0
    namespace = {}
    exec(shown["source"], namespace)
    assert [namespace["f"]({"name": "a", "n": n}) for n in (0, 41, 61, 99)] == [0, 0, 1, 1]
    assert 0 < shown["error_bound"] < 0.2
    assert shown["provenance"]["proposer"] == "enumerate"


def test_fit_prints_a_table_and_a_sentence(table):
    """Without --json a person reads it."""
    done = llmerm("fit", table, "--target", "y", "--proposer", "enumerate")
    assert done.returncode == 0, done.stderr
    for part in ("def f(x):", "with confidence 0.95", "isolation:", "held-out error 0"):
        assert part in done.stdout


def test_fit_on_a_real_data_set(tmp_path):
    """Iris, exported: a program for three classes that errs on few held-out flowers."""
    data, path = load_iris(), tmp_path / "iris.csv"
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow([*data.feature_names, "species"])
        rows.writerows(
            [*x, data.target_names[y]] for x, y in zip(data.data, data.target, strict=True)
        )
    done = llmerm("fit", path, "--target", "species", "--proposer", "enumerate", "--json")
    assert done.returncode == 0, done.stderr
    shown = json.loads(done.stdout)
    assert shown["status"] in ("verified", "best_effort")
    assert shown["held_out_error"] < 0.12
    assert shown["chance_error"] > 0.6


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["fit", "none.csv", "--target", "y"], "cannot be read: No such file"),
        (["fit", "TABLE"], "Pass --target COLUMN"),
        (["fit", "TABLE", "--target", "yy"], "Did you mean 'y'?"),
        (["fit", "TABLE", "--target", "y", "--k", "0"], "`k` must be an integer of at least 1, got 0"),
        (["fit", "TABLE", "--target", "y", "--held-out", "1"], "`held_out` must be in [0, 1)"),
        (["fit", "TABLE", "--target", "y", "--proposer", "enumarate"], "Did you mean 'enumerate'?"),
        (["fit", "TABLE", "--target", "y", "--loss", "l2"], "unknown loss 'l2'"),
        (["fit", "TABLE", "--target", "name", "--loss", "absolute"], "needs numbers"),
        (["demo", "--n", "7"], "n=7"),
    ],
)  # fmt: skip
def test_bad_input_is_one_clear_line(table, arguments, says):
    """No traceback, exit code 1, the message on the error stream."""
    done = llmerm(*[table if a == "TABLE" else a for a in arguments])
    assert done.returncode == 1
    assert says in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_a_ledger_is_resumed_from_the_command_line(table, tmp_path):
    """The second run replays the first one's draws."""
    ledger = tmp_path / "run.sqlite"
    arguments = ["fit", table, "--target", "y", "--json", "--ledger", ledger]
    first = json.loads(llmerm(*arguments, "--proposer", "enumerate").stdout)
    again = json.loads(
        llmerm("fit", table, "--target", "y", "--json", "--proposer", f"replay:{ledger}").stdout
    )
    assert first["source"] == again["source"]


def test_auto_takes_the_embedded_search_and_says_so(table):
    """Where no key is set, nothing is asked of anybody."""
    done = llmerm("fit", table, "--target", "y", "--json", OPENAI_API_KEY="", ANTHROPIC_API_KEY="")
    provenance = json.loads(done.stdout)["provenance"]
    assert provenance["proposer"] == "enumerate"
    assert "neither OPENAI_API_KEY nor ANTHROPIC_API_KEY is set" in provenance["chosen_because"]


def test_a_dry_run_shows_prompt_and_highest_cost_and_calls_nothing(table):
    """The server does not even exist; the tokens are a bound, and loopback is free."""
    environment = {"OPENAI_BASE_URL": "http://127.0.0.1:9/v1", "OPENAI_API_KEY": "sk-secret-1234"}
    arguments = ["fit", table, "--target", "y", "--proposer", "openai:tiny", "--dry-run"]
    done = llmerm(*arguments, "--description", "n is large", "--json", **environment)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert "n is large" in told["prompt"]
    assert told["most"]["calls"] == 2
    assert told["most"]["tokens_in"] >= len(told["prompt"]) / 2
    assert told["most"]["usd"] == 0
    shown = llmerm(*arguments, "--anonymise", "--max-prompt-samples", "4", **environment)
    assert "Nothing was called" in shown.stdout
    assert "name" not in shown.stdout.partition("samples")[2][:40]
    assert "sk-secret" not in done.stdout + shown.stdout


def test_what_is_for_models_is_refused_elsewhere(table):
    """The embedded search reads no prompt."""
    done = llmerm("fit", table, "--target", "y", "--proposer", "enumerate", "--anonymise")
    assert done.returncode == 1
    assert "are for models, 'enumerate' is none" in done.stderr


def test_tasks_lists_every_family():
    """With a line on each."""
    shown = json.loads(llmerm("tasks", "--json").stdout)["tasks"]
    assert {"parity", "dyck2", "is_prime", "sha256_parity"} <= shown.keys()
    assert all(shown.values())
    assert "dyck2" in llmerm("tasks").stdout


def test_help_teaches_by_example():
    """Every command shows one; the version is printed."""
    for command in ("demo", "fit", "tasks", "doctor"):
        assert f"llmerm {command}" in llmerm(command, "--help").stdout
    assert llmerm("--version").stdout.strip() == "0.1.0"


def test_the_demo_in_small_is_one_json_object():
    """At n = 40: thirteen rows with the documented keys, most rules exact, SHA-256 abstained."""
    done = llmerm("demo", "--json", "--n", "40", OPENAI_API_KEY="sk-not-used")
    assert done.returncode == 0, done.stderr
    shown = json.loads(done.stdout)
    assert shown["proposer"] == "enumerate"
    assert shown["isolation"]
    rows = {row["task"]: row for row in shown["tasks"]}
    assert len(rows) == 13
    wanted = {
        "task",
        "n",
        "status",
        "source",
        "test_accuracy",
        "longer_accuracy",
        "error_bound",
        "seconds",
    }
    assert all(wanted <= row.keys() for row in rows.values())
    assert rows["SHA-256 parity"]["status"] == "abstained"
    assert rows["SHA-256 parity"]["source"] is None
    assert sum(row["test_accuracy"] == 1.0 for row in rows.values()) >= 8
    assert all(row["usage"]["usd"] == 0 for row in rows.values())


def test_a_long_program_is_printed_whole(tmp_path):
    """In a narrow terminal and in a pipe, code wraps and is never cut."""
    names = ("a rather long name of a column", "another rather long name")
    rows = [{names[0]: i, names[1]: -i, "y": "above" if i > 50 else "below"} for i in range(100)]
    path = tmp_path / "rows.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)))
    arguments = ["fit", path, "--target", "y", "--proposer", "enumerate"]
    source = json.loads(llmerm(*arguments, "--json").stdout)["source"]
    assert max(map(len, source.splitlines())) > 40
    assert "".join(source.split()) in "".join(llmerm(*arguments, COLUMNS="40").stdout.split())


def test_doctor_shows_every_layer_and_what_it_tried():
    """A person reads the layers, the backend, and that the hostile programs were contained."""
    done = llmerm("doctor")
    assert done.returncode == 0, done.stderr
    for part in ("limits", "seccomp", "landlock", "namespaces", "monty", "sandbox: LinuxSandbox"):
        assert part in done.stdout
    assert "ok: an honest program: scored right" in done.stdout
    assert done.stdout.count("contained: PermissionError") == 2


def test_doctor_as_json():
    """The same for programs."""
    shown = json.loads(llmerm("doctor", "--json").stdout)
    assert shown["safe"] is True
    assert shown["backend"] == "LinuxSandbox"
    assert "seccomp" in shown["isolation"]
    layers = {layer["name"]: layer for layer in shown["layers"]}
    assert layers["seccomp"]["present"]
    assert all(layer["present"] or layer["remedy"] for layer in layers.values())
    assert [check["passed"] for check in shown["checks"]] == [True] * 3


WITHOUT = """
import sys
for name in sys.argv.pop(1).split(","):
    sys.modules[name] = None
from llmerm.cli import main
main()
"""


def without(packages, *arguments):
    """The finished process of `llmerm ARGUMENTS` where these packages are not installed."""
    return subprocess.run(
        [sys.executable, "-c", WITHOUT, packages, *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "COLUMNS": "200"},
    )


def test_doctor_says_how_to_get_a_sandbox_where_there_is_none():
    """Exit code 1, what is missing, and what to install."""
    done = without("seccompy,pydantic_monty", "doctor")
    assert done.returncode == 1, done.stderr
    assert "sandbox: none" in done.stdout
    for part in ("pip install seccompy", "pip install 'llmerm[monty]'"):
        assert part in done.stdout


def test_doctor_where_only_the_interpreter_is_left():
    """Without seccomp, Monty is tried, and contains the same."""
    pytest.importorskip("pydantic_monty")
    done = without("seccompy", "doctor", "--json")
    assert done.returncode == 0, done.stderr
    shown = json.loads(done.stdout)
    assert shown["backend"] == "MontySandbox"
    assert [check["passed"] for check in shown["checks"]] == [True] * 3


def test_the_hostile_programs_of_doctor_would_work_outside():
    """In a plain interpreter both get what they want: that they fail inside means something."""
    for source in (READS_A_FILE, OPENS_A_SOCKET):
        command = [sys.executable, "-c", f"{source}\nprint(f('0'))"]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        assert done.stdout.strip()
