"""The library's invariants, each broken on purpose here and held by the real parts."""

from __future__ import annotations

import ast
import concurrent.futures
import inspect
import json
import logging
import os
import pathlib
import subprocess
import sys
import textwrap
from dataclasses import asdict, fields, replace

import pytest

import llmerm
from llmerm.errors import ProgramError
from llmerm.samples import Samples
from llmerm.selector import select
from llmerm.typing import Failed, SampleError, Scored, Usage

ODD = "def f(x): return x % 2"
ONE = "def f(x): return 1"
SOURCES = pathlib.Path(llmerm.__file__).parent

SEARCH_MEMORY = """
import gc
def f(x):
    wanted = "-".join(["label", "of", "the", "test"])
    found, todo, seen = 0, list(gc.get_objects()), set()
    for thing in todo[:200000]:
        for part in gc.get_referents(thing):
            if type(part) is str and part is not wanted and wanted in part and len(part) < 40:
                found += 1
    return found
"""


class Watching(llmerm.Proposer):
    """Remembers all that it was given."""

    name = "watching"

    def __init__(self, *sources):
        self.sources, self.seen = sources, []

    async def propose(self, train, k, seed):
        self.seen.append((train, k, seed))
        for draw, source in enumerate(self.sources):
            yield llmerm.Proposal(draw, source)


# 1. Labels never enter the sandbox; held-out data never reaches a proposer; test data never
#    reaches the selector.


def test_no_label_is_in_the_memory_of_a_candidates_process(box):
    """A candidate that searches its whole process finds the inputs' text and no label's."""
    samples = [(f"input-{i}", f"label-of-the-test-{i % 2}") for i in range(40)]
    found = llmerm.fit(samples, proposer=Watching(SEARCH_MEMORY), sandbox=box)
    with box.session([x for x, _ in samples][:1]) as session:
        control = session.run(
            SEARCH_MEMORY.replace('["label", "of", "the", "test"]', '["input", "0"]')
        )
        nothing = session.run(SEARCH_MEMORY)
    assert control.predictions[0] > 0
    assert nothing.predictions[0] == 0
    assert isinstance(found.candidates[0].verdict, Scored)
    assert found.candidates[0].verdict.train_error == 1.0


def test_a_proposer_sees_the_training_part_and_nothing_else():
    """The held-out inputs and labels are in no argument."""
    proposer = Watching(ODD)
    samples = Samples.of([(i, i % 2) for i in range(100)])
    llmerm.fit(samples, k=3, seed=5, proposer=proposer)
    ((train, k, seed),) = proposer.seen
    assert train == samples.split(0.5, seed=5).train
    assert (k, seed, len(train)) == (3, 5, 50)
    assert set(train.__dict__) <= {
        "inputs",
        "outputs",
        "name",
        "description",
        "fingerprint",
        "label_counts",
    }


def test_the_selector_cannot_see_test_data():
    """Its only argument is the verdicts, and a verdict has no place for a test score."""
    assert list(inspect.signature(select).parameters) == ["verdicts"]
    assert not [f.name for f in fields(Scored) if "test" in f.name]


def test_sealed_samples_reach_neither_a_proposer_nor_a_sandbox_before_they_are_opened(
    tmp_path, box
):
    """A fit hands on what `split` left, and no other input or label: not to a proposer, a sandbox,
    a verdict, a ledger or a result; `evaluate` shows the sandbox the inputs alone, and no selector.
    """
    samples = Samples.of([(f"x{i:03}", f"y{i:03}") for i in range(100)])
    rest, sealed = llmerm.split(samples, ledger=tmp_path / "l.sqlite")
    inside = [(x, y) for x, y in samples if x not in rest.inputs]
    assert len(inside) == len(sealed) == 20
    seen = []

    class Looking(llmerm.sandbox.Sandbox):
        isolation = box.isolation

        def session(self, inputs, *, workers=1, hash_seed=0):
            seen.append(str(inputs))
            return box.session(inputs, workers=workers, hash_seed=hash_seed)

    proposer = Watching("def f(x): return 'y' + x[1:]", "def f(x): return x")
    limits = {"sandbox": Looking(), "ledger": tmp_path / "l.sqlite"}
    result = llmerm.fit(rest, k=2, batch_size=2, proposer=proposer, **limits)
    seen += [repr([list(train) for train, _, _ in proposer.seen]), repr(result)]
    seen += [path.read_bytes().decode(errors="replace") for path in tmp_path.iterdir()]
    assert rest.inputs[0] in "".join(seen)
    assert not [part for x, y in inside for part in (x, y) if part in "".join(seen)]
    before = (result.chosen, result.candidates, result.certificate)
    seen.clear()
    assert result.evaluate(sealed).error == 0
    assert all(x in seen[0] for x, _ in inside)
    assert not [y for _, y in inside if y in "".join(seen)]
    assert (result.chosen, result.candidates, result.certificate) == before


