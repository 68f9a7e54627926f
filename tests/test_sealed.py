"""Sealed samples: one look a declared use, counted, with no other way in."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import io
import json
import operator
import pickle
import pprint
import subprocess
import sys
import threading
from collections import Counter

import numpy as np
import pandas as pd
import pytest
import rich
import rich.traceback
from rich.console import Console
from scipy.stats import beta

import llmerm
from llmerm.errors import (
    ArgumentError,
    LedgerError,
    PredictionError,
    SealedAccessError,
    SealedError,
    UsedUpError,
)
from llmerm.ledger import Ledger
from llmerm.losses import within
from llmerm.openings import Memory, opening
from llmerm.samples import Samples
from llmerm.sealed import Sealed

ODD = "def f(x): return int(x.split()[0]) % 2"
THIRD = "def f(x): return int(int(x.split()[0]) % 3 == 0)"
ONE = "def f(x): return 1"


def _samples(mark: str, m: int = 100) -> Samples:
    """Samples of their own for each test, as openings are counted by content."""
    return Samples.of([(f"{i} {mark}", i % 2) for i in range(m)])


def _fitted(rest, *sources, **options):
    return llmerm.fit(rest, proposer=llmerm.ScriptedProposer(list(sources) or [ODD]), **options)


def _left_out(samples, rest):
    """What `split` sealed, found without it: the samples that are not in the rest."""
    known = set(rest.inputs)
    return [(x, y) for x, y in samples if x not in known]


def test_the_parts_are_the_samples_each_label_in_its_share():
    """Nothing is lost or doubled; a fifth of each label is sealed; a seed gives one split."""
    samples = Samples.of([(i, "ab"[i % 5 == 0]) for i in range(200)])
    rest, sealed = llmerm.split(samples, seed=3)
    assert (len(rest), len(sealed)) == (160, 40)
    assert Counter(y for _, y in _left_out(samples, rest)) == {"a": 32, "b": 8}
    again, other = llmerm.split(samples, seed=3), llmerm.split(samples, seed=4)
    assert (again[0], again[1].fingerprint) == (rest, sealed.fingerprint)
    assert other[1].fingerprint != sealed.fingerprint
    assert len(llmerm.split(samples, test=50)[1]) == 50
    assert len(llmerm.split(samples, test=1)[1]) == 1


@pytest.mark.parametrize("delta", [0.05, 0.2])
@pytest.mark.parametrize("uses", [1, 3])
def test_a_use_has_the_exact_interval_at_its_part_of_delta(uses, delta):
    """The errors are those of a plain loop, the ends are scipy's quantiles at delta / uses."""
    samples = _samples(f"interval {uses} {delta}", 300)
    rest, sealed = llmerm.split(samples, uses=uses)
    found = _fitted(rest, THIRD).evaluate(sealed, delta=delta)
    numbers = [(int(x.split()[0]), y) for x, y in _left_out(samples, rest)]
    errors = sum((i % 3 == 0) != y for i, y in numbers)
    assert 0 < errors < 60
    assert (found.samples, round(found.error * 60)) == (60, errors)
    tail = delta / uses / 2
    ends = beta.ppf(tail, errors, 61 - errors), beta.isf(tail, errors + 1, 60 - errors)
    assert found.interval == pytest.approx(ends, rel=1e-9)
    assert (found.confidence, found.use, found.uses) == (1 - delta, 1, uses)
    assert f"is wrong on {errors} of 60 sealed samples; " in str(found)
    assert f"; use 1 of {uses}" in str(found)
    assert (", all 3 uses at once," in str(found)) == (uses == 3)


def test_the_same_program_again_is_no_new_use():
    """Other names and comments are the same program; the numbers are the same."""
    rest, sealed = llmerm.split(_samples("again"))
    first = _fitted(rest).evaluate(sealed)
    renamed = "def f(text):\n    # another one?\n    return int(text.split()[0]) % 2"
    assert first == _fitted(rest, renamed).evaluate(sealed) == _fitted(rest).evaluate(sealed)
    assert repr(sealed) == "Sealed(20 samples, opened 1 of 1 times)"


def test_past_the_declared_uses_nothing_is_said():
    """Two uses are two programs; the third is refused, and the first two still have theirs."""
    rest, sealed = llmerm.split(_samples("past"), uses=2)
    used = [_fitted(rest, source).evaluate(sealed) for source in (ODD, THIRD)]
    assert [(one.use, one.uses) for one in used] == [(1, 2), (2, 2)]
    with pytest.raises(UsedUpError, match=r"the 2 uses .* are over.*Draw new samples"):
        _fitted(rest, ONE).evaluate(sealed)
    assert [_fitted(rest, source).evaluate(sealed) for source in (ODD, THIRD)] == used
    assert (sealed.opened, sealed.uses) == (2, 2)


