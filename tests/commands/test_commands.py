"""The commands that give away, apply and check rules."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys

import pytest

import llmerm
from llmerm.certificates import anytime
from llmerm.proposers.registry import Choice

from .conftest import ROWS, run

RULE = "def f(x): return x['n'] > 50"
FIT = ["fit", "table.csv", "--target", "y", "--proposer", "enumerate"]


def shown(done):
    """The JSON object that a command printed."""
    assert done.exit_code in (0, 3), done.output
    return json.loads(done.stdout)


def test_fit_writes_the_rule_and_the_result(here):
    """Both files work, and the JSON says where they are."""
    told = shown(run(*FIT, "--export", "mine.py", "--save", "mine.json", "--json"))
    assert (told["exported"], told["saved"]) == ("mine.py", "mine.json")
    assert subprocess.run([sys.executable, "-I", "mine.py"], check=True)
    assert llmerm.FitResult.load("mine.json").program.source == told["source"]


@pytest.mark.parametrize("option", ["--export", "--save"])
@pytest.mark.parametrize(("path", "says"), [("rule.py", "exists"), ("no/rule.py", "no folder")])
def test_a_file_that_cannot_be_written_is_said_before_the_work(
    here, option, path, says, monkeypatch
):
    """Nothing is drawn, nothing replaced."""
    before = (here / "rule.py").read_text()
    monkeypatch.setattr("llmerm.commands.fit.learn", lambda *_, **__: pytest.fail("it drew"))
    done = run(*FIT, option, path)
    assert done.exit_code == 1
    assert says in " ".join(done.stderr.split())
    assert (here / "rule.py").read_text() == before


def test_overwrite_replaces(here):
    """Only when one asks for it."""
    (here / "rule.py").write_text("old")
    assert run(*FIT, "--export", "rule.py", "--overwrite").exit_code == 0
    assert "def f" in (here / "rule.py").read_text()


def test_fit_that_abstains_has_exit_code_three(here):
    """The labels are a coin's: no program is shown to beat a constant; the file says so, too."""
    coins = "110100100011110101100010111000101101001101001110"
    lines = "\n".join(f"{i},{coin}" for i, coin in enumerate(coins))
    arguments = ["fit", "-", "--target", "c", "--proposer", "length_first", "--k", "1"]
    done = run(*arguments, "--json", given=f"i,c\n{lines}\n")
    assert done.exit_code == 3, done.output
    assert json.loads(done.stdout)["status"] == "abstained"


@pytest.mark.parametrize("rule", ["rule.json", "rule.py"])
def test_predict_gives_one_cell_a_row(here, rule):
    """CSV for CSV, from a file and from a pipe."""
    done = run("predict", rule, "new.csv")
    assert done.exit_code == 0, done.output
    assert done.stdout.split() == ["prediction", "0", "1"]
    piped = run("predict", rule, "-", given=(here / "new.csv").read_bytes())
    assert piped.stdout == done.stdout


def test_predict_gives_json_lines_for_json_lines(here):
    """And one object with --json; a label in the data is left out by its name."""
    given = "\n".join(json.dumps(row) for row in ROWS)
    done = run("predict", "rule.json", "-", "--target", "y", given=given)
    assert [json.loads(line) for line in done.stdout.splitlines()] == [row["y"] for row in ROWS]
    told = shown(run("predict", "rule.py", "table.csv", "--target", "y", "--json"))
    assert told == {"predictions": [row["y"] for row in ROWS], "errors": {}}
    csv_ = run("predict", "rule.json", "-", "--target", "y", "--to", "csv", given=given)
    assert csv_.stdout.splitlines()[0] == "prediction"


def test_rows_without_a_prediction_are_empty_and_counted(here):
    """The others have theirs; the exit code says that some have not."""
    (here / "bad.py").write_text("def f(x): return [6 // x]")
    done = run("predict", "bad.py", "-", given="n\n3\n0\n2\n")
    assert done.exit_code == 3
    assert list(csv.reader(io.StringIO(done.stdout))) == [["prediction"], ["[2]"], [""], ["[3]"]]
    assert "1 of 3 rows have no prediction: 1 ZeroDivisionError" in done.stderr
    assert "(the first is row " in done.stderr
    told = shown(run("predict", "bad.py", "-", "--json", given="n\n3\n0\n2\n"))
    assert told["predictions"] == [[2], None, [3]]
    assert told["errors"]["1"]["kind"] == "ZeroDivisionError"


def test_text_stays_text_for_a_rule_that_learned_from_text(here):
    """Codes without leading zeros are no numbers where the samples had text."""
    codes = [f"{i:06b}" for i in range(64)]
    samples = [(code, code.count("1") % 2) for code in codes]
    llmerm.verify("def f(x): return x.count('1') % 2", samples).save("codes.json")
    done = run("predict", "codes.json", "-", given="code\n101100\n110000\n")
    assert done.stdout.split() == ["prediction", "1", "0"]


