"""Rows kept in columns are the rows that came in: cell for cell, type for type."""

from __future__ import annotations

import hashlib
import json
import math
import pickle
from decimal import Decimal

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmerm import examples
from llmerm.altered import with_other_names, with_shuffled_labels
from llmerm.audit import audit
from llmerm.baselines.encoding import Encoding
from llmerm.cells import listed
from llmerm.columns import Rows, joined, keys, taken
from llmerm.errors import DataError
from llmerm.frames import frame_columns, present
from llmerm.proposers.anonymity.renaming import Renaming
from llmerm.proposers.literals import described
from llmerm.samples import Samples, Split
from llmerm.search.grammar import Grammar
from llmerm.values import key

NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
ATOMS = st.one_of(st.none(), st.booleans(), st.integers(), NUMBERS, st.text(max_size=3))
KINDS = st.sampled_from(
    [st.booleans(), st.integers(), st.integers(-9, 9), NUMBERS, st.text(), ATOMS]
)


@st.composite
def tables(draw: st.DrawFn) -> dict[str, list[object]]:
    """Columns of one length, each of one kind of cells or of all."""
    size = draw(st.integers(0, 12))
    names = draw(st.lists(st.text(), min_size=1, max_size=4, unique=True))
    return {n: draw(st.lists(draw(KINDS), min_size=size, max_size=size)) for n in names}


def as_dicts(columns: dict[str, list[object]]) -> list[dict[str, object]]:
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def of(columns: dict[str, list[object]]) -> Rows:
    rows = Rows.of(columns)
    assert rows is not None
    return rows


@given(tables(), st.data())
def test_rows_are_what_came_in(columns, data):
    """Iterated, by index, in slices, taken, joined and after a trip; 1 is not True nor 1.0."""
    expected, rows = as_dicts(columns), of(columns)
    size = len(expected)
    assert repr(list(rows)) == repr(expected)
    assert repr([rows[i] for i in range(size)]) == repr(expected)
    some = data.draw(st.slices(size))
    assert repr(list(rows[some])) == repr(expected[some])
    places = data.draw(st.lists(st.integers(0, size - 1))) if size else []
    assert repr(list(taken(rows, places))) == repr([expected[i] for i in places])
    assert repr(list(joined(rows, rows[:1]))) == repr(expected + expected[:1])
    assert repr(list(pickle.loads(pickle.dumps(rows[1:])))) == repr(expected[1:])
    assert rows == tuple(expected)
    assert tuple(expected) == rows
    assert rows[:0] != rows or not size


@given(tables(), st.lists(ATOMS, min_size=12, max_size=12))
def test_digests_are_those_of_json_lines(columns, labels):
    """Fingerprints and contents do not tell how samples are kept, so ledgers stay valid."""
    pairs = list(zip(as_dicts(columns), labels, strict=False))
    lines = [json.dumps(list(pair), sort_keys=True).encode() + b"\n" for pair in pairs]
    samples = Samples.from_arrays(of(columns), labels[: len(pairs)])
    assert isinstance(samples.inputs, Rows)
    assert samples.fingerprint == hashlib.sha256(b"".join(lines)).hexdigest()
    assert samples.contents == hashlib.sha256(b"".join(sorted(lines))).hexdigest()
    assert Split(samples[:2], samples[2:]).contents == samples.contents
    assert samples == Samples.of(pairs)


ALIKE = [
    0,
    False,
    -0.0,
    0.0,
    1,
    True,
    1.0,
    2.5,
    "1",
    "0",
    "",
    None,
    10**22,
    1e22,
    2**53 + 1,
    2.0**53,
]


@given(*[st.lists(st.sampled_from(ALIKE), min_size=1, max_size=9)] * 2, st.booleans())
def test_keys_are_equal_where_the_texts_are(cells, others, mixed):
    """Of two tables, or of a table and its like in dicts."""
    first, second = (as_dicts({"a": some, "b": some[::-1]}) for some in (cells, others))
    table = of({"a": others, "b": others[::-1]})
    known, new = map(list, keys(of({"a": cells, "b": cells[::-1]}), second if mixed else table))
    expected = [[key(x) == key(y) for x in first] for y in second]
    assert [[x == y for x in known] for y in new] == expected
    assert len({*known, *new}) == len({*map(key, first + second)})


