"""Cards: safe whatever they show, harmless to the page around them, readable in both themes."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from html.parser import HTMLParser

import pytest

import llmerm
from llmerm.candidate import Candidate
from llmerm.typing import Failed, Proposal
from llmerm.views import style

BROWSER = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
TAGS = {
    "div", "p", "b", "span", "style", "pre", "small", "table", "caption", "thead", "tbody", "tr", "th",
    "td", "details", "summary", "svg", "title", "line", "circle", "rect",
}  # fmt: skip
ATTRIBUTES = {
    "class", "width", "height", "role", "aria-hidden", "open", "x1", "x2", "y1", "y2", "cx", "cy", "r",
}  # fmt: skip
EVIL = "</style></pre><script>document.title='owned'</script><img src=x onerror=alert(1)>&lt;\x1b[2J\u202e'\""


class Page(HTMLParser):
    """What a browser would make of a card: its tags, their attributes, its text."""

    def __init__(self, html):
        super().__init__()
        self.open, self.tags, self.attributes, self.told, self.css = [], set(), set(), "", ""
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_startendtag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open[-1:] == ["style"]:
            self.css += data
        else:
            self.told += data


def escaped(text):
    """The text as it may be seen: an independent account of what is printable."""
    return "".join(c if c.isprintable() or c in "\n\t" else ascii(c)[1:-1] for c in text)


def evil_task():
    """A family whose documentation is hostile."""

    class Evil(llmerm.Task):
        __doc__ = f"{EVIL} first."
        name = EVIL

        def label(self, x):
            return 0

        @property
        def program(self):
            return llmerm.Program(f"def f(x): # {EVIL}\n    return 0")

        def pairs(self, m, rng):
            return []

    return Evil()


@pytest.fixture(scope="module")
def result():
    """A fit with hostile candidates of several kinds."""
    text = EVIL.replace("'", '"').replace("\x1b", "").replace("\u202e", "")
    drafts = [
        f"def f(x):\n    # {EVIL}\n    return x % 2 if x != 4 else 1", EVIL, f"def f(x):\n    raise ValueError('''{text}''')",
        f"def f(x): return '''{text}'''", "def f(x): return " + "1 + " * 9_000 + "1", "def f(x): return 1",
    ]  # fmt: skip
    pairs = [(i, i % 2) for i in range(80)]
    return llmerm.fit(pairs, proposer=llmerm.ScriptedProposer(drafts))


@pytest.fixture(
    params=[
        "result",
        "abstained",
        "nothing",
        "samples",
        "table",
        "task",
        "certificate",
        "program",
        "candidate",
    ]
)
def shown(request, result):
    """Something hostile that a notebook shows."""
    pairs = [(f"{EVIL}{i}", f"{EVIL}{i % 2}") for i in range(9)]
    nothing = replace(
        result, chosen=None, candidates=(Candidate(Proposal(0), None, Failed("refused", EVIL)),)
    )
    rows = [({EVIL: EVIL, "n": i}, i % 2) for i in range(9)]
    things = {
        "result": lambda: result,
        "abstained": lambda: replace(result, chance_error=0.0, provenance=replace(result.provenance, tolerance=-1)),
        "nothing": lambda: nothing,
        "samples": lambda: llmerm.Samples.of(pairs, name=EVIL).described(EVIL),
        "table": lambda: llmerm.Samples.of(rows),
        "task": evil_task,
        "certificate": lambda: replace(result.certificate, why=EVIL, population=EVIL, method=EVIL),
        "program": lambda: llmerm.Program(f"def f(x): return '''{EVIL[:-2]}'''"),
        "candidate": lambda: replace(result.candidates[1], verdict=Failed("raised", EVIL)),
    }  # fmt: skip
    return things[request.param]()


def test_what_is_shown_is_text_whatever_it_says(shown):
    """No tag, attribute or address but the card's own; control characters are escapes."""
    html = shown._repr_html_()
    page = Page(html)
    assert page.tags <= TAGS
    assert page.attributes <= ATTRIBUTES
    assert not re.search(r"[^\x20-\x7e\n]", html.replace("\t", ""))
    assert "script" in page.told


