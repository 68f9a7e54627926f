"""A result in a file: all of it comes back, and nothing in the file is run or trusted."""

from __future__ import annotations

import json
import math
import os
from dataclasses import fields, replace

import pytest

import llmerm
from llmerm import certificates, losses
from llmerm.errors import ArgumentError, DataError
from llmerm.result import FitResult
from llmerm.typing import Failed, SampleError, Usage

SAMPLES = [(i, i % 2) for i in range(80)]
SCRIPT = [
    "def f(x): return 0",
    "def f(x",
    Failed("refused", "no \x1b[2J\ud800 thanks"),
    "",
    "def f(x): return 1 / 0",
    "def f(x): return 1 // (x - 7) * 0 + x % 2",
    "def g(x): return x & 1",
]


@pytest.fixture(scope="module")
def result():
    """A fit with candidates of many fates."""
    proposer = llmerm.ScriptedProposer(SCRIPT, usage=Usage(1, 100, 60, 0, 20, 10, 0.25))
    found = llmerm.fit(SAMPLES, len(SCRIPT), proposer=proposer)
    assert {c.status for c in found.candidates} == {"scored", "failed"}
    assert found.chosen is not None
    return found


def alike(one, other):
    """Whether two results are equal in every part but the sandbox."""
    names = {field.name for field in fields(FitResult)} - {"sandbox"}
    return all(
        repr(getattr(one, name)) == repr(getattr(other, name)) for name in names - {"loss"}
    ) and (one.loss.name == other.loss.name)


def test_a_loaded_result_is_the_saved_one(result, tmp_path):
    """Every part, and what is made of them: predictions, evaluation, print, export, account."""
    result.save(tmp_path / "rule.json")
    loaded = FitResult.load(tmp_path / "rule.json")
    assert alike(loaded, result)
    assert loaded.candidates == result.candidates
    assert loaded.provenance == result.provenance
    assert repr(loaded) == repr(result)
    assert loaded.predict([4, 5]) == result.predict([4, 5]) == [0, 1]
    assert loaded.evaluate(SAMPLES) == result.evaluate(SAMPLES)
    assert loaded.explain() == result.explain()
    one, other = result.export(tmp_path / "a.py"), loaded.export(tmp_path / "b.py")
    assert one.read_text() == other.read_text()


def test_the_file_is_strict_json_with_a_format_and_no_labels(result, tmp_path):
    """Any tool reads it; saving what was loaded gives the same file."""
    result.save(tmp_path / "rule.json")
    text = (tmp_path / "rule.json").read_text()

    def refuse(name):
        raise AssertionError(f"{name} is no JSON")

    content = json.loads(text, parse_constant=refuse)
    assert content["format"] == "llmerm result"
    assert content["version"] == 1
    FitResult.load(tmp_path / "rule.json").save(tmp_path / "again.json")
    assert (tmp_path / "again.json").read_text() == text


def test_every_field_of_a_result_is_in_the_file(result, tmp_path):
    """A part that is added to results must be added to files, too, or said to be left out."""
    result.save(tmp_path / "rule.json")
    content = json.loads((tmp_path / "rule.json").read_text())
    wanted = {field.name for field in fields(FitResult)} - {"sandbox"}
    assert content.keys() - {"format", "version"} == wanted


def test_numbers_that_json_does_not_have_come_back(result, tmp_path):
    """Infinite and undefined errors are floats again."""
    scored = result.candidates[result.chosen]
    odd = replace(
        scored,
        verdict=replace(
            scored.verdict,
            train_error=math.inf,
            held_out_error=math.nan,
            first_error=SampleError("ValueError", "\u202e"),
        ),
    )
    changed = replace(
        result,
        candidates=(*result.candidates, odd),
        chance_error=-math.inf,
        certificate=certificates.none("unbounded", delta=0.05, worst=math.inf),
    )
    changed.save(tmp_path / "odd.json")
    loaded = FitResult.load(tmp_path / "odd.json")
    assert loaded.chance_error == -math.inf
    assert loaded.certificate.bound == math.inf
    assert loaded.candidates[-1].train_error == math.inf
    assert math.isnan(loaded.candidates[-1].held_out_error)
    assert alike(loaded, changed)


def test_inputs_are_kept_exactly(tmp_path):
    """Tuples, long integers, floats and strange text."""
    inputs = [(i, [i / 7, 10**50 + i], {"k\n": f"\x00'{i}\""}, None, True) for i in range(40)]
    samples = [(x, x[0] % 2) for x in inputs]
    result = llmerm.verify("def f(x): return x[0] % 2", samples)
    result.save(tmp_path / "rule.json")
    loaded = FitResult.load(tmp_path / "rule.json")
    assert loaded.examples == result.examples
    assert all(x in inputs for x in loaded.examples)


