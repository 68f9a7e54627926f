"""A real kernel: fits inside its running loop, its live line, its interrupt button."""

from __future__ import annotations

import importlib.util
import os
import pathlib
import queue
import tempfile
import time

import pytest

pytestmark = [
    pytest.mark.allow_hosts(["127.0.0.1"]),
    pytest.mark.skipif(
        importlib.util.find_spec("ipykernel") is None
        or importlib.util.find_spec("nbclient") is None,
        reason="there is no notebook kernel here",
    ),
]
SLOW = """
import llmerm
pairs = [(i, i % 2) for i in range(80)]
def fit(drafts, **options):
    proposer = llmerm.ScriptedProposer(drafts)
    return llmerm.fit(pairs, 12, proposer=proposer, sandbox=llmerm.sandbox.default(cpu_seconds=300), **options)
endless = "def f(x):\\n    while True: pass"
"""


class Notebook:
    """A kernel, and what it said to each cell."""

    def __init__(self, manager, client):
        self.manager, self.client = manager, client

    def run(self, code, *, when=lambda message: False, then=lambda: None):
        """Every message about a cell; `then` is done once, at the first that `when` is true of."""
        asked, told = self.client.execute(code), []
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline:
            try:
                message = self.client.get_iopub_msg(timeout=1)
            except queue.Empty:
                continue
            if message["parent_header"].get("msg_id") != asked:
                continue
            told.append(message)
            if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
                return told
            if when(message):
                then()
                when = lambda message: False  # noqa: E731
        raise AssertionError(f"the cell did not end: {told}")

    def shown(self, code):
        """What a cell prints, where it raises nothing."""
        told = self.run(code)
        assert not of(told, "error"), of(told, "error")
        return "".join(c["text"] for c in of(told, "stream") if c["name"] == "stdout").strip()

    def children(self):
        """The processes below the kernel's."""
        found = set()
        for listed in pathlib.Path(f"/proc/{self.manager.provisioner.pid}/task").glob("*/children"):
            found |= set(map(int, listed.read_text().split()))
        return found


def of(told, kind):
    """The contents of the messages of one kind."""
    return [message["content"] for message in told if message["msg_type"] == kind]


@pytest.fixture(scope="module")
def notebook():
    """A kernel that has the helpers of `SLOW`."""
    from jupyter_client import KernelManager

    with tempfile.TemporaryDirectory() as here:  # a short path: it names the kernel's sockets
        yield from _started(KernelManager(transport="ipc", ip=f"{here}/k"), here)


def _started(manager, here):
    manager.start_kernel(env={**os.environ, "PYTHONWARNINGS": "default", "IPYTHONDIR": here})
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=90)
        made = Notebook(manager, client)
        made.shown(SLOW)
        yield made
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
        manager.cleanup_resources()


def test_a_fit_runs_inside_the_loop_of_a_kernel(notebook):
    """The kernel's loop runs, and `fit` is called as anywhere."""
    told = notebook.shown("""
        import asyncio
        print(asyncio.get_event_loop().is_running())
        print(fit(["def f(x): return x % 2"]).held_out_error)
    """)
    assert told.split() == ["True", "0.0"]


def test_a_fit_is_awaited_in_a_cell(notebook):
    """`fit_async` runs in the kernel's own loop."""
    code = 'one = llmerm.ScriptedProposer(["def f(x): return x % 2"])\n'
    code += "print((await llmerm.fit_async(pairs, 12, proposer=one)).status)"
    assert notebook.shown(code) == "verified"


def test_a_cell_shows_one_line_that_is_rewritten(notebook):
    """One display; each update is of that display; the last says how it ended."""
    told = notebook.run(
        'fit(["def f(x): return 1", "def f(", "def f(x): return x % 2"], progress="auto");'
    )
    (first,), updates = of(told, "display_data"), of(told, "update_display_data")
    assert {u["transient"]["display_id"] for u in updates} == {first["transient"]["display_id"]}
    assert first["data"]["text/plain"].startswith("0 of at most 12 candidates")
    assert updates[-1]["data"]["text/plain"].startswith(
        "3 of at most 12 candidates, 2 scored, best error 0,"
    )
    assert '<progress value="3" max="12"' in updates[-1]["data"]["text/html"]


def test_a_cell_shows_no_line_where_none_is_wanted(notebook):
    """`progress=None` and False are silent."""
    told = notebook.run(
        'fit(["def f(x): return x % 2"], progress=None)\nfit(["def f(x): return x % 2"], progress=False);'
    )
    assert not of(told, "display_data")
    assert not of(told, "stream")


def test_a_result_is_shown_as_a_card_and_as_text(notebook):
    """Both are in the message: a front end takes what it can show."""
    (shown,) = of(notebook.run('fit(["def f(x): return x % 2"], progress=None)'), "execute_result")
    assert shown["data"]["text/html"].startswith('<div class="llmerm">')
    assert shown["data"]["text/plain"].startswith("FitResult(verified, held-out error 0;")


def test_interrupting_a_cell_gives_back_the_best_so_far(notebook):
    """It ends at once, though its programs would run for minutes; none of them is left running."""
    asked = []

    def interrupt():
        assert notebook.children()
        asked.append(time.monotonic())
        notebook.manager.interrupt_kernel()

    told = notebook.run(
        'result = fit(["def f(x): return 1"] + [endless] * 9)',
        when=lambda message: "1 of at most" in str(message["content"]),
        then=interrupt,
    )
    assert time.monotonic() - asked[0] < 20
    assert not of(told, "error")
    assert any(
        "interrupted: this is the best of 1" in c.get("text", "") for c in of(told, "stream")
    )
    assert (
        notebook.shown("print(result.stopped, len(result.candidates), result.certificate.count)")
        == "interrupted 1 12"
    )
    assert gone(notebook)
    assert notebook.shown("print(result.predict([3]))") == "[1]"


def test_interrupting_a_loop_of_fits_ends_the_loop(notebook):
    """The fit under way gives its best so far, the next of the same cell does not begin."""
    told = notebook.run(
        'results = []\nfor _ in range(3):\n    results.append(fit(["def f(x): return 1"] + [endless] * 9))',
        when=lambda message: "1 of at most" in str(message["content"]),
        then=lambda: notebook.manager.interrupt_kernel(),
    )
    (error,) = of(told, "error")
    assert error["ename"] == "KeyboardInterrupt"
    assert notebook.shown("print([r.stopped for r in results])") == "['interrupted']"
    assert notebook.shown('print(fit(["def f(x): return x % 2"]).stopped)') != "interrupted"
    assert gone(notebook)


def test_interrupting_before_anything_was_judged_is_an_interrupt(notebook):
    """There is nothing to give back."""
    told = notebook.run(
        "result = None\nresult = fit([endless] * 9)",
        when=lambda message: "0 of at most" in str(message["content"]),
        then=lambda: (time.sleep(1), notebook.manager.interrupt_kernel()),
    )
    (error,) = of(told, "error")
    assert error["ename"] == "KeyboardInterrupt"
    assert notebook.shown("print(result)") == "None"
    assert gone(notebook)


def gone(notebook):
    """Whether no sandbox runs any more but those kept for predictions, after a moment at most."""
    notebook.run("from llmerm.sandbox import standby\nstandby.close()")
    for _ in range(100):
        if not notebook.children():
            return True
        time.sleep(0.05)
    return False