def test_another_loss_is_another_use():
    """It is another statement about the same samples."""
    rest, sealed = llmerm.split(_samples("loss"))
    assert _fitted(rest, loss=within(0.5)).evaluate(sealed).error == 0
    with pytest.raises(UsedUpError, match="the use that was declared"):
        _fitted(rest).evaluate(sealed)


def test_splitting_again_does_not_start_anew():
    """A notebook's cell may be run twice; the number of uses may not grow after the first."""
    samples = _samples("cell")
    rest, sealed = llmerm.split(samples)
    _fitted(rest).evaluate(sealed)
    rest, sealed = llmerm.split(samples)
    assert sealed.opened == 1
    with pytest.raises(UsedUpError):
        _fitted(rest, ONE).evaluate(sealed)
    rest, sealed = llmerm.split(samples, uses=5)
    with pytest.raises(SealedError, match=r"opened 1 time with uses=1 declared, got uses=5"):
        _fitted(rest, ONE).evaluate(sealed)


def test_a_result_of_other_samples_is_refused():
    """All samples (the sealed ones among them), a part of the rest, another population: no use."""
    samples = _samples("others")
    rest, sealed = llmerm.split(samples)
    for wrong in (samples, rest[:60], _samples("from elsewhere"), samples.split(0.2).train[::-1]):
        with pytest.raises(SealedError, match=r"fitted on other samples.*Fit on all the samples"):
            _fitted(wrong).evaluate(sealed)
    assert sealed.opened == 0
    verified = llmerm.verify(ODD, rest.described("the parity of the number"))
    assert verified.evaluate(sealed).use == 1


def test_what_is_wrong_with_the_question_spends_no_use():
    """A bad delta and a result without a program are refused first."""
    rest, sealed = llmerm.split(_samples("no use"))
    for delta in (0, 1, -0.1, float("nan")):
        with pytest.raises(ArgumentError, match="`delta` must be in"):
            _fitted(rest).evaluate(sealed, delta=delta)
    with pytest.raises(llmerm.LlmermError, match="could be scored"):
        _fitted(rest, "broken(").evaluate(sealed)
    assert sealed.opened == 0


def test_a_program_that_cannot_be_run_has_used_its_use_and_tells_no_input():
    """It may be tried again; the message has the reason alone."""
    samples = Samples.of([(f"{i} private", i % 2) for i in range(100)])
    rest, sealed = llmerm.split(samples)
    picky = f"def f(x):\n    return {dict(rest)!r}[x]"
    result = _fitted(rest, picky)
    for _ in range(2):
        with pytest.raises(PredictionError, match="could not be evaluated: raised") as told:
            result.evaluate(sealed)
        assert "private" not in str(told.value)
    assert sealed.opened == 1


@pytest.mark.parametrize("way", ["a loss that stops", "a program that fails"])
def test_a_traceback_with_locals_shows_nothing_sealed(way):
    """Rich and notebooks print the locals of each frame; those that hold samples are left out."""
    samples = Samples.of([(f"{i:03} hidden input", f"label {i:03} of {way}") for i in range(80)])
    rest, sealed = llmerm.split(samples, test=20)
    armed = []

    def stopping(prediction, label):
        if armed:
            raise KeyboardInterrupt
        return float(prediction != label)

    fails = f"def f(x):\n    return {dict(rest)!r}[x]"
    source, loss = (ONE, stopping) if way == "a loss that stops" else (fails, "zero_one")
    result = _fitted(rest, source, loss=loss)
    armed.append(True)
    with pytest.raises((KeyboardInterrupt, PredictionError)) as told:
        result.evaluate(sealed)
    frames = rich.traceback.Traceback.extract(*told._excinfo, show_locals=True, locals_max_string=None)  # fmt: skip
    shown = "".join(str(frame.locals) for stack in frames.stacks for frame in stack.frames[1:])
    assert "Sealed(20 samples" in shown
    for x, y in _left_out(samples, rest):
        assert x not in shown
        assert y not in shown
    assert sealed.opened == 1


def test_the_ledger_of_sealed_samples_is_one_file_whatever_the_folder(tmp_path, monkeypatch):
    """Another working folder does not start anew, and a file that is gone is no empty one."""
    monkeypatch.chdir(tmp_path)
    rest, sealed = llmerm.split(_samples("folder"), ledger="l.sqlite")
    _fitted(rest).evaluate(sealed)
    (tmp_path / "inner").mkdir()
    monkeypatch.chdir(tmp_path / "inner")
    assert sealed.opened == 1
    with pytest.raises(UsedUpError):
        _fitted(rest, ONE).evaluate(sealed)
    for file in tmp_path.glob("l.sqlite*"):
        file.unlink()
    with pytest.raises(LedgerError, match="there is no ledger"):
        _fitted(rest, ONE).evaluate(sealed)