def test_a_thousand_candidates_come_back(result, tmp_path):
    """In their order."""
    drawn = (result.candidates[i % len(result.candidates)] for i in range(1_000))
    many = tuple(replace(c, proposal=replace(c.proposal, draw=i)) for i, c in enumerate(drawn))
    replace(result, candidates=many).save(tmp_path / "many.json")
    assert FitResult.load(tmp_path / "many.json").candidates == many


def test_a_result_without_a_program_comes_back(tmp_path):
    """With its reasons."""
    result = llmerm.verify("def f(x): return 1 / 0", SAMPLES)
    result.save(tmp_path / "none.json")
    loaded = FitResult.load(tmp_path / "none.json")
    assert repr(loaded) == repr(result)
    assert loaded.chosen is None


def far(prediction, label):
    """A user's own loss."""
    return abs(prediction - label) / 2


@pytest.mark.parametrize("loss", [far, losses.within(0.5), losses.clipped("absolute", 2.0)])
def test_a_loss_of_ones_own_is_passed_again(loss, tmp_path):
    """No file can hold a function; another loss than the one it was is refused."""
    result = llmerm.verify("def f(x): return x % 2", SAMPLES, loss=loss)
    result.save(tmp_path / "rule.json")
    with pytest.raises(ArgumentError, match="Pass it to load"):
        FitResult.load(tmp_path / "rule.json")
    with pytest.raises(ArgumentError, match="'zero_one', but the result was scored with"):
        FitResult.load(tmp_path / "rule.json", loss="zero_one")
    assert alike(FitResult.load(tmp_path / "rule.json", loss=loss), result)


def spoiled(path, name, value):
    """Changes one part of the file."""
    content = json.loads(path.read_text())
    content[name] = value
    path.write_text(json.dumps(content))


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("format", "another", "is no saved result"),
        ("version", 99, "version 99"),
        ("chosen", 99, "99 of 6"),
        ("chosen", 1, "has no score"),
        ("chosen", "many", "chosen|integer"),
        ("certificate", {}, "bound"),
        ("candidates", [{"proposal": {"draw": 0}, "program": {"source": "def"}}], "verdict|Python"),
        ("candidates", [{"proposal": {"draw": 0, "source": "", "failure": None, "prior_bits": None, "reply": "", "usage": {}}, "program": {"source": "def"}, "verdict": {"reason": "empty", "detail": ""}, "duplicate_of": None}], "not Python"),
        ("examples", ["(" * 100_000], "."),
        ("examples", ["__import__('os').abort()"], "malformed"),
        ("examples", ["(" * 300], "."),
        ("provenance", {"llmerm": "1"}, "parts"),
        ("provenance", None, "dict"),
        ("usage", {"calls": "x"}, "calls"),
        ("more", 1, "more"),
    ],
)  # fmt: skip
def test_a_spoiled_file_is_one_clear_error(result, tmp_path, name, value, says):
    """It names the file and what is wrong; nothing in it is run."""
    path = tmp_path / "rule.json"
    result.save(path)
    spoiled(path, name, value)
    with pytest.raises(DataError, match=says) as caught:
        FitResult.load(path)
    assert "rule.json" in str(caught.value)


@pytest.mark.parametrize("error", ["nan", -0.5])
def test_a_score_that_cannot_be_is_refused(result, tmp_path, error):
    """An error below zero, or none that is a number, would be drawn and printed later."""
    path = tmp_path / "rule.json"
    result.save(path)
    candidates = json.loads(path.read_text())["candidates"]
    candidates[result.chosen]["verdict"]["held_out_error"] = error
    spoiled(path, "candidates", candidates)
    with pytest.raises(DataError, match="expected 0 or more"):
        FitResult.load(path)


@pytest.mark.parametrize("text", ["", "{", "[1]", "null", "\ud800", "[" * 100_000])
def test_what_is_no_saved_result_is_refused(tmp_path, text):
    """Empty, cut off, other JSON, deep JSON."""
    path = tmp_path / "rule.json"
    path.write_bytes(text.encode(errors="surrogatepass"))
    with pytest.raises(DataError, match=r"rule\.json is no"):
        FitResult.load(path)


def test_a_missing_file_is_said(tmp_path):
    """With the system's reason."""
    with pytest.raises(DataError, match="No such file"):
        FitResult.load(tmp_path / "none.json")


def test_saving_replaces_nothing_unless_told(result, tmp_path):
    """As exporting."""
    path = tmp_path / "rule.json"
    result.save(path)
    with pytest.raises(ArgumentError, match="exists"):
        result.save(path)
    result.save(path, overwrite=True)
    assert os.listdir(tmp_path) == ["rule.json"]
