"""Help teaches by example, and every example runs."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from llmerm.cli import EXIT_CODES, app

from .conftest import run, run_line

COMMANDS = {command.callback.__name__: command for command in app.registered_commands}
PAGE = Path(__file__).parents[2] / "docs" / "command-line.md"
SLOW = ("llmerm demo", "llmerm bench paper-table")


def examples(text):
    """The command lines in a help text."""
    return re.findall(r"\[bold\](.*?)\[/\]", text, flags=re.DOTALL)


def of_page():
    """The command lines of the page."""
    blocks = re.findall(r"```sh\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if "llmerm" in line]


LINES = sorted(
    {
        *(line for c in COMMANDS.values() for line in examples(c.callback.__doc__)),
        *of_page(),
    }
)


def test_every_command_has_examples_and_the_exit_codes():
    """One at least in every help text, and the text shows them."""
    assert set(COMMANDS) >= {
        "fit", "controls", "predict", "verify", "replay", "report", "bench", "tasks", "doctor", "demo",
    }  # fmt: skip
    for name, command in COMMANDS.items():
        found = examples(command.callback.__doc__)
        assert len(found) >= 2
        assert all(f"llmerm {name}" in line for line in found)
        shown = " ".join(run(name, "--help").stdout.replace("│", " ").split())
        assert f"llmerm {name}" in shown
        assert "Exit codes: 0 done; 1 an error" in shown


@pytest.mark.parametrize("line", [line for line in LINES if not line.startswith(SLOW)])
def test_an_example_runs(here, line, monkeypatch):
    """As it stands, in a folder with the files that it names."""
    for name in ("rule.py", "rule.json"):
        if f"--export {name}" in line or f"--save {name}" in line:
            (here / name).unlink()
    if "openai:" in line:
        monkeypatch.setenv("OPENAI_API_KEY", "sk-not-used")
    done = run_line(line)
    assert done.exit_code == 0, done.output


@pytest.mark.parametrize("line", [line for line in LINES if line.startswith(SLOW)])
def test_a_long_example_is_a_command_as_it_stands(line):
    """Its arguments are understood; what it does is tested elsewhere."""
    _, name, *arguments = shlex.split(line.partition(" > ")[0])
    command = typer.main.get_command(app).commands[name]
    assert command.make_context(name, arguments).params


def test_exit_codes_are_the_same_in_help_and_page():
    """Each code that the help names has a row."""
    codes = re.findall(r"(?:: |; )(\d+) ", EXIT_CODES)
    assert codes == ["0", "1", "2", "3", "130"]
    rows = re.findall(r"^\| (\d+) \|", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert rows == codes


def completed(words):
    """What the shell would offer after these words."""
    environment = {
        **os.environ, "_LLMERM_COMPLETE": "complete_bash", "COMP_WORDS": words,
        "COMP_CWORD": str(len(words.split()) - 1),
    }  # fmt: skip
    code = "from llmerm.cli import app; app(prog_name='llmerm')"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, env=environment
    )
    return done.stdout.split()


def test_the_shell_completes_commands_and_names():
    """Commands, task families, proposers; and there is an option that installs it."""
    assert completed("llmerm pre") == ["predict"]
    assert completed("llmerm tasks half") == ["half_parity"]
    assert completed("llmerm fit --proposer enu") == ["enumerate"]
    assert "--install-completion" in run("--help").stdout