def test_keys_of_tables_with_other_columns_are_texts():
    """So equal rows are equal in any order of their columns, and others are not."""
    known, new = keys(of({"a": [1], "b": [2]}), of({"b": [2.0], "a": [True]}))
    assert list(known) == list(new) == ['{"a": 1, "b": 2}']
    known, new = keys(of({"a": [1]}), of({"b": [1]}))
    assert list(known) != list(new)


def test_rows_of_lists_have_digests_and_keys_too():
    """A 2-D array is known by the same digest as the lists that it holds."""
    array = np.array([[1.0, 2.5], [-0.0, 1e300]])
    samples = Samples.from_arrays(array, [0, 1])
    lists = Samples.from_arrays(array.tolist(), [0, 1])
    assert isinstance(samples.inputs, Rows)
    assert not isinstance(lists.inputs, Rows)
    assert samples.fingerprint == lists.fingerprint
    assert next(map(list, keys(samples.inputs, lists.inputs))) == list(map(key, lists.inputs))


def test_a_row_is_the_callers_own():
    """What is done to a row that was handed out changes no other."""
    rows = of({"a": [1, 2], "b": ["x", "y"]})
    rows[0].clear()
    for row in rows:
        row["a"] = 0
    assert list(rows) == [{"a": 1, "b": "x"}, {"a": 2, "b": "y"}]
    with pytest.raises(ValueError, match="read-only"):
        rows.cells[0][0] = 9
    with pytest.raises(IndexError):
        rows[2]
    with pytest.raises(TypeError, match="unhashable"):
        hash(rows)


def test_samples_do_not_follow_the_frame_or_array_they_came_from():
    """What the user does to a table later changes no sample."""
    array = np.zeros((2, 2))
    frame = pd.DataFrame({"a": [1.0, 2.0], "b": [0, 1], "y": [0, 1]})
    kept = Samples.from_arrays(array, [0, 1]), Samples.from_frame(frame, target="y")
    array[:] = 7
    frame.loc[0, "a"] = 7.0
    assert [list(samples.inputs) for samples in kept] == [
        [[0.0, 0.0], [0.0, 0.0]],
        [{"a": 1.0, "b": 0}, {"a": 2.0, "b": 1}],
    ]


def test_a_table_of_numbers_takes_eight_bytes_a_cell():
    """In memory, and on its way to a worker; a part of it shares them."""
    rows = Rows.of_array(np.random.default_rng(0).random((10_000, 5)))
    assert rows is not None
    assert rows.nbytes == 10_000 * 5 * 8
    assert len(pickle.dumps(rows)) < rows.nbytes + 1_000
    assert len(pickle.dumps(rows[:100])) < 100 * 5 * 8 + 1_000
    assert all(map(np.shares_memory, rows.cells, rows[5:50].cells))


ARROW = (pa.Table, pa.RecordBatch)
FRAMES = {
    "pandas": pd.DataFrame({"i": [1, 2, 3], "f": [1.0, -0.0, 2.5], "b": [True, False, True]}),
    "pandas small": pd.DataFrame({"i": [1, 2, 3]}, dtype="int8").assign(f=np.float32(0.1)),
    "pandas missing": pd.DataFrame({"f": [1.0, None, 2.0], "t": ["a", None, "b"]}),
    "pandas nullable": pd.DataFrame({"i": pd.array([1, None, 3], "Int64"), "j": pd.array([1, 2, 3], "Int64")}),
    "pandas categories": pd.DataFrame({"c": pd.Categorical([3, 1, 3]), "b": pd.array([True, None, False], "boolean")}),
    "pandas large": pd.DataFrame({"u": np.array([1, 2**64 - 1, 3], np.uint64), "v": np.array([1, 2, 3], np.uint64)}),
    "pandas labels": pd.DataFrame({"i": [1, 2, 3], "o": [1, "a", True]}, index=[1.5, 0.5, 2.5]),
    "polars": pl.DataFrame({"i": [1, 2, 3], "f": [1.0, -0.0, 2.5], "b": [True, False, True], "t": ["a", "b", None]}),
    "polars wide": pl.DataFrame({"i": pl.Series([1, 2, 2**100], dtype=pl.Int128), "f": [1.0, 2.0, 3.0]}),
    "polars missing": pl.DataFrame({"i": [1, None, 3], "f": [None, 0.5, float("nan")], "b": [True, None, False]}),
    "polars large": pl.DataFrame({"i": pl.Series([1, 2**100, 3], dtype=pl.Int128)}),
    "arrow": pa.table({"i": [1, 2, 3], "f": [1.0, -0.0, 2.5], "b": [True, False, True], "t": ["a", "b", None]}),
    "arrow batch": pa.record_batch({"i": [1, 2, 3], "b": [True, False, True], "t": ["a", "b", None]}),
    "arrow missing": pa.table({"i": [1, None, 3], "f": [None, 0.5, float("nan")], "b": [True, None, False]}),
    "arrow kinds": pa.table({"c": pa.array(["x", "y", "x"]).dictionary_encode(), "n": pa.nulls(3),
                             "u": pa.array([1, 2**64 - 1, 3], pa.uint64()), "s": pa.array([1, 2, 3], pa.int8())}),
    "arrow dictionaries": pa.table({"i": pa.array([1, None, 2]).dictionary_encode(),
                                    "b": pa.array([True, None, False]).dictionary_encode()}),
    "arrow chunks": pa.concat_tables([pa.table({"i": [1, 2]}), pa.table({"i": [3]})]),
    "polars small": pl.DataFrame({"i": [1, 2, 3], "f": [0.1, 0.2, 0.3]}, schema={"i": pl.UInt8, "f": pl.Float32}),
}  # fmt: skip