@pytest.mark.parametrize("options", [{"test": 0.0}, {"test": 1.0}, {"test": 0}, {"test": 100},
                                     {"test": True}, {"test": -3}, {"test": "0.2"},
                                     {"test": float("nan")}, {"uses": 0}, {"uses": True},
                                     {"uses": 1.5}, {"seed": -1}])  # fmt: skip
def test_arguments_out_of_range_are_named(options):
    """The message has the name and the value."""
    (name,) = options
    with pytest.raises(ArgumentError, match=f"`{name}` must be .*got"):
        llmerm.split(_samples("range"), **options)
    with pytest.raises(ArgumentError, match="1 sample given, expected at least 2"):
        llmerm.split([(1, 1)])


INTO = {
    "list": list,
    "star": lambda s: [*s],
    "index": lambda s: s[0],
    "slice": lambda s: s[:3],
    "in": lambda s: ("x", 1) in s,
    "reversed": lambda s: list(reversed(s)),
    "sorted": sorted,
    "zip": lambda s: list(zip(s, s, strict=True)),
    "dict": dict,
    "plus": lambda s: operator.add(s, []),
    "joined to a list": lambda s: operator.add([("x", 1)], s),
    "joined to samples": lambda s: _samples("joined") + s,
    "Samples.of": Samples.of,
    "from_arrays": lambda s: Samples.from_arrays(s, range(20)),
    "fit": llmerm.fit,
    "verify": lambda s: llmerm.verify(ONE, s),
    "forecast": llmerm.forecast,
    "split": llmerm.split,
    "predict": lambda s: _fitted(_samples("predict")).predict(s),
    "version_space": lambda s: _fitted(_samples("predict")).version_space(s),
    "DataFrame": pd.DataFrame,
    "pickle": pickle.dumps,
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "deepcopy of what holds it": lambda s: copy.deepcopy({"test": [s]}),
    "asdict of what holds it": lambda s: dataclasses.asdict(dataclasses.make_dataclass("A", "s")(s)),
}  # fmt: skip


@pytest.mark.parametrize("way", INTO.values(), ids=INTO)
def test_no_ordinary_way_leads_in(way):
    """Each is refused with a TypeError of the library that says what to do instead."""
    _, sealed = llmerm.split(_samples("ways"))
    with pytest.raises(SealedAccessError, match="20 sealed samples cannot be") as told:
        way(sealed)
    assert isinstance(told.value, TypeError)
    assert "result.evaluate(sealed)" in str(told.value) or "with the same seed" in str(told.value)


def test_nothing_that_shows_an_object_shows_what_is_sealed():
    """Its representation, attributes, members and numpy's view of it hold no input and no label."""
    samples = Samples.of([(f"input-{i}", f"label-{i % 2}") for i in range(50)])
    _, sealed = llmerm.split(samples)
    shown = io.StringIO()
    rich.inspect(sealed, all=True, console=Console(file=shown, width=200))
    attributes = [repr(getattr(sealed, name, None)) for name in dir(sealed)]
    told = [repr(sealed), str(sealed), f"{sealed}", pprint.pformat(sealed), shown.getvalue(),
            repr(inspect.getmembers(sealed)), *attributes]  # fmt: skip
    with pytest.raises(TypeError):
        told.append(json.dumps(sealed))
    with pytest.raises(TypeError):
        vars(sealed)
    with pytest.raises(TypeError):
        np.array(sealed)
    assert "opened 0 of 1 times" in told[0]
    assert not [text for text in told if "input-" in text or "label-" in text]
    assert not [name for name in ("inputs", "outputs", "columns") if hasattr(sealed, name)]


def test_the_count_cannot_be_set_by_mistake():
    """What decides the intervals has no setter, and there is room for no other attribute."""
    _, sealed = llmerm.split(_samples("setter"))
    for name in ("uses", "opened", "fingerprint", "inputs"):
        with pytest.raises(AttributeError):
            setattr(sealed, name, 9)


