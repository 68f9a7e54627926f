"""The tables that scikit-learn bundles: real rows, real labels, and no pretence of a rule."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from sklearn import datasets

from llmerm.errors import TaskError
from llmerm.tasks import get, names, tables

TABLES = {"iris": 149, "wine": 178, "breast_cancer": 569, "diabetes": 442, "digits": 1797}


@pytest.mark.parametrize("name", TABLES)
def test_all_rows_are_those_of_scikit_learn(name) -> None:
    """As many samples as there are distinct rows, each a row of the frame with its own label."""
    task = get(name)
    frame = getattr(datasets, f"load_{name}")(as_frame=True)
    classes = getattr(frame, "target_names", None)
    known: dict[tuple[float, ...], set[object]] = {}
    for row, label in zip(frame.data.to_numpy(), frame.target, strict=True):
        shown = label if classes is None else classes[label]
        known.setdefault(tuple(row), set()).add(shown)
    samples = task.sample(TABLES[name])
    assert len(known) == TABLES[name]
    for x, y in samples:
        assert isinstance(x, dict)
        assert list(x) == list(frame.data.columns)
        assert {type(column) for column in x} == {str}
        assert y in known.pop(tuple(x.values()))
        assert type(y) in (str, float, int)
    with pytest.raises(TaskError, match=f"at most m={TABLES[name]}"):
        task.sample(TABLES[name] + 1)


@pytest.mark.parametrize("name", TABLES)
def test_no_rule_is_known(name) -> None:
    """`label`, `program` and other lengths are refused, and the task says so beforehand."""
    task = get(name)
    assert not task.known
    assert get("parity").known
    with pytest.raises(TaskError, match="no rule is known"):
        task.label(task.sample(1).inputs[0])
    with pytest.raises(TaskError, match="no rule is known"):
        _ = task.program
    with pytest.raises(TaskError, match="no other length"):
        task.shifted(n=2)


@pytest.mark.parametrize("name", ["iris", "wine", "digits"])
def test_anonymous_tables_have_no_names(name) -> None:
    """Columns are c0, c1, ..., classes numbers; the cells are the same."""
    plain, hidden = get(name), get(name, anonymous=True)
    rows = {tuple(x.values()) for x in plain.sample(TABLES[name]).inputs}  # type: ignore[union-attr]
    samples = hidden.sample(TABLES[name])
    assert {tuple(x.values()) for x in samples.inputs} == rows  # type: ignore[union-attr]
    assert all(list(x) == [f"c{i}" for i in range(hidden.n)] for x in samples.inputs)  # type: ignore[arg-type]
    assert {type(y) for y in samples.outputs} == {int}


def test_fewer_columns_can_be_asked_for() -> None:
    """`n` columns are the first ones; more than there are is refused."""
    samples = get("iris", n=2).sample(50)
    assert {len(x) for x in samples.inputs} == {2}  # type: ignore[arg-type]
    assert len({tuple(x.values()) for x in samples.inputs}) == 50  # type: ignore[union-attr]
    with pytest.raises(TaskError, match="between 1 and 4, got 5"):
        get("iris", n=5)


def test_without_scikit_learn_the_error_says_what_to_install(monkeypatch) -> None:
    """Tables are listed and made without scikit-learn; only drawing from them needs it."""
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    tables._loaded.cache_clear()
    assert "wine" in names()
    with pytest.raises(TaskError, match=r"pip install 'llmerm\[sklearn\]'"):
        get("wine").sample(3)


def test_labels_come_in_the_shares_of_the_table() -> None:
    """Without replacement: all of iris has about 50 of each species, half of it about 25."""
    counts = get("iris").sample(149).label_counts
    assert sorted(counts.values()) == [49, 50, 50]
    assert np.ptp(list(get("iris").sample(75, seed=1).label_counts.values())) < 20