def test_predict_runs_in_the_sandbox(here):
    """A rule that reads a file gets nothing, and nothing is written."""
    (here / "bad.py").write_text(
        "def f(x):\n    open('mark', 'w').close()\n    return open('table.csv').read()"
    )
    done = run("predict", "bad.py", "new.csv")
    assert "prediction" not in done.stdout.split()[1:]
    assert done.exit_code in (1, 3)
    assert not (here / "mark").exists()


@pytest.mark.parametrize("rule", ["rule.json", "rule.py"])
def test_verify_scores_a_rule_and_says_it_by_its_exit_code(here, rule):
    """0 where it holds on all rows; the certificate pays for one program."""
    done = run("verify", rule, "table.csv", "--target", "y", "--json")
    told = shown(done)
    assert done.exit_code == 0
    assert told["held_out_error"] == 0
    assert told["certificate"]["samples"] == 84
    assert told["certificate"]["count"] == 1


def test_a_rule_gets_no_certificate_on_the_samples_that_a_ledger_says_it_is_from(here):
    """The exported module is known there as the program that was drawn."""
    arguments = ["table.csv", "--target", "y", "--ledger", "run.sqlite", "--json"]
    told = shown(run("verify", "rule.py", *arguments))
    assert told["source"] == llmerm.FitResult.load("rule.json").program.source
    assert told["certificate"]["method"] == "none"
    assert "made from these samples or a part of them" in told["certificate"]["sentence"]


def test_verify_of_a_wrong_rule_has_exit_code_three(here):
    """Unless so many errors are tolerated."""
    (here / "half.py").write_text("def f(x): return int(x['n'] > 80)")
    arguments = ["verify", "half.py", "table.csv", "--target", "y"]
    wrong = sum(row["y"] != (row["n"] > 80) for row in ROWS) / len(ROWS)
    done = run(*arguments)
    assert done.exit_code == 3
    assert f"held-out error {wrong:.4g}" in done.stdout
    assert run(*arguments, "--tolerance", str(wrong)).exit_code == 0


def test_verify_counts_uses_in_a_ledger(here):
    """The second program pays for its place, and for the first; without a ledger nobody counts."""
    (here / "other.py").write_text("def f(x): return int(x['n'] > 50)")
    arguments = ["table.csv", "--target", "y", "--json"]
    counted = [*arguments, "--ledger", "tried.sqlite"]
    bounds = [
        shown(run("verify", rule, *options))["error_bound"]
        for rule, options in [("rule.py", arguments), ("rule.py", counted), ("other.py", counted)]
    ]
    samples = llmerm.Samples.from_csv("table.csv", target="y")
    series = [anytime(0, 84, position=place, each=place).bound for place in (1, 2)]
    assert bounds == pytest.approx([llmerm.verify(RULE, samples).certificate.bound, *series])
    assert bounds == sorted(bounds)


@pytest.mark.parametrize("source", [RULE, "def f(x): return 1"])
def test_controls_are_those_of_the_library(here, monkeypatch, source):
    """The text is theirs, the JSON has each run; exit code 3 where the fit itself abstains."""
    proposer = llmerm.ScriptedProposer([source])
    monkeypatch.setattr("llmerm.commands.asking.resolve", lambda _: Choice(proposer, "scripted"))
    samples = llmerm.Samples.from_csv("table.csv", target="y")
    expected = llmerm.controls(samples, 3, proposer=proposer, seed=2, tolerance=0.01)
    arguments = ["controls", "table.csv", "--target", "y", "--k", "3", "--seed", "2"]
    arguments += ["--proposer", "enumerate", "--proposer", "enumerate", "--tolerance", "0.01"]
    done = run(*arguments)
    assert done.stdout.rstrip() == str(expected)
    assert done.exit_code == (0 if source == RULE else 3)
    told = shown(run(*arguments, "--json"))
    assert [arm["name"] for arm in told["arms"]] == [arm.name for arm in expected.arms]
    assert [arm["error"] for arm in told["arms"]] == [arm.error for arm in expected.arms]
    intervals = [arm.interval and list(arm.interval) for arm in expected.arms]
    assert [arm["interval"] for arm in told["arms"]] == intervals
    bounds = [arm.certificate.bound for arm in expected.arms]
    assert [arm["error_bound"] for arm in told["arms"]] == bounds
    assert [arm["note"] for arm in told["arms"]] == [arm.note for arm in expected.arms]
    assert told["left_out"] == []
    assert told["earned"] == expected.earned
    assert told["arms"][0]["source"] == source


def test_a_control_that_was_not_run_is_named(here, monkeypatch):
    """With the reason; so is why a run scores as a constant."""
    (here / "numbers.csv").write_text("n,y\n" + "".join(f"{i},{i % 2}\n" for i in range(40)))
    proposer = llmerm.ScriptedProposer(["def f(x): return x % 2"])
    monkeypatch.setattr("llmerm.commands.asking.resolve", lambda _: Choice(proposer, "scripted"))
    two = ["--proposer", "enumerate"] * 2
    told = shown(run("controls", "numbers.csv", "--target", "y", *two, "--json"))
    assert [one["name"] for one in told["left_out"]] == ["names changed"]
    assert "have no names" in told["left_out"][0]["why"]


