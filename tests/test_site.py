"""The documentation site builds without a warning, and loads nothing from elsewhere."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import llmerm

ROOT = Path(__file__).parents[1]
LOADED = re.compile(r"<(?:script|img|iframe)[^>]*?\ssrc=\"([^\"]+)|<link[^>]*?\shref=\"([^\"]+)")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built strictly: a page in no menu, a dead link or a wrong heading fails it."""
    pytest.importorskip("mkdocs")
    pytest.importorskip("mkdocstrings")
    folder = tmp_path_factory.mktemp("site")
    command = [
        sys.executable,
        "-m",
        "mkdocs",
        "build",
        "--quiet",
        "--strict",
        "--site-dir",
        str(folder),
    ]
    quiet = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(command, cwd=ROOT, env=quiet, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stderr
    return folder


def test_no_page_loads_anything_from_elsewhere(site):
    """No font, script, style or picture comes from another host."""
    pages = list(site.rglob("index.html"))
    assert len(pages) > 30
    for page in pages:
        loaded = [a or b for a, b in LOADED.findall(page.read_text(encoding="utf-8"))]
        assert len(loaded) > 3
        assert not [each for each in loaded if each.startswith(("http:", "https:", "//"))], page


def test_notebooks_are_pages_with_their_outputs(site):
    """What a cell gave stands below it."""
    shown = (site / "notebooks" / "parity_puzzle" / "index.html").read_text(encoding="utf-8")
    assert "A parity puzzle" in shown
    assert "with confidence 0.95" in shown


def test_the_reference_has_every_public_name(site):
    """With the signature of `fit` as it is called, and not as it is made."""
    names = set(llmerm.__all__) - {"__version__"}
    anchors = set()
    for page in (site / "reference").rglob("index.html"):
        anchors |= set(re.findall(r'id="llmerm\.([\w.]+)"', page.read_text(encoding="utf-8")))
    assert names <= {anchor.rpartition(".")[2] for anchor in anchors}
    fitting = (site / "reference" / "fitting" / "index.html").read_text(encoding="utf-8")
    assert "synchronous(" not in fitting