def test_in_memory_and_in_a_ledger_uses_are_counted_alike(tmp_path):
    """Any order of programs and declarations has one outcome in both."""
    asked = [("a", "p", 2), ("a", "p", 2), ("b", "p", 1), ("a", "q", 3), ("a", "q", 2),
             ("a", "r", 2), ("b", "q", 1), ("b", "p", 1), ("a", "p", 9)]  # fmt: skip

    def outcomes(kept):
        for one in asked:
            try:
                yield tuple(opening(kept, *one))
            except SealedError as error:
                yield type(error)

    expected = [(1, 2), (1, 2), (1, 1), SealedError, (2, 2), UsedUpError, UsedUpError, (1, 1), (1, 2)]  # fmt: skip
    assert list(outcomes(Memory())) == expected
    with Ledger(tmp_path / "l.sqlite") as ledger:
        assert list(outcomes(ledger)) == expected


PROCESS = """
import sys, llmerm
source = sys.argv[2]
samples = [(f"{i} shared", i % 2) for i in range(100)]
rest, sealed = llmerm.split(samples, ledger=sys.argv[1])
result = llmerm.fit(rest, proposer=llmerm.ScriptedProposer([source]))
print("ready", flush=True)
sys.stdin.readline()
try:
    print(result.evaluate(sealed).use)
except llmerm.errors.UsedUpError:
    print("over")
"""


def test_processes_share_the_uses_of_a_ledger(tmp_path):
    """Of three that open one use at the same moment, one has it; a later one counts on."""
    path = tmp_path / "l.sqlite"
    run = [sys.executable, "-c", PROCESS, str(path)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    started = [subprocess.Popen([*run, source], **pipes) for source in (ODD, THIRD, ONE)]
    assert all(process.stdout.readline() == "ready\n" for process in started)
    for process in started:
        process.stdin.write("go\n")
        process.stdin.flush()
    said = [process.communicate(timeout=120)[0].strip() for process in started]
    assert sorted(said) == ["1", "over", "over"]
    samples = [(f"{i} shared", i % 2) for i in range(100)]
    rest, sealed = llmerm.split(samples, ledger=path)
    assert sealed.opened == 1
    opened = (ODD, THIRD, ONE)[said.index("1")]
    assert _fitted(rest, opened).evaluate(sealed).use == 1
    with pytest.raises(UsedUpError):
        _fitted(rest, "def f(x): return 0").evaluate(sealed)
    with pytest.raises(LedgerError):
        llmerm.split(samples, ledger=tmp_path / "no folder" / "l.sqlite")


def test_threads_cannot_share_a_use():
    """Of many programs at the same moment, as many get in as were declared."""
    kept, start, got = Memory(), threading.Barrier(8), []

    def ask(number):
        start.wait(60)
        try:
            got.append(opening(kept, "s", f"program {number}", 3).use)
        except UsedUpError:
            got.append(0)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(got) == [0, 0, 0, 0, 0, 1, 2, 3]


def test_what_is_sealed_goes_with_its_object():
    """No table keeps samples whose seal is gone."""
    from llmerm.sealed import _inside

    before = len(_inside)
    sealed = llmerm.split(_samples("gone"))[1]
    assert isinstance(sealed, Sealed)
    assert len(_inside) == before + 1
    del sealed
    assert len(_inside) == before


def test_plain_samples_are_evaluated_as_ever():
    """As often as one likes; the sentence says what was seen and of what it speaks."""
    found = _fitted(_samples("plain"))
    pairs = [(f"{i} more", i % 2 if i else 1) for i in range(40)]
    one, two = found.evaluate(pairs), found.evaluate(Samples.of(pairs))
    assert one == two
    assert (one.use, one.uses) == (0, 0)
    assert str(one) == (
        "the program is wrong on 1 of 40 samples; with confidence 0.95 on 0.06% to 13.16% of "
        "inputs drawn like the samples"
    )
    assert repr(one) == f"Evaluation({one})"
    mean = _fitted(_samples("plain"), loss="absolute").evaluate([*pairs, ("no number", 1)])
    assert mean.interval is None
    assert str(mean).endswith("on 41 samples; no prediction on 1 of them")


def test_the_samples_of_the_fit_itself_give_no_interval():
    """They are scored, and the sentence says that nothing follows."""
    samples = _samples("own")
    found = _fitted(samples).evaluate(list(samples))
    assert (found.error, found.interval) == (0, None)
    assert "nothing follows for other inputs" in str(found)
    fresh = _fitted(samples).evaluate(_samples("not own"))
    assert fresh.interval is not None
    assert "nothing follows" not in str(fresh)


def test_copies_of_sealed_inputs_in_the_rest_are_warned_of():
    """As of copies across the split of a fit: a program may have learned them by heart."""
    twice = [*_samples("copies"), *_samples("copies")]
    with pytest.warns(llmerm.errors.LlmermWarning, match="inputs on both sides of the split"):
        llmerm.split(twice)
