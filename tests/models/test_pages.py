"""The snippets of pages that ask a model run as they stand, against the stub in the model's place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest

import llmerm
from llmerm.proposers import resolve

from .stub import KEY, Step, Stub, as_json

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

ROOT = Path(__file__).parents[2]
RULE = "def f(x):\n    return x.count('1') % 2"
SAMPLES = llmerm.tasks.get("parity", n=20).sample(80, seed=0)


def blocks(page: str) -> list[str]:
    """The page's Python, block by block."""
    text = (ROOT / page).read_text(encoding="utf-8")
    return re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL)


@pytest.fixture(autouse=True)
def served(
    stub: Callable[..., Stub], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Stub]:
    """Every model that is named is the stub, and files go to a folder of their own."""
    monkeypatch.chdir(tmp_path)
    server = stub(default=Step(as_json(RULE)))
    for name, url in (("OPENAI", server.url), ("ANTHROPIC", server.root)):
        monkeypatch.setenv(f"{name}_API_KEY", KEY)
        monkeypatch.setenv(f"{name}_BASE_URL", url)
    yield server
    assert not list(ROOT.glob("*.sqlite"))


def test_the_page_on_models_runs(served):
    """All but what needs weights: each fit ends with the rule that the stub gave."""
    asked, local = blocks("docs/models.md")
    names = {"samples": SAMPLES}
    exec(asked, names)
    assert served.log.calls >= 3
    assert "Guided" in local


@pytest.mark.parametrize("page", ["docs/models.md", "docs/local-models.md"])
def test_proposers_that_need_weights_can_be_made_as_shown(page, monkeypatch):
    """Their arguments are what the library takes; `tests/local` asks such models."""
    made = []
    monkeypatch.setattr(
        llmerm, "fit", lambda samples, k=16, *, proposer: made.append(resolve(proposer))
    )
    exec(blocks(page)[-1], {"llmerm": llmerm, "samples": SAMPLES})
    assert len(made) == 1
    assert re.match("guided|local", made[0].proposer.name)


def test_the_page_on_experiments_runs():
    """Its sweep gives an accuracy for each method and seed."""
    names: dict[str, object] = {}
    (snippet,) = blocks("docs/experiments.md")
    *before, last = snippet.strip().rsplit("\n", 1)
    exec("\n".join(before), names)
    found = eval(last, names)
    assert {label for label, _ in found} == {"enumerate", "majority"}
    assert [accuracy for label, accuracy in found if label == "enumerate"] == [1.0, 1.0]


def test_the_readme_runs(served, monkeypatch):
    """Each block, in order, with a frame and a model's name where it leaves these to the reader."""
    first, *others = blocks("README.md")
    assert len(others) >= 6
    names = {
        "frame": pd.DataFrame({"word": SAMPLES.inputs, "species": SAMPLES.outputs}),
        "my_model": lambda train, draw: RULE,
    }
    with monkeypatch.context() as without_keys:
        for provider in ("OPENAI", "ANTHROPIC"):
            without_keys.delenv(f"{provider}_API_KEY")
            without_keys.delenv(f"{provider}_BASE_URL")
        exec(first, names)
    assert "return x[:len(x) // 2].count('1') % 2" in names["result"].program.source
    assert "5.61%" in str(names["result"].certificate)
    assert names["result"].predict(["0110"]) == [1]
    monkeypatch.delenv("ANTHROPIC_API_KEY")
    for block in others:
        exec(block.replace('"MODEL"', '"gpt-6.1-sol"'), names)
    assert served.log.calls >= 1
