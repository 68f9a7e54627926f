"""Samples: every way in, the split, the fingerprint."""

from __future__ import annotations

import hashlib
import json
import tracemalloc
from collections import Counter

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmerm.errors import ArgumentError, DataError
from llmerm.samples import Samples

ROWS = [({"a": 1, "b": "x"}, 0), ({"a": 2, "b": "y"}, 1), ({"a": None, "b": "z"}, 1)]


def test_pairs_arrays_and_frames_give_the_same_samples():
    """However the same table comes in, it is the same content."""
    pairs = Samples.of(ROWS)
    pandas = Samples.from_frame(
        pd.DataFrame({"a": [1, 2, None], "b": list("xyz"), "y": [0, 1, 1]}), target="y"
    )
    polars = Samples.from_frame(
        pl.DataFrame({"a": [1, 2, None], "b": list("xyz"), "y": [0, 1, 1]}), target="y"
    )
    arrow = Samples.from_frame(
        pa.table({"a": [1, 2, None], "b": list("xyz"), "y": [0, 1, 1]}), target="y"
    )
    arrays = Samples.from_arrays([x for x, _ in ROWS], np.array([0, 1, 1]))
    assert list(pairs) == list(polars) == list(arrow) == list(arrays) == list(pandas)
    assert pairs.fingerprint == polars.fingerprint == arrow.fingerprint == arrays.fingerprint


def test_numpy_values_become_plain_ones():
    """A 2-D array gives lists of Python numbers; numpy types do not leak."""
    samples = Samples.from_arrays(
        np.arange(4, dtype=np.int8).reshape(2, 2), np.array([True, False])
    )
    assert list(samples) == [([0, 1], True), ([2, 3], False)]
    assert type(samples.inputs[0][0]) is int
    assert type(samples.outputs[0]) is bool


@pytest.mark.parametrize(
    ("frame", "target", "says"),
    [
        ([[1, 2]], "y", r"got a builtins\.list, expected a pandas or polars DataFrame"),
        (np.zeros((2, 2)), "y", "`Samples.from_arrays`"),
        (pl.LazyFrame({"x": [1], "y": [1]}), "y", r"got a polars\..*\.LazyFrame"),
        (pa.table({"x": [1]}).to_reader(), "y", r"got a pyarrow\..*, expected .* a pyarrow Table"),
        (pd.DataFrame(index=[0, 1]), "y", "no columns"),
        (pa.table([[1], [2]], names=["y", "y"]), "y", r"columns are \['y', 'y'\]"),
        (pd.DataFrame({"x": [1], "y": [1]}), 0, "`target` is 0, expected a column's name"),
        (pd.DataFrame({"x": [1], "y": [1]}), ["y"], r"`target` is \['y'\]"),
    ],
)
def test_what_is_no_frame_with_a_target_is_named(frame, target, says):
    """Arrays, lazy frames, frames without columns, and targets that are no names."""
    with pytest.raises(DataError, match=says):
        Samples.from_frame(frame, target=target)


def test_columns_may_have_the_names_of_another_frames_methods():
    """A frame is known by its type, and not by what its columns are called."""
    frame = pd.DataFrame(
        {"collect": [1, 2], "compute": [3, 4], "column_names": [5, 6], "y": [0, 1]}
    )
    row = Samples.from_frame(frame, target="y").inputs[1]
    assert row == {"collect": 2, "compute": 4, "column_names": 6}


FRAME = pd.DataFrame({"a": [1, 2], "b": [3, 4]})


@pytest.mark.parametrize(
    ("inputs", "outputs", "says"),
    [
        (FRAME, [0, 1], "`inputs` is a DataFrame.*from_frame"),
        (pl.DataFrame({"a": [1, 2]}), [0, 1], "`inputs` is a DataFrame"),
        ([0, 1], FRAME, "`outputs` is a DataFrame"),
        (np.array(3), [0], r"`inputs` is array\(3\)"),
        ([0], 3, "`outputs` is 3"),
    ],
)
def test_from_arrays_takes_no_frames_and_no_single_values(inputs, outputs, says):
    """A frame iterates over its columns' names: two columns would pass for two samples."""
    with pytest.raises(DataError, match=says):
        Samples.from_arrays(inputs, outputs)


@pytest.mark.parametrize("mask", [[True, False, True], np.array([False, True, True])], ids=type)
def test_a_mask_is_no_list_of_indices(mask):
    """True is no 1: the error says what to pass, and that takes what the mask does."""
    for samples in (Samples.of(ROWS), Samples.from_arrays(np.eye(3), [0, 1, 2])):
        with pytest.raises(ArgumentError, match="flatnonzero"):
            samples.take(mask)
        expected = [sample for sample, there in zip(samples, mask, strict=True) if there]
        assert list(samples.take(np.flatnonzero(mask))) == expected


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        ((" 2", "-3 "), (2, -3)),
        ((" 2.5", "1"), (2.5, 1.0)),
        ((" 0110", "1100"), (" 0110", "1100")),
        (("-0110", "1100"), ("-0110", "1100")),
        (("-0", "0"), (0, 0)),
        (("+5", "1e3"), (5.0, 1000.0)),
    ],
)
def test_csv_numbers_may_have_spaces_around(tmp_path, cells, values):
    """As after each comma of some files; leading zeros are still no number's."""
    path = tmp_path / "spaced.csv"
    path.write_text("x,y\n" + "".join(f"{cell},{row}\n" for row, cell in enumerate(cells)))
    read = Samples.from_csv(path, target="y").inputs
    assert repr(read) == repr(values)