# 2. No untrusted object is ever unpickled, compared with its own __eq__, or trusted for its type.


@pytest.mark.parametrize(
    "body",
    [
        "class L:\n    def __eq__(self, other): return True\n    __hash__ = None\ndef f(x): return L()",
        "class I(int):\n    def __eq__(self, other): return True\n    __hash__ = None\ndef f(x): return I(7)",
        "class S(str):\n    def __eq__(self, other): return True\n    __hash__ = None\ndef f(x): return S('a')",
        "class B:\n    __class__ = bool\ndef f(x): return B()",
        "import os\nclass P:\n    def __reduce__(self): return (os._exit, (3,))\ndef f(x): return P()",
        "class D(dict):\n    def __eq__(self, other): return True\ndef f(x): return [D()]",
    ],
    ids=["eq", "int", "str", "class", "reduce", "nested"],
)
def test_liars_have_no_prediction(odd, body):
    """An object of another type than the plain ones is refused on every input."""
    result = llmerm.fit(odd, proposer=llmerm.ScriptedProposer([body]))
    assert result.candidates[0].verdict.reason == "raised"


def test_nothing_is_unpickled_anywhere():
    """No module imports a pickle of any kind, but for the error of its name; marshal is read inside
    the sandbox alone."""
    for path in SOURCES.rglob("*.py"):
        tree = ast.parse(path.read_text())
        imported = {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
        imported |= {
            n.module
            for n in ast.walk(tree)
            if isinstance(n, ast.ImportFrom) and n.module
            if [a.name for a in n.names] != ["PicklingError"]
        }
        assert not imported & {"pickle", "cPickle", "dill", "cloudpickle", "shelve", "joblib"}, path
        if "marshal.load" in path.read_text():
            assert path.name in ("child.py", "zygote.py")


# 3. A crash, a time-out, a bad value are reasons, reported per candidate; they are no wrong answers.


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("def f(x):\n    while True: pass", "timeout"),
        ("import os\ndef f(x): os._exit(0)", "exit"),
        ("import ctypes\ndef f(x): return ctypes.string_at(1)", "crash"),
        ("1 / 0\ndef f(x): return 1", "load_error"),
        ("def f(x): return object()", "raised"),
        ("def f(x): return float('nan')", "raised"),
        ("def f(a, b): return 1", "raised"),
    ],
)
def test_a_failure_is_a_reason_and_not_a_score(odd, source, reason):
    """And the honest program after it is scored right."""
    limits = llmerm.sandbox.default(cpu_seconds=0.3)
    result = llmerm.fit(odd, proposer=llmerm.ScriptedProposer([source, ODD]), sandbox=limits)
    verdict = result.candidates[0].verdict
    assert isinstance(verdict, Failed)
    assert verdict.reason == reason or (
        reason == "crash" and verdict.reason in ("load_error", "raised")
    )
    assert result.candidates[0].held_out_error is None
    assert result.candidates[1].held_out_error == 0


# 4. Same seed and same replies give the same result, whatever the concurrency or the executor.


def _essence(result):
    same = [(c.draw, c.source, c.duplicate_of, _timeless(c.verdict)) for c in result.candidates]
    return result.chosen, same, result.certificate, result.stopped, result.chance_error


def _timeless(verdict):
    return replace(verdict, cpu_seconds=0.0) if isinstance(verdict, Scored) else verdict


