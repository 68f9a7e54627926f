"""Tables go into the sandbox in columns, and come to a candidate as rows of its own."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import llmerm
from llmerm.columns import Rows
from llmerm.sandbox.inputs import pack
from llmerm.sandbox.linux import LinuxSandbox

from .conftest import at_level, predictions
from .test_session import SEARCH

SIZE = 700  # more than two chunks of answers
NAMES = {"quote": "'\"\\", "brace": "{x}%s", "line": "a\nb", "odd": "\udc80 é", "code": "c0"}
COLUMNS = {
    "int": list(range(-5, SIZE - 5)),
    "float": [i / 7 - 0.0 for i in range(SIZE)],
    "zero": [-0.0] * SIZE,
    "truth": [i % 3 == 0 for i in range(SIZE)],
    "text": [f"t{i}" for i in range(SIZE)],
    "mixed": [(None, 1, True, 1.0, "é")[i % 5] for i in range(SIZE)],
    "big": [2**70 + i for i in range(SIZE)],
}
ROWS = [dict(zip(COLUMNS, row, strict=True)) for row in zip(*COLUMNS.values(), strict=True)]
SUBSETS = [None, range(300, 600), range(10, 400, 7), range(0), [5, 5, 699, 0], []]


@pytest.mark.parametrize("subset", SUBSETS, ids=repr)
@pytest.mark.parametrize("form", ["dicts", "lists", "columns"])
def test_a_candidate_sees_the_rows(sandbox: LinuxSandbox, form: str, subset: list[int]) -> None:
    """Cell for cell and type for type, in a dict's order, on any part of them."""
    rows = ROWS if form != "lists" else [list(row.values()) for row in ROWS]
    inputs = Rows.of(COLUMNS) if form == "columns" else rows
    assert inputs is not None
    assert isinstance(pack(inputs).values, Rows)
    with sandbox.session(inputs) as session:
        seen = predictions(session.run("def f(x): return repr(x)", subset=subset))
    assert seen == tuple(repr(rows[i]) for i in (range(SIZE) if subset is None else subset))


def test_each_call_has_a_row_of_its_own(level: str) -> None:
    """What a call does to its row is gone for the next call and the next candidate."""
    spoil = "def f(x):\n    x['new'] = 1\n    x.pop('int')\n    return len(x)"
    with at_level(level).session(ROWS) as session:
        for _ in range(2):
            assert set(predictions(session.run(spoil, subset=[3, 3, 4]))) == {len(COLUMNS)}
        assert predictions(session.run("def f(x): return x['int']", subset=[3, 3])) == (-2, -2)


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_any_name_of_a_column_is_just_a_name(sandbox: LinuxSandbox, name: str) -> None:
    """Rows are made by code with the names in it: as literals, whatever they hold."""
    rows = [{name: i, "other": i} for i in range(3)]
    outcome = sandbox.run(f"def f(x): return x[{name!r}] * len(x)", rows)
    assert predictions(outcome) == (0, 2, 4)


@pytest.mark.parametrize("width", [1, 200, 201, 1_000])
def test_narrow_and_wide_tables(sandbox: LinuxSandbox, width: int) -> None:
    """The number of columns changes nothing."""
    array = np.arange(width * 300).reshape(300, width)
    frame = pd.DataFrame(array, columns=[f"c{i}" for i in range(width)])
    assert predictions(sandbox.run("def f(x): return sum(x)", Rows.of_array(array))) == tuple(
        array.sum(1).tolist()
    )
    rows = Rows.of({str(name): frame[name].to_numpy() for name in frame})
    last = f"def f(x): return x['c{width - 1}'] + len(x)"
    assert predictions(sandbox.run(last, rows)) == tuple((array[:, -1] + width).tolist())


PATCHED = """
import builtins, struct, marshal
for module in (builtins, struct, marshal):
    for name in ('zip', 'map', 'dict', 'range', 'len', 'type', 'list', 'iter', 'memoryview', 'unpack_from', 'loads'):
        if hasattr(module, name): setattr(module, name, lambda *a, **k: 1 / 0)
def f(x): return x['int']
"""


def test_a_candidate_that_patches_builtins_gets_its_rows(sandbox: LinuxSandbox) -> None:
    """What makes the rows took its names before the candidate came."""
    with sandbox.session(ROWS) as session:
        assert predictions(session.run(PATCHED)) == tuple(COLUMNS["int"])
        assert predictions(session.run(PATCHED, subset=[7, 1])) == (2, -4)


def test_a_strict_candidate_finds_no_other_row(level: str) -> None:
    """The search that finds other rows of an ordinary session finds none; all rows are seen."""
    rows = [{"a": text, "b": 1} for text in ("input-4711", "x", "y")]
    for is_strict in (False, True):
        sandbox = LinuxSandbox(3.0, 128, strict=is_strict, _layers=at_level(level)._layers)
        with sandbox.session(rows) as session:
            search = SEARCH.format("input")
            assert predictions(session.run(search, subset=[2])) == (not is_strict,)
            assert predictions(session.run("def f(x): return x['a']")) == ("input-4711", "x", "y")


def test_predict_takes_frames_arrays_and_dicts() -> None:
    """The same table in any form has the same predictions, in any number of pieces."""
    count = 30_000
    frame = pd.DataFrame({"a": np.arange(count) / 3, "b": np.arange(count), "c": "red"})
    samples = [({"a": float(i), "b": i}, 2 * i % 7) for i in range(200)]
    result = llmerm.verify("def f(x): return int(x['a'] + x['b']) % 7", samples)
    expected = [int(a + b) % 7 for a, b in zip(frame["a"], frame["b"], strict=True)]
    assert result.predict(frame) == expected
    assert result.predict(frame.to_dict("records")) == expected
    array = np.arange(3 * count).reshape(count, 3)
    summed = llmerm.verify("def f(x): return sum(x)", [([i, 2], i + 2) for i in range(200)])
    assert summed.predict(array) == array.sum(1).tolist()
    assert summed.predict(list(array)) == array.sum(1).tolist()