def test_csv_keeps_leading_zeros_and_reads_numbers(tmp_path):
    """A column is a number only where every cell is one as written."""
    path = tmp_path / "t.csv"
    path.write_text('bits,n,r,note,y\n0110,1,1.5,"a, b",yes\n1100,-2,2,,no\n')
    assert [x for x, _ in Samples.from_csv(path, target="y")] == [
        {"bits": "0110", "n": 1, "r": 1.5, "note": "a, b"},
        {"bits": "1100", "n": -2, "r": 2.0, "note": None},
    ]


def test_a_long_csv_file_takes_little_more_room_than_it_has(tmp_path):
    """Each column is converted as a whole, however long; a cell may hold anything."""
    rng = np.random.default_rng(0)
    table = rng.random((30_000, 5)).tolist()
    lines = [",".join(map(str, row)) + f",{i},t{i % 3}" for i, row in enumerate(table)]
    lines[20_000] = "1,2,3,4,5,20000,\0"
    path = tmp_path / "long.csv"
    path.write_text("\n".join(["a,b,c,d,e,i,y", *lines]))
    tracemalloc.start()
    try:
        samples = Samples.from_csv(path, target="y")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 4 * path.stat().st_size
    assert samples[12_345] == (dict(zip("abcdei", [*table[12_345], 12_345], strict=True)), "t0")
    assert samples[20_000] == (
        dict(zip("abcdei", [1.0, 2.0, 3.0, 4.0, 5.0, 20_000], strict=True)),
        "\0",
    )
    assert type(samples.inputs[0]["a"]) is float


def test_one_input_column_gives_the_bare_value(tmp_path):
    """With a single input column, x is the cell and not a dict."""
    path = tmp_path / "t.tsv"
    path.write_text("x\ty\n01\t1\n10\t0\n")
    assert list(Samples.from_csv(path, target="y")) == [("01", 1), ("10", 0)]


def test_jsonl_pairs_objects_and_records(tmp_path):
    """Each line is [x, y], an object with x and y, or a record with a target."""
    path = tmp_path / "t.jsonl"
    path.write_text('["a", 1]\n{"x": "b", "y": 0}\n\n')
    assert list(Samples.from_jsonl(path)) == [("a", 1), ("b", 0)]
    path.write_text(json.dumps({"p": 1, "q": 2, "label": "c"}) + "\n")
    assert list(Samples.from_jsonl(path, target="label")) == [({"p": 1, "q": 2}, "c")]


def test_a_record_that_lacks_a_key_is_a_record_still(tmp_path):
    """An input is the bare value only where all records have one and the same key."""
    path = tmp_path / "t.jsonl"
    path.write_text('{"p": 1, "q": 2, "y": 0}\n{"p": 3, "y": 1}\n')
    assert list(Samples.from_jsonl(path, target="y")) == [({"p": 1, "q": 2}, 0), ({"p": 3}, 1)]
    path.write_text('{"p": 1, "y": 0}\n{"q": 3, "y": 1}\n')
    assert list(Samples.from_jsonl(path, target="y")) == [({"p": 1}, 0), ({"q": 3}, 1)]
    path.write_text('{"p": 1, "y": 0}\n{"p": 3, "y": 1}\n')
    assert list(Samples.from_jsonl(path, target="y")) == [(1, 0), (3, 1)]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is empty"),
        ("a,y\n1,2,3\n", "line 2 has 3 cells, expected 2"),
        ("a,a,y\n1,2,3\n", "names a column twice"),
        ("a,b\n1,2\n", "there is no column 'y'"),
        ("y\n1\n", "the only column"),
        ('a,y\n"1,2\n', "Expected CSV"),
        ("a;y\n1;2\n", "separator seems to be no comma"),
        ("a,y\n1,0\n2,\n3,1\n", "1 rows have no label in 'y', the first is row 2"),
    ],
)
def test_a_bad_csv_is_a_clear_error(tmp_path, text, says):
    """The message names the file, the line and what was expected."""
    path = tmp_path / "t.csv"
    path.write_text(text)
    with pytest.raises(DataError, match=says):
        Samples.from_csv(path, target="y")


