"""Commands in a real shell: one writes what the next one reads."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest


def shell(line, cwd):
    """The finished process of a line of bash, in which `llmerm` is this library's."""
    script = f'set -o pipefail; llmerm() {{ "{sys.executable}" -m llmerm "$@"; }}; {line}'
    environment = {**os.environ, "OPENAI_API_KEY": "", "ANTHROPIC_API_KEY": ""}
    return subprocess.run(
        ["bash", "-c", script],
        capture_output=True,
        text=True,
        timeout=180,
        cwd=cwd,
        env=environment,
    )


def test_samples_are_learned_from_and_predicted_through_pipes(tmp_path):
    """tasks | fit, then tasks | predict, then the exported rule by itself."""
    learn = "llmerm tasks parity --set n=12 --sample 100 | llmerm fit - --export r.py --save r.json"
    done = shell(learn, tmp_path)
    assert done.returncode == 0, done.stderr
    assert "exported: r.py" in done.stderr
    assert "exported" not in done.stdout
    apply = (
        "llmerm tasks parity --set n=12 --sample 5 --seed 9 | llmerm predict r.json - --target y"
    )
    done = shell(apply, tmp_path)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.split()) == 5
    assert subprocess.run([sys.executable, "-I", "r.py"], cwd=tmp_path, check=True)


def test_verify_stops_a_script(tmp_path):
    """What comes after && is not run where the rule does not hold."""
    (tmp_path / "wrong.py").write_text("def f(x): return 0")
    (tmp_path / "rows.csv").write_text("x,y\n" + "".join(f"{i},{i % 2}\n" for i in range(40)))
    done = shell("llmerm verify wrong.py rows.csv --target y && echo deployed", tmp_path)
    assert done.returncode == 3, done.stderr
    assert "deployed" not in done.stdout


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("llmerm fit - --target y <&-", "standard input is closed"),
        ("llmerm tasks --json > /dev/full", "No space left"),
    ],
)
def test_streams_that_cannot_be_used_are_one_clear_error(tmp_path, line, says):
    """No traceback where nothing can be read or written."""
    done = shell(line, tmp_path)
    assert done.returncode == 1
    assert says in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["tasks parity --sample 3000", "tasks --json"])
def test_a_reader_that_leaves_early_causes_no_traceback(tmp_path, command):
    """As `head` does."""
    done = shell(f"set +o pipefail; llmerm {command} | head -c 10", tmp_path)
    assert len(done.stdout) == 10
    assert "Traceback" not in done.stderr