def test_hostile_text_can_be_read(result):
    """Nothing is lost: the text of the card holds what was said, with escapes."""
    page = Page(result._repr_html_())
    assert escaped(EVIL) in page.told
    name = Page(llmerm.Samples.of([(1, 0), (2, 1)], name=EVIL)._repr_html_())
    assert escaped(EVIL) in name.told


def test_a_card_fetches_nothing(shown):
    """No address in the style sheet either."""
    css = Page(shown._repr_html_()).css
    assert not re.search(r"url\(|@import|@font-face|expression|//", css)


def test_the_style_reaches_nothing_outside_of_a_card():
    """Every selector asks for an element inside of `.llmerm`, or that element itself."""
    sheet = re.sub(r"@media[^{]*\{(.*?\})\s*\}", r"\1", style.sheet(), flags=re.S)
    selectors = re.findall(r"([^{}]+)\{[^{}]*\}", sheet)
    assert len(selectors) > 40
    for selector in selectors:
        for one in re.split(r",(?![^(]*\))", selector):
            assert re.search(r"(?:^|\s)(?:\.llmerm)+(?=\s|$)", one.strip()), one


def test_long_texts_are_cut(result):
    """A source of 36,000 characters is not sent along whole; its length is said."""
    html = result._repr_html_()
    assert "(36,018 characters)" in Page(html).told
    assert len(html) < 120_000
    program = Page(llmerm.Program("def f(x): return [" + "1, " * 9_000 + "]")._repr_html_())
    assert len(program.told) < 21_000


def luminance(colour):
    """WCAG 2.2, relative luminance."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("theme", [style.LIGHT, style.DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["paper", "card"])
def test_every_text_stands_out(theme, ground):
    """At least 4.5 to 1, as WCAG 2.2 AA asks of small text."""
    for name in set(theme) - {"paper", "card", "line"}:
        low, high = sorted((luminance(theme[name]), luminance(theme[ground])))
        assert (high + 0.05) / (low + 0.05) >= 4.5, name


PLACES = {
    "plain": "", "jupyter-light": 'data-jp-theme-light="true"', "jupyter-dark": 'data-jp-theme-light="false"',
    "mkdocs-light": 'data-md-color-scheme="default"', "mkdocs-dark": 'data-md-color-scheme="slate"',
}  # fmt: skip


@pytest.mark.skipif(BROWSER is None, reason="there is no Chromium here")
@pytest.mark.parametrize(("system", "own"), [(0, "dark"), (1, "light")])
def test_a_browser_shows_a_card_in_the_theme_of_its_page(result, tmp_path, system, own):
    """The page's own theme where it says one, else the system's; what surrounds it stays as it was."""
    card = result._repr_html_()
    page = tmp_path / "page.html"
    placed = "".join(
        f'<div {attribute} id="{name}">{card}</div>' for name, attribute in PLACES.items()
    )
    page.write_text(
        f"<!doctype html><title>mine</title><table id='other'><tr><td>1</table>{placed}<p id='told'></p><script>"
        "const paper = e => getComputedStyle(e).backgroundColor;"
        f"const seen = {list(PLACES)}.map(n => paper(document.querySelector('#' + n + ' .llmerm')));"
        "document.querySelector('#told').textContent = seen.concat(["
        "paper(document.body), getComputedStyle(document.querySelector('#other td')).padding,"
        "document.title]).join('|');</script>"
    )
    flags = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        f"--user-data-dir={tmp_path / 'profile'}",
    ]
    command = [
        BROWSER,
        *flags,
        f"--blink-settings=preferredColorScheme={system}",
        "--dump-dom",
        page.as_uri(),
    ]
    dom = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout
    (told,) = re.findall(r'<p id="told">([^<]*)</p>', dom)
    papers = {
        kind: "rgb({}, {}, {})".format(*(int(theme["paper"][i : i + 2], 16) for i in (1, 3, 5)))
        for kind, theme in (("light", style.LIGHT), ("dark", style.DARK))
    }
    expected = [papers[own], *(papers[kind] for kind in ("light", "dark", "light", "dark"))]
    assert told.split("|") == [*expected, "rgba(0, 0, 0, 0)", "1px", "mine"]