def test_unreadable_files_are_clear_errors(tmp_path):
    """A missing file, a binary file and broken JSON each say so."""
    with pytest.raises(DataError, match="cannot be read: No such file"):
        Samples.from_csv(tmp_path / "none.csv", target="y")
    (tmp_path / "b.csv").write_bytes(b"a,y\n\xff\xfe,1\n")
    with pytest.raises(DataError, match="not UTF-8"):
        Samples.from_csv(tmp_path / "b.csv", target="y")
    (tmp_path / "b.jsonl").write_text('["a", 1]\n{oops\n')
    with pytest.raises(DataError, match="line 2 is not JSON"):
        Samples.from_jsonl(tmp_path / "b.jsonl")


@pytest.mark.parametrize("value", [object(), {1, 2}, float("nan"), float("inf"), {1: 2}, b"x", 1j])
def test_values_that_cannot_be_compared_are_refused(value):
    """The message names the sample and what it holds."""
    with pytest.raises(DataError, match="the label of sample 1 "):
        Samples.of([("a", 0), ("b", value)])
    with pytest.raises(DataError, match="the input of sample 0 "):
        Samples.of([([value], 0)])


def test_values_have_a_depth_and_a_size():
    """What could not be carried into a sandbox is refused at once."""
    deep = 1
    for _ in range(40):
        deep = [deep]
    with pytest.raises(DataError, match="nested more than 32 deep"):
        Samples.of([(deep, 0)])
    loop = []
    loop.append(loop)
    with pytest.raises(DataError, match="nested more than 32 deep"):
        Samples.of([(loop, 0)])
    with pytest.raises(DataError, match="more than 4,000 digits"):
        Samples.of([(10**5000, 0)])


@pytest.mark.parametrize("data", ["x.csv", 3, pd.DataFrame({"a": [1]}), [(1, 2, 3)], ["ab"]])
def test_what_is_no_pairs_is_refused_with_the_next_step(data):
    """A path, a number, a frame and triples are errors, not guesses."""
    with pytest.raises(DataError, match=r"expected (a pair|pairs)"):
        Samples.of(data)


def test_unequal_lengths_are_refused():
    """As many labels as inputs."""
    with pytest.raises(DataError, match="2 inputs but 1 labels"):
        Samples.from_arrays([1, 2], [0])


@given(
    labels=st.lists(st.sampled_from(["a", "b", 1, 2.5, None]), min_size=2, max_size=60),
    share=st.floats(0.05, 0.95),
    seed=st.integers(0, 2**32),
)
def test_a_split_is_a_stratified_partition(labels, share, seed):
    """Every sample is on one side; each label's share is off by less than one sample and rounding."""
    samples = Samples.of(list(enumerate(labels)))
    train, held_out = samples.split(share, seed=seed)
    assert sorted((*train.inputs, *held_out.inputs)) == list(range(len(labels)))
    total = len(held_out)
    assert total == min(max(round(len(labels) * share), 1), len(labels) - 1)
    inside = Counter(map(repr, held_out.outputs))
    for label, count in Counter(map(repr, labels)).items():
        if count > 1:
            assert abs(inside[label] - count * total / len(labels)) < 1


def test_the_same_seed_gives_the_same_split_and_another_seed_another():
    """The split is a function of content and seed."""
    samples = Samples.of([(i, i % 2) for i in range(50)])
    assert samples.split(seed=3) == samples.split(seed=3)
    assert samples.split(seed=3) != samples.split(seed=4)
    assert samples.split(seed=0).train.inputs[:6] == (17, 3, 49, 30, 20, 35)


def test_holding_out_nothing_leaves_nothing_out():
    """With held_out=0 all samples are for training."""
    train, held_out = Samples.of([(i, i % 2) for i in range(9)]).split(0)
    assert (len(train), len(held_out)) == (9, 0)


@pytest.mark.parametrize("share", [-0.1, 1, 1.5, float("nan")])
def test_a_share_outside_its_range_is_refused(share):
    """held_out is in [0, 1)."""
    with pytest.raises(ArgumentError, match=r"`held_out` must be in \[0, 1\)"):
        Samples.of([(1, 0), (2, 1)]).split(share)


@pytest.mark.parametrize("seed", [-1, 1.5, True, "0"])
def test_a_seed_is_a_natural_number(seed):
    """Anything else is refused by name."""
    with pytest.raises(ArgumentError, match="`seed` must be"):
        Samples.of([(1, 0), (2, 1)]).split(seed=seed)


def test_the_fingerprint_is_pinned():
    """SHA-256 of the JSON lines: the same on every machine, and sensitive to order and type."""
    lines = b'["01", 1]\n["\\u00e9", null]\n'
    assert Samples.of([("01", 1), ("é", None)]).fingerprint == hashlib.sha256(lines).hexdigest()
    assert Samples.of([(1, 0)]).fingerprint != Samples.of([(1.5, 0)]).fingerprint
    assert Samples.of([(1, 0), (2, 0)]).fingerprint != Samples.of([(2, 0), (1, 0)]).fingerprint
