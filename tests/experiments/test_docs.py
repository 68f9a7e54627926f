"""The page on experiments says what the code does."""

from __future__ import annotations

import re
from pathlib import Path

from llmerm.experiments.benches import registry
from llmerm.experiments.files import write
from llmerm.experiments.sweep import Sweep

PAGE = (Path(__file__).parents[2] / "docs" / "experiments.md").read_text()


def test_the_page_lists_every_experiment():
    """In the order of the registry."""
    assert tuple(re.findall(r"^\| `([a-z-]+)` \|", PAGE, re.MULTILINE)) == registry.names()


def test_the_page_lists_every_file(tmp_path):
    """And none that is not written."""
    table = PAGE.split("## The folder")[1].split("All but")[0]
    listed = set()
    for row in re.findall(r"^\| (`.*?) \|", table, re.MULTILINE):
        first, *others = re.findall(r"`([^`]+)`", row)
        listed |= {first, *(first.split(".")[0] + other for other in others if other[0] == ".")}
        listed |= {other for other in others if other[0] != "."}
    assert {path.name for path in write(registry.get("sgd-gap"), (), tmp_path)} == listed


def test_the_example_of_the_page_runs():
    """As it stands."""
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    names: dict = {}
    exec(code, names)
    assert isinstance(names["found"], Sweep)
    assert names["found"].results[0].outcome.test_accuracy == 1.0