@pytest.mark.parametrize("name", FRAMES)
def test_a_frames_columns_are_its_cells(name):
    """Whatever the frame's own type: the values and types that `to_list` gives, None for missing."""
    frame = FRAMES[name]
    columns = frame_columns(frame)
    names = getattr(frame, "column_names", None) or list(frame.columns)
    assert list(columns) == names
    for column in names:
        cells = frame[column]
        told = cells.to_pylist() if isinstance(frame, ARROW) else cells.to_list()
        expected = [present(cell) for cell in told]
        assert repr(listed(columns[column])) == repr(expected)
    rows = of({**columns, "other": [0, 0, 0]})
    cells = {column: listed(columns[column]) for column in columns}
    assert repr(list(rows)) == repr(as_dicts({**cells, "other": [0, 0, 0]}))


def test_a_column_that_its_frame_cannot_read_is_named():
    """An error of the frame's own library becomes one of the data."""
    frame = pa.table({"when": pa.array([2**62], pa.timestamp("s")), "y": [0]})
    with pytest.raises(DataError, match=r"the column 'when' cannot be read \(.*Convert or drop it"):
        frame_columns(frame)


def test_a_column_of_arrays_gives_a_list_a_row():
    """However numpy would hold them: a table and its parts say what the frame says."""
    cells = [[1, 2], [3, 4], [5, 6]]
    arrays = pl.Series("a", cells, dtype=pl.Array(pl.Int64, 2))
    inputs = Samples.from_frame(pl.DataFrame([arrays]).with_row_index("y"), target="y").inputs
    assert list(inputs) == [inputs[0], inputs[1], inputs[2]] == cells
    both = pl.DataFrame([arrays, pl.Series("b", [7, 8, 9])]).with_row_index("y")
    inputs = Samples.from_frame(both, target="y").inputs
    expected = [{"a": cell, "b": b} for cell, b in zip(cells, (7, 8, 9), strict=True)]
    assert list(inputs) == [inputs[0], inputs[1], inputs[2]] == expected


BAD = [math.inf, 10**5_000, Decimal(1), b"x", 1j, [[1, {2}]], np.longdouble(1)]


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: type(bad).__name__)
def test_the_first_bad_cell_is_named_as_among_pairs(bad):
    """The message is the one for the same rows as dicts."""
    frame = pl.DataFrame(
        {"a": pl.Series([1.5] * 3, dtype=pl.Float64), "y": [0, 1, 0]}
    ).with_columns(pl.Series("b", [1, bad, bad], dtype=pl.Object))
    pairs = [({"a": 1.5, "b": cell}, 0) for cell in (1, bad, bad)]
    with pytest.raises(DataError) as expected:
        Samples.of(pairs)
    with pytest.raises(DataError) as found:
        Samples.from_frame(frame, target="y")
    assert str(found.value) == str(expected.value)
    assert "sample 1" in str(found.value)