def test_executors_and_concurrency_do_not_change_the_result(odd):
    """This machine's pool, a thread pool and a process pool agree in everything but time."""
    script = [ONE, "def f(x): return 0", "broken(", "def f(x): return x % 2 if x else 0", ODD]

    def run(executor):
        return llmerm.fit(odd, seed=3, proposer=llmerm.ScriptedProposer(script), executor=executor)

    alone = _essence(run(None))
    with concurrent.futures.ThreadPoolExecutor(3) as threads:
        assert _essence(run(threads)) == alone
    context = __import__("multiprocessing").get_context("spawn")
    with concurrent.futures.ProcessPoolExecutor(2, mp_context=context) as processes:
        assert _essence(run(processes)) == alone


# 5. What was paid for is on disk before it is used; a crash loses nothing; a resumed run pays
#    nothing twice.

CRASHING = """
import os, sys, llmerm
from llmerm.typing import Usage

class Dies(llmerm.ScriptedProposer):
    async def propose(self, train, k, seed):
        async for proposal in super().propose(train, k, seed):
            if proposal.draw == int(sys.argv[2]):
                os.kill(os.getpid(), 9)
            yield proposal

script = ["def f(x): return %d" % i for i in range(2, 8)] + ["def f(x): return x % 2"]
llmerm.fit([(i, i % 2) for i in range(80)], k=7, ledger=sys.argv[1],
           proposer=Dies(script, usage=Usage(calls=1)))
"""


@pytest.mark.parametrize("dies_at", [1, 4, 6])
def test_a_killed_run_resumes_without_paying_twice(tmp_path, odd, dies_at):
    """After kill -9 the draws made are in the ledger, and only the others are made again."""
    ledger = tmp_path / "run.sqlite"
    died = subprocess.run([sys.executable, "-c", CRASHING, str(ledger), str(dies_at)], timeout=60)
    assert died.returncode == -9
    script = [f"def f(x): return {i}" for i in range(2, 8)] + [ODD]
    proposer = llmerm.ScriptedProposer(script, usage=Usage(calls=1))
    resumed = llmerm.fit(odd, k=7, ledger=ledger, proposer=proposer)
    assert proposer.paid == list(range(dies_at, 7))
    untouched = llmerm.fit(
        odd,
        k=7,
        ledger=tmp_path / "other.sqlite",
        proposer=llmerm.ScriptedProposer(script, usage=Usage(calls=1)),
    )
    assert _essence(resumed) == _essence(untouched)
    assert resumed.usage.calls == 7


def test_a_draw_is_in_the_ledger_before_it_is_run(tmp_path, odd, box):
    """The sandbox, when asked to run a source, finds it recorded."""
    path = tmp_path / "run.sqlite"
    known = []

    class Checking(llmerm.sandbox.Sandbox):
        isolation = box.isolation

        def session(self, inputs, *, workers=1, hash_seed=0):
            session = box.session(inputs, workers=workers, hash_seed=hash_seed)
            run = session.run

            def checked(source, **options):
                with llmerm.Ledger(path, create=False) as ledger:
                    (only,) = ledger.runs()
                    known.append(source in [p.source for p in ledger.draws(only).values()])
                return run(source, **options)

            session.run = checked
            return session

    llmerm.fit(odd, proposer=llmerm.ScriptedProposer([ONE, ODD]), ledger=path, sandbox=Checking())
    assert len(known) >= 2
    assert all(known)


def test_a_replay_gives_the_same_selection_offline(tmp_path, odd):
    """From the ledger alone, at no cost; other samples are refused."""
    path = tmp_path / "run.sqlite"
    script = [ONE, "broken(", ODD]
    paid = llmerm.fit(
        odd, ledger=path, proposer=llmerm.ScriptedProposer(script, usage=Usage(calls=1))
    )
    again = llmerm.fit(odd, proposer=f"replay:{path}")
    uncounted = llmerm.fit(odd, proposer=llmerm.ScriptedProposer(script))
    assert _essence(again) == _essence(uncounted)
    assert again.chosen == paid.chosen
    assert (paid.usage.calls, again.usage.calls) == (3, 0)
    with pytest.raises(llmerm.LlmermError, match="has no draws for these training samples"):
        llmerm.fit([(i, i % 2) for i in range(60)], proposer=f"replay:{path}")


# 6. Secrets are never logged, stored, put in a prompt or passed to a candidate.

LOOK_FOR_KEYS = """
import os
def f(x): return [len(os.environ), os.environ.get("OPENAI_API_KEY"), os.environ.get("SECRET_OF_MINE")]
"""


