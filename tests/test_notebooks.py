"""The notebooks in examples/ hold what they give today."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

import llmerm

EXAMPLES = Path(__file__).parents[1] / "examples"
NOTEBOOKS = ["parity_puzzle", "spreadsheet_rule", "table_against_boosting"]


def test_every_notebook_is_run_here():
    """No notebook is left out."""
    assert sorted(path.stem for path in EXAMPLES.glob("*.ipynb")) == NOTEBOOKS


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_gives_the_outputs_that_it_shows(name, tmp_path):
    """Each cell runs, in a kernel of its own, and gives what is kept, but where time decides."""
    kept = nbformat.read(EXAMPLES / f"{name}.ipynb", as_version=4)
    nbformat.validate(kept)
    run = executed(name, tmp_path)
    cells = [cell for cell in kept.cells if cell.cell_type == "code"]
    assert sum(map(bool, map(shown, cells))) >= 3
    for cell, again in zip(cells, [c for c in run.cells if c.cell_type == "code"], strict=True):
        if "depends-on-time" not in cell.metadata.get("tags", []):
            assert shown(again) == shown(cell), cell.source


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_names_no_machine(name):
    """No output holds a path, a host or a failed cell."""
    kept = nbformat.read(EXAMPLES / f"{name}.ipynb", as_version=4)
    for cell in kept.cells:
        for output in cell.get("outputs", []):
            assert output.output_type in {"stream", "execute_result", "display_data"}
    text = (EXAMPLES / f"{name}.ipynb").read_text(encoding="utf-8")
    for part in ("/home", "/tmp", "/root", "/usr", "site-packages", "glibc", os.uname().nodename):
        assert part not in text


def executed(name: str, folder: Path) -> NotebookNode:
    """The notebook after a run, by a process of its own that speaks to the kernel by files."""
    out = folder / f"{name}.ipynb"
    command = [sys.executable, "-m", "jupyter", "execute", f"--output={out}", "--timeout=240"]
    command += ["--KernelManager.transport=ipc", f"--KernelManager.connection_file={folder}/kernel"]
    command.append(str(EXAMPLES / f"{name}.ipynb"))
    ours = {**os.environ, "PYTHONPATH": str(Path(llmerm.__file__).parents[1])}
    done = subprocess.run(command, env=ours, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return nbformat.read(out, as_version=4)


def shown(cell: NotebookNode) -> list[str]:
    """A cell's texts: what it printed, what was said beside it, and its value; no live line."""
    streams = {"stdout": "", "stderr": ""}
    values = []
    for output in cell.outputs:
        if output.output_type == "stream":
            streams[output.name] += output.text
        elif output.output_type == "execute_result":
            values.append(output.data["text/plain"])
    return [*filter(None, streams.values()), *values]