def test_an_array_with_a_bad_number_names_its_row():
    """A NaN is no value in an array: it has no missing cells."""
    array = np.ones((4, 3))
    array[2, 1] = math.nan
    with pytest.raises(DataError, match="the input of sample 2 is nan"):
        Samples.from_arrays(array, [0, 1, 0, 1])


def test_what_is_no_table_is_not_made_one():
    """Nested cells, other keys, another order of keys, ragged rows: None, and nothing is lost."""
    assert Rows.of_rows([{"a": 1, "b": 2}, {"b": 2, "a": 1}]) is None
    assert Rows.of_rows([{"a": 1}, {"b": 1}]) is None
    assert Rows.of_rows([{"a": 1}, [1]]) is None
    assert Rows.of_rows([[1], [1, 2]]) is None
    assert Rows.of_rows([[[1]], [[2]]]) is None
    assert Rows.of_rows([{1: 1}, {1: 1}]) is None
    assert Rows.of_rows([(1,), (2,)]) is None
    assert Rows.of_rows([]) is None
    assert Rows.of_rows([{}]) is None
    assert Rows.of_array(np.zeros((3, 0))) is None
    with pytest.raises(DataError, match=r"the columns have \[1, 2\] cells"):
        Rows.of({"a": [1], "b": [1, 2]})
    nested = Samples.from_frame(
        pl.DataFrame({"a": [[1], [2]], "b": [1, 2], "y": [0, 1]}), target="y"
    )
    assert nested.inputs == ({"a": [1], "b": 1}, {"a": [2], "b": 2})


@pytest.mark.parametrize("size", [1, 1_024, 3_000])
def test_rows_of_many_kinds_are_dealt_into_columns(size):
    """Also where a column's kind changes on the way, or an integer is beyond 64 bits."""
    dicts = [
        {"i": i, "late": i if i < 2_000 else 0.5, "big": 2**70 if i == 1_500 else i, "t": str(i)}
        for i in range(size)
    ][: max(size, 4)]
    dicts = dicts * 4 if size == 1 else dicts
    rows, lists = Rows.of_rows(dicts), Rows.of_rows([list(row.values()) for row in dicts])
    assert repr(list(rows)) == repr(dicts)
    assert repr(list(lists)) == repr([list(row.values()) for row in dicts])


def test_an_audit_finds_the_same_in_columns():
    """Copies on both sides and rows with two labels are counted as among dicts."""
    columns = {"a": [1.0, 1.0, 2.0, 3.0, 1.0] * 8, "b": ["x"] * 40}
    labels = [0, 1, 0, 1] * 10
    kept = Samples.from_arrays(of(columns), labels)
    plain = Samples.from_arrays(as_dicts(columns), labels)
    assert audit(kept.split()) == audit(plain.split())
    assert audit(kept.split())


def test_proposers_and_baselines_are_told_the_same():
    """Whatever looks at the inputs of a table sees in columns what it sees in rows."""
    rng = np.random.default_rng(0)
    for names in (("a", "b"), None):
        rows = Rows.of_columns(names, [rng.normal(size=60), rng.integers(0, 3, 60)])
        kept = Samples.from_arrays(rows, [int(i % 3 == 0) for i in range(60)])
        plain = Samples.from_arrays(tuple(rows), kept.outputs)
        assert isinstance(kept.inputs, Rows)
        assert isinstance(plain.inputs, tuple)
        for look in (
            lambda samples: repr(Grammar.infer(samples)),
            lambda samples: Encoding.of(samples.inputs).matrix(samples.inputs).tolist(),
            lambda samples: Renaming.of(samples),
            lambda samples: described(samples.inputs),
            lambda samples: examples.kept(samples.split()),
            lambda samples: samples._repr_html_(),
            lambda samples: with_other_names(samples, 1),
            lambda samples: with_shuffled_labels(samples, 1).contents,
            lambda samples: Split(samples, samples).contents,
        ):
            assert look(kept) == look(plain)


@pytest.mark.parametrize("names", [("a", "a"), (1, "b"), (None, "b"), (np.str_("a"), "b")])
def test_names_that_no_dict_of_plain_keys_has_are_not_kept(names):
    """Rows are then looked at one by one, as dicts that come in are."""
    assert Rows.of_columns(names, [[1, 2], [3, 4]]) is None