def test_keys_reach_neither_candidates_nor_ledgers_nor_results(tmp_path, odd, monkeypatch, caplog):
    """A key in the environment is nowhere to be found afterwards."""
    secret = "sk-" + "do-not-tell" * 3
    for name in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "SECRET_OF_MINE"):
        monkeypatch.setenv(name, secret)
    caplog.set_level(logging.DEBUG)
    path = tmp_path / "run.sqlite"
    script = [LOOK_FOR_KEYS, "import os\ndef f(x): return str(dict(os.environ))", ODD]
    result = llmerm.fit(odd, ledger=path, proposer=llmerm.ScriptedProposer(script))
    told = result.sandbox
    with told.session([1]) as session:
        looked = session.run(LOOK_FOR_KEYS)
        everything = session.run(script[1])
    if isinstance(looked, Failed):
        assert "os" in looked.detail
    else:
        assert looked.predictions[0][1:] == [None, None]
        assert secret not in everything.predictions[0]
    stored = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert stored
    assert secret.encode() not in stored
    assert secret not in json.dumps(asdict(result.provenance)) + repr(result) + caplog.text


# 7. `result.predict` runs in the sandbox; a plain function in one's own process is an explicit act.


def test_predict_runs_in_another_process_and_cannot_write(tmp_path, odd):
    """The program's process is not ours, and its files are not ours."""
    sneaky = f"""
import os
def f(x):
    if x == -1:
        return os.getpid()
    if x == -2:
        open({str(tmp_path / "made")!r}, "w").close()
    return x % 2
"""
    result = llmerm.fit(odd, proposer=llmerm.ScriptedProposer([sneaky]))
    pid, denied = result.predict([-1, -2])
    assert pid != os.getpid()
    assert isinstance(denied, SampleError)
    assert not list(tmp_path.iterdir())
    with pytest.raises(ProgramError, match="trusted=True"):
        result.program.compile()


# 8. Nothing on the public surface says more than was measured.


def test_words_say_what_was_measured(odd):
    """Verified is about held-out data, the certificate about the population, isolation about now."""
    result = llmerm.fit(odd, proposer=llmerm.ScriptedProposer([ODD]))
    assert result.verified
    assert result.certificate.bound > result.held_out_error == 0
    assert "inputs drawn like the samples" in str(result.certificate)
    assert result.provenance.isolation == llmerm.sandbox.default().isolation
    unverified = llmerm.fit(odd, held_out=0, proposer=llmerm.ScriptedProposer([ODD]))
    assert not unverified.verified
    assert "nothing was verified" in str(unverified.certificate)


def test_ctrl_c_leaves_no_process_behind(tmp_path):
    """SIGINT in the middle of a fit: it ends with KeyboardInterrupt and its sandboxes end with it."""
    code = textwrap.dedent("""
        import llmerm
        loop = "def f(x):\\n    while True: pass"
        print("ready", flush=True)
        llmerm.fit([(i, i % 2) for i in range(80)], proposer=llmerm.ScriptedProposer([loop] * 9),
                   sandbox=llmerm.sandbox.default(cpu_seconds=60))
    """)
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "ready\n"
    children = _wait_for_children(process.pid)
    process.send_signal(2)
    _, shown = process.communicate(timeout=20)
    assert "KeyboardInterrupt" in shown
    assert _none_left(children)


def _wait_for_children(pid):
    import time

    for _ in range(200):
        found = _descendants(pid)
        if len(found) >= 2:
            time.sleep(0.3)
            return _descendants(pid)
        time.sleep(0.05)
    raise AssertionError("the fit started no sandbox")


def _descendants(pid):
    children = pathlib.Path(f"/proc/{pid}/task/{pid}/children")
    listed = children.read_text().split() if children.exists() else []
    others = [
        c
        for t in pathlib.Path(f"/proc/{pid}/task").glob("*/children")
        for c in t.read_text().split()
    ]
    below = {int(c) for c in [*listed, *others]}
    return below | {grand for child in below for grand in _descendants(child)}


def _none_left(pids):
    import time

    for _ in range(100):
        alive = [
            pid
            for pid in pids
            if pathlib.Path(f"/proc/{pid}/cmdline").exists()
            and pathlib.Path(f"/proc/{pid}/cmdline").read_bytes()
        ]
        if not alive:
            return True
        time.sleep(0.05)
    return False
