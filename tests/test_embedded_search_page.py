"""Every line of docs/embedded-search.md that can be run gives what the page says."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[1] / "docs"
PAGE = DOCS / "embedded-search.md"
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


def test_the_page_runs():
    """Its snippets are one session, in the order of the page."""
    text = PAGE.read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL)
    assert len(blocks) == 4
    assert all(block.startswith(">>> ") for block in blocks)
    test = doctest.DocTestParser().get_doctest("".join(blocks), {}, PAGE.name, None, 0)
    assert len(test.examples) > 15
    told: list[str] = []
    outcome = doctest.DocTestRunner(optionflags=FLAGS).run(test, out=told.append)
    assert outcome.failed == 0, "".join(told)


@pytest.mark.parametrize("page", ["embedded-search.md", "models.md"])
def test_what_a_page_links_to_is_there(page):
    """Files, figures and headings."""
    for target in re.findall(r"\]\((?!http)([^)]+)\)", (DOCS / page).read_text(encoding="utf-8")):
        name, _, heading = target.partition("#")
        text = (DOCS / (name or page)).read_text(encoding="utf-8")
        titles = re.findall(r"^#+ (.*)$", text, flags=re.MULTILINE)
        marks = [re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles]
        assert not heading or heading in marks
