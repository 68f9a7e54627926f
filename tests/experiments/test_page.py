"""The report: whole without a network, safe whatever a model wrote, drawn by a real browser."""

from __future__ import annotations

import re
import shutil
import subprocess
from html.parser import HTMLParser

import pytest

from llmerm.experiments.benches import registry
from llmerm.experiments.outcome import Checked, Drawn, Finished, Outcome
from llmerm.experiments.page import page
from llmerm.typing import Usage

HOSTILE = "def f(x):\n    return '</pre><script>document.title=\"owned\"</script>\x1b[2J'"
BROWSER = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)


@pytest.fixture
def text(cell):
    """A report with a hostile candidate."""
    outcome = Outcome(
        status="verified",
        tests=(Checked("fresh", 20, 0.875, 400),),
        source=HOSTILE,
        bound=0.1,
        candidates=(
            Drawn(0, "", "refused: <b>no</b>", None, None, None),
            Drawn(1, HOSTILE, "", 0.0, 0.0, 9.0),
        ),
        usage=Usage(2, 300, 100, 0, 20, 10, 0.125),
        seconds=1.5,
    )
    results = [Finished(cell(method="enumerate"), outcome)]
    return page(registry.get("paper-table"), results, {"llmerm": "1.2.3"})


def test_a_report_needs_nothing_from_outside(text):
    """No script, no address to fetch from, and a policy that forbids both."""
    loads = re.findall(
        r'(?:src|href|action)\s*=\s*"([^"#][^"]*)"|url\(([^#)][^)]*)\)|@import', text
    )
    assert loads == []
    assert "<script" not in text
    assert "default-src 'none'" in text


def test_what_a_model_wrote_is_escaped(text):
    """Tags and control characters are text."""
    assert "&lt;/pre&gt;" in text
    assert "&lt;b&gt;no&lt;/b&gt;" in text
    assert "\x1b" not in text
    assert r"\x1b" in text


def test_a_report_shows_program_candidates_cost_and_origin(text):
    """Highlighted, with reasons."""
    for part in (
        '<span class="k">def</span>', "87.50 % right on fresh samples", "at most 10.00 %",
        "2 candidates", "refused:", "0.1250", "300, 100", "1.2.3", "87.5",
    ):  # fmt: skip
        assert part in text


def test_the_tags_of_a_report_are_balanced(text):
    """Each element that is opened is closed, in order."""
    void = {"meta", "br", "use", "path", "circle", "rect"}
    stack = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attrs):
            if tag not in void:
                stack.append(tag)

        def handle_startendtag(self, tag, attrs):
            pass

        def handle_endtag(self, tag):
            if tag not in void:
                assert stack.pop() == tag

    Reader().feed(text)
    assert stack == []


@pytest.mark.skipif(BROWSER is None, reason="there is no Chromium here")
def test_a_browser_shows_the_report(text, tmp_path):
    """Both themes are drawn and differ; nothing that the model wrote was run."""
    path = tmp_path / "report.html"
    path.write_text(text)

    def browse(*arguments):
        profile = f"--user-data-dir={tmp_path / 'profile'}"
        flags = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", profile]
        command = [BROWSER, *flags, *arguments, path.as_uri()]
        return subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)

    shots = []
    for theme in (0, 1):  # dark, light
        shot = tmp_path / f"{theme}.png"
        browse(f"--blink-settings=preferredColorScheme={theme}", f"--screenshot={shot}")
        shots.append(shot.read_bytes())
    assert all(shot.startswith(b"\x89PNG") and len(shot) > 5_000 for shot in shots)
    assert shots[0] != shots[1]
    shown = browse("--dump-dom").stdout
    assert "<title>paper-table</title>" in shown
    assert shown.count("<svg") == 2
