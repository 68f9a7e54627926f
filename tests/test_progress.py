"""How far a fit is: in words, for whom, and how often."""

from __future__ import annotations

import asyncio
import io
import sys
import time
import types

import pytest
import rich.console

import llmerm
from llmerm import progress
from llmerm.typing import Progress, Usage

DRAFTS = ["def f(x): return 1", "def f(", "def f(x): return x % 2"]


def fit(pairs, **options):
    """The outcome of a fit of three drafts."""
    return llmerm.fit(pairs, 3, proposer=llmerm.ScriptedProposer(DRAFTS), **options)


def test_a_state_is_said_in_words():
    """Drawn, scored, best, spent; what is not known is left out."""
    at = Progress(12, 16, 0.025, Usage(usd=0.0312, seconds=4.04), scored=9)
    assert (
        progress.sentence(at)
        == "12 of at most 16 candidates, 9 scored, best error 0.025, $0.0312, 4.0 s"
    )
    assert progress.sentence(Progress(0, 16)) == "0 of at most 16 candidates, 0 scored"


def test_a_callable_is_told_of_each_candidate(odd):
    """In the order of the draws, with how many have a score, and the best so far."""
    seen = []
    result = fit(odd, progress=seen.append)
    assert [(at.drawn, at.scored, at.best_error) for at in seen] == [
        (1, 1, 0.5),
        (2, 1, 0.5),
        (3, 2, 0.0),
    ]
    assert all(at.k == 3 for at in seen)
    assert seen[-1].scored == sum(c.status == "scored" for c in result.candidates)


class Kernel:
    """A shell of a kernel that keeps what is shown."""

    kernel = object()

    def __init__(self):
        self.display_pub = self
        self.shown = []

    def publish(self, data, *, transient, update):
        self.shown.append((data, transient["display_id"], update))


@pytest.fixture
def kernel(monkeypatch):
    """This process seems to be a notebook's kernel."""
    shell = Kernel()
    monkeypatch.setitem(sys.modules, "IPython", types.SimpleNamespace(get_ipython=lambda: shell))
    return shell


@pytest.mark.parametrize("choice", ["auto", True])
def test_a_kernel_shows_one_display_that_is_updated(kernel, odd, choice):
    """It is made once, begins at 0, and ends with the last state."""
    fit(odd, progress=choice)
    assert [update for _, _, update in kernel.shown] == [False] + [True] * (len(kernel.shown) - 1)
    assert len({name for _, name, _ in kernel.shown}) == 1
    texts = [data["text/plain"] for data, _, _ in kernel.shown]
    assert texts[0] == "0 of at most 3 candidates, 0 scored"
    assert texts[-1].startswith("3 of at most 3 candidates, 2 scored, best error 0,")


@pytest.mark.parametrize("choice", [None, False])
def test_a_kernel_shows_nothing_where_nothing_is_wanted(kernel, odd, choice):
    """Not even the beginning."""
    fit(odd, progress=choice)
    assert kernel.shown == []


def test_updates_are_at_most_ten_a_second():
    """Of hundreds of states few are shown, among them the first and the last."""
    shown = []

    async def drawing():
        with progress._paced(shown.append, 300) as note:
            for drawn in range(1, 301):
                note(Progress(drawn, 300))
                await asyncio.sleep(0.002)

    began = time.monotonic()
    asyncio.run(drawing())
    assert (shown[0].drawn, shown[-1].drawn) == (0, 300)
    assert 4 <= len(shown) <= (time.monotonic() - began) / progress.EVERY_SECONDS + 3


def test_the_last_state_of_a_burst_is_shown_while_nothing_more_comes():
    """Else the line would lag behind for as long as the next candidate takes."""

    async def drawing():
        caught_up = asyncio.Event()

        def show(at):
            if at.drawn == 3:
                caught_up.set()

        with progress._paced(show, 9) as note:
            for drawn in (1, 2, 3):
                note(Progress(drawn, 9))
            await asyncio.wait_for(caught_up.wait(), 30)

    asyncio.run(drawing())


def test_elsewhere_auto_shows_nothing(odd, capfd):
    """No kernel: not a character on either stream."""
    fit(odd)
    assert capfd.readouterr() == ("", "")


def test_elsewhere_a_terminal_shows_the_line_where_it_is_wanted(odd, monkeypatch):
    """On standard error, by way of rich, and gone at the end."""
    out = io.StringIO()
    console = rich.console.Console

    def made(**options):
        assert options["stderr"]
        return console(file=out, force_terminal=True, width=100, **{**options, "stderr": False})

    monkeypatch.setattr(rich.console, "Console", made)

    async def drawing():
        with progress.shown(True, 3) as note:
            note(Progress(2, 3, 0.25, scored=1))

    asyncio.run(drawing())
    told = out.getvalue()
    assert "2 of at most 3 candidates, 1 scored, best error 0.25" in told
    assert told.rstrip().endswith(("\x1b[2K", "\x1b[?25h"))


def test_no_terminal_shows_nothing(odd, capfd):
    """A file or a pipe is not written full with one line again and again."""
    fit(odd, progress=True)
    out, err = capfd.readouterr()
    assert out == ""
    assert err.strip() == ""


@pytest.mark.parametrize("choice", ["yes", 3, 0.5, [], ""])
def test_another_choice_is_refused(odd, choice):
    """It says what it may be."""
    with pytest.raises(llmerm.errors.ArgumentError, match="'auto', True, False or a function"):
        fit(odd, progress=choice)


def test_what_fits_many_times_shows_nothing(kernel, odd):
    """Baselines and `verify` are quiet in a kernel, too."""
    from llmerm.baselines import learned

    learned.learned(odd, llmerm.ScriptedProposer(DRAFTS), k=3, held_out=0.5, seed=0)
    llmerm.verify(DRAFTS[2], odd)
    assert kernel.shown == []
