"""A folder with the files that the examples of the commands speak of, and a way to run them."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

import llmerm
from llmerm.cli import app

ROWS = [{"name": "ab"[i % 2], "n": i + 20 * (i > 41), "y": int(i > 41)} for i in range(84)]


@pytest.fixture(scope="session")
def files(tmp_path_factory):
    """table.csv with labels, new.csv and samples.jsonl, and a fit of them in rule.py, rule.json, run.sqlite."""
    folder = tmp_path_factory.mktemp("files")
    lines = ["name,n,y", *(f"{row['name']},{row['n']},{row['y']}" for row in ROWS)]
    (folder / "table.csv").write_text("\n".join(lines) + "\n")
    (folder / "new.csv").write_text("name,n\na,5\nb,70\n")
    pairs = ({"x": {"name": row["name"], "n": row["n"]}, "y": row["y"]} for row in ROWS)
    (folder / "samples.jsonl").write_text("\n".join(map(json.dumps, pairs)))
    samples = llmerm.Samples.from_csv(folder / "table.csv", target="y")
    result = llmerm.fit(samples, proposer="enumerate", ledger=folder / "run.sqlite")
    result.export(folder / "rule.py")
    result.save(folder / "rule.json")
    return folder


@pytest.fixture
def here(files, tmp_path, monkeypatch):
    """The current folder, with copies of these files; no key is set."""
    for file in files.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    for key in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY"):
        monkeypatch.delenv(key, raising=False)
    return tmp_path


def run(*arguments, given=None):
    """The outcome of `llmerm ARGUMENTS`, in this process; what comes through the pipe is `given`."""
    return CliRunner().invoke(app, list(map(str, arguments)), input=given)


def run_line(line):
    """The outcome of a line as a user types it: with `cat FILE |` and `> FILE`."""
    line, _, target = line.partition(" > ")
    source, _, command = line.rpartition(" | ")
    given = Path(source.removeprefix("cat ")).read_bytes() if source else None
    done = run(*shlex.split(command)[1:], given=given)
    if target:
        Path(target).write_text(done.stdout)
    return done