def test_controls_compare_held_out_errors_alone(here):
    """With nothing held out there are none to compare."""
    done = run("controls", "table.csv", "--target", "y", "--held-out", "0")
    assert done.exit_code == 1
    assert "`held_out` must be in (0, 1)" in done.stderr


def test_replay_gives_the_rule_of_the_recorded_run(here):
    """With the draw that was chosen then, at no cost, and k as it was declared."""
    told = shown(run("replay", "run.sqlite", "table.csv", "--target", "y", "--json"))
    assert told["source"] == llmerm.FitResult.load("rule.json").program.source
    assert told["recorded_draw"] == 0
    assert told["provenance"]["proposer"] == "replay"
    assert told["provenance"]["k"] == 16
    assert told["usage"]["calls"] == 0


def test_replay_of_other_samples_is_refused(here):
    """The ledger has no draws for them."""
    done = run("replay", "run.sqlite", "samples.jsonl", "--seed", "1")
    assert done.exit_code == 1
    assert "has no draws for these training samples" in done.stderr


def test_tasks_shows_one_family_and_writes_its_samples(here):
    """The samples are those of the library."""
    told = shown(run("tasks", "k_parity", "--set", "n=12", "--set", "k=3", "--json"))
    assert told["parameters"]["n"] == 12
    assert "def f" in told["program"]
    assert "parameters: n=12" in run("tasks", "parity", "--set", "n=12").stdout
    done = run("tasks", "parity", "--set", "n=12", "--sample", "20", "--seed", "3")
    pairs = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(pair["x"], pair["y"]) for pair in pairs] == list(
        llmerm.tasks.get("parity", n=12).sample(20, seed=3)
    )
    assert (
        shown(run("tasks", "parity", "--set", "n=12", "--sample", "20", "--seed", "3", "--json"))[
            "samples"
        ]
        == pairs
    )


def test_samples_go_through_a_pipe_into_a_fit(here):
    """What tasks writes, fit reads."""
    given = run("tasks", "parity", "--set", "n=12", "--sample", "100").stdout
    told = shown(run("fit", "-", "--proposer", "enumerate", "--json", given=given))
    assert told["status"] == "verified"


@pytest.mark.parametrize(
    ("arguments", "given", "says"),
    [
        (["fit", "-"], "", "standard input is empty"),
        (["fit", "-"], "a,b\n1,2\n", "Pass --target COLUMN"),
        (["fit", "-", "--target", "y"], b"\xff\xfe\x00", "standard input is not UTF-8"),
        (["fit", "-", "--target", "y"], "a,y\n1\n", "standard input, line 2 has 1 cells"),
        (["fit", "-", "--format", "jsonl"], "a,y\n", "standard input, line 1 is not JSON"),
        (["predict", "none.py", "new.csv"], None, "'none.py' cannot be read"),
        (["predict", "new.csv", "new.csv"], None, "defines no function"),
        (["predict", "table.json", "new.csv"], None, "is no saved result"),
        (["predict", "rule.json", "new.csv", "--target", "y"], None, "there is no column 'y'"),
        (["verify", "rule.py", "table.csv"], None, "Pass --target COLUMN"),
        (["replay", "none.sqlite", "table.csv", "--target", "y"], None, "there is no ledger"),
        (["tasks", "paritty"], None, "Did you mean 'parity'"),
        (["tasks", "parity", "--set", "n"], None, "--set takes NAME=VALUE"),
        (["tasks", "parity", "--set", "n=0"], None, "n=100"),
        (["tasks", "list_function", "--sample", "3", "--to", "csv"], None, "Use --to jsonl"),
    ],
)  # fmt: skip
def test_bad_input_is_one_clear_line(here, arguments, given, says):
    """No traceback, exit code 1, nothing on standard output."""
    (here / "table.json").write_text("{}")
    done = run(*arguments, given=given)
    assert done.exit_code == 1, done.output
    assert says in " ".join(done.stderr.split())
    assert done.stdout == ""


def test_a_wrong_command_has_exit_code_two(here):
    """An unknown option, a format that there is none of."""
    assert run("fit", "table.csv", "--formta", "csv").exit_code == 2
    assert run("fit", "table.csv", "--format", "xls").exit_code == 2
    assert run("predictt").exit_code == 2


@pytest.mark.parametrize(
    ("given", "options"),
    [
        ("a\ty\n" + "".join(f"{i}\t{i % 2}\n" for i in range(40)), ["--target", "y"]),
        ("a,y\n" + "".join(f"{i},{i % 2}\n" for i in range(40)), ["--target", "y"]),
        ("".join(f"[{i}, {i % 2}]\n" for i in range(40)), []),
        ("".join(f'{{"a": {i}, "y": {i % 2}}}\n' for i in range(40)), ["--target", "y"]),
        ("\ufeffa,y\r\n" + "".join(f"{i},{i % 2}\r\n" for i in range(40)), ["--target", "y"]),
    ],
)
def test_a_pipe_is_read_by_its_look(here, given, options):
    """TSV, CSV, JSON lines of pairs and of objects, and what a spreadsheet writes."""
    done = run("fit", "-", *options, "--proposer", "enumerate", "--json", given=given.encode())
    assert shown(done)["held_out_error"] == 0
