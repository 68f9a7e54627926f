"""The estimators in their users' hands: data of all kinds, pipelines, grids, mistakes."""

from __future__ import annotations

import inspect
import pickle
import subprocess
import sys

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import scipy.sparse
from sklearn.base import clone
from sklearn.datasets import load_diabetes, load_iris
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, OrdinalEncoder
from sklearn.utils import get_tags

import llmerm
from llmerm.errors import ArgumentError, LlmermWarning
from llmerm.sklearn import ProgramClassifier, ProgramRegressor

WORDS = [f"{i:08b}" for i in range(128)]
ODD = [word.count("1") % 2 for word in WORDS]
QUICK = llmerm.proposers.Enumerate(seconds=1.0, max_bytes=4 << 20)
NUMBERS = np.arange(80)[:, None]


def scripted(*sources: str) -> llmerm.ScriptedProposer:
    return llmerm.ScriptedProposer(sources)


def echo(source: str, **parameters: object) -> ProgramClassifier:
    """A classifier whose program is given."""
    return ProgramClassifier(proposer=scripted(source), **parameters)


# ---- data ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "texts",
    [
        list,
        np.array,
        lambda words: np.array(words, object),
        pd.Series,
        pl.Series,
        lambda words: pd.DataFrame({"word": words}),
        lambda words: pl.DataFrame({"word": words}),
        lambda words: [[word] for word in words],
    ],
    ids=["list", "array", "objects", "pandas", "polars", "frame", "polars frame", "column"],
)
def test_texts_come_in_any_container(texts):
    """The program gets the text itself, and a parity is found among 64 of them."""
    model = ProgramClassifier(proposer="enumerate").fit(texts(WORDS[:100]), ODD[:100])
    assert model.predict(texts(WORDS[100:])).tolist() == ODD[100:]
    assert model.n_features_in_ == 1
    assert model.program_.source == model.result_.program.source
    assert model.certificate_.bound < 0.5
    assert model.candidates_ == model.result_.candidates


@pytest.mark.parametrize(
    "made", [pd.DataFrame, pl.DataFrame, pa.table], ids=["pandas", "polars", "arrow"]
)
def test_a_frame_is_read_by_its_columns(made):
    """Three classes out of a number, a text and a truth value."""
    rows = [(i, ("red", "blue")[i % 2], i % 3 == 0) for i in range(150)]
    data = made(
        {"age": [r[0] for r in rows], "team": [r[1] for r in rows], "in": [r[2] for r in rows]}
    )
    labels = ["child" if r[0] < 60 else f"{r[1]} {r[2]}" for r in rows]
    source = "def f(x): return 'child' if x['age'] < 60 else f'{x[\"team\"]} {x[\"in\"]}'"
    model = echo(source).fit(data, labels)
    assert model.classes_.tolist() == ["blue False", "blue True", "child", "red False", "red True"]
    assert model.feature_names_in_.tolist() == ["age", "team", "in"]
    assert model.predict(data).tolist() == labels
    assert model.certificate_.bound < 0.1


@pytest.mark.parametrize(
    ("made", "seen"),
    [
        (pd.DataFrame({"a": [1, 2], "b": ["u", None]}), [{"a": 1, "b": "u"}, {"a": 2, "b": None}]),
        (pd.DataFrame([[1, "u"], [2, "v"]]), [{"x0": 1, "x1": "u"}, {"x0": 2, "x1": "v"}]),
        (np.array([[1.0, 2.0], [3.0, 4.0]]), [[1, 2], [3, 4]]),
        (np.array([[1.5, 2.0], [3.0, np.nan]]), [{"x0": 1.5, "x1": 2}, {"x0": 3.0, "x1": None}]),
        ([[1, "u"], [2, "v"]], [{"x0": 1, "x1": "u"}, {"x0": 2, "x1": "v"}]),
        (np.array([["a", "b"], ["c", "d"]]), [{"x0": "a", "x1": "b"}, {"x0": "c", "x1": "d"}]),
        ([[2**53 + 1, 2**70], [-(2**63), 1]], [[2**53 + 1, 2**70], [-(2**63), 1]]),
        (np.array([[2**53 + 1], [2**62 + 1]]), [2**53 + 1, 2**62 + 1]),
    ],
    ids=["frame", "unnamed", "whole", "missing", "mixed", "letters", "huge", "one column"],
)  # fmt: skip
def test_what_a_program_gets_for_a_row(made, seen):
    """A dict by column, a list of whole numbers, or the one cell; exact, and None where missing."""
    model = echo("def f(x): return repr(x)", held_out=0, tolerance=1).fit(
        made, [repr(row) for row in seen]
    )
    assert model.score(made, [repr(row) for row in seen]) == 1


def test_the_form_of_rows_can_be_chosen():
    """Lists where dicts were usual, and the other way round; nothing else."""
    table = np.arange(80).reshape(40, 2)
    source = "def f(x): return type(x).__name__"
    for form in ("dict", "list"):
        model = echo(source, rows=form).fit(table, ["dict", "list"] * 20)
        assert set(model.predict(table)) == {form}
    with pytest.raises(ArgumentError, match="`rows` must be 'auto', 'dict' or 'list', got 'tuple'"):
        echo(source, rows="tuple").fit(table, ["dict", "list"] * 20)


def test_whole_floats_of_a_pipeline_are_integers():
    """So that a rule may divide them; in `predict` as in `fit`, where a fraction stays."""
    model = echo("def f(x): return 'yes' if x % 2 == 1 and str(x) == str(int(x)) else 'no'")
    model.fit(NUMBERS.astype(float), ["no", "yes"] * 40)
    assert model.predict([[3.0], [4.0], [3.5]]).tolist() == ["yes", "no", "no"]


@pytest.mark.parametrize("labels", [[False, True], [-1.0, 1.0], ["a", "b"], [3, 7]], ids=repr)
def test_predictions_are_of_the_labels_type(labels):
    """Whatever the program writes for them: equal by value is equal."""
    y = np.array(labels * 40)
    model = echo(f"def f(x): return {labels[1]!r} if x % 2 else {labels[0]!r}").fit(NUMBERS, y)
    assert model.predict(NUMBERS).dtype == y.dtype
    assert model.score(NUMBERS, y) == 1
    assert model.certificate_.bound < 0.5


# ---- scikit-learn's tools -----------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore::llmerm.errors.LlmermWarning")
def test_a_pipeline_a_grid_and_cross_validation():
    """On two processes as on one: the scaled petals of iris beat a guess by far."""
    iris = load_iris(as_frame=True)
    program = ProgramClassifier(k=4, proposer=QUICK)
    pipe = make_pipeline(MinMaxScaler().set_output(transform="pandas"), program)
    assert cross_val_score(pipe, iris.data, iris.target, cv=2).min() > 0.8
    name = "programclassifier__k"
    grid = GridSearchCV(pipe, {name: np.array([1, 4])}, cv=2, n_jobs=2).fit(iris.data, iris.target)
    assert grid.best_score_ > 0.8
    assert "x['petal" in grid.best_estimator_[-1].program_.source


def test_an_encoder_before_it():
    """Categories as numbers, in a pipeline fed with a polars frame."""
    frame = pl.DataFrame({"team": ["red", "blue", "green"] * 30, "n": range(90)})
    pipe = make_pipeline(OrdinalEncoder(), echo("def f(x): return int(x[0] == 2)"))
    assert pipe.fit(frame, [1, 0, 0] * 30).score(frame, [1, 0, 0] * 30) == 1


def test_a_clone_has_the_parameters_and_nothing_learned():
    """As in any search over parameters."""
    model = ProgramClassifier(k=3, proposer=scripted("def f(x): return x % 2"), random_state=7)
    again = clone(model.fit(NUMBERS, NUMBERS[:, 0] % 2))
    assert (again.k, again.random_state) == (3, 7)
    assert not hasattr(again, "program_")
    with pytest.raises(NotFittedError, match="not fitted yet"):
        again.predict(NUMBERS)


def test_a_pickle_predicts_in_another_process(tmp_path):
    """It holds the program as text, and a sandbox that is made anew."""
    model = echo("def f(x): return x.count('1') % 2").fit(WORDS[:100], ODD[:100])
    path = tmp_path / "model.pickle"
    path.write_bytes(pickle.dumps(model))
    code = "import pickle, sys; print(pickle.load(open(sys.argv[1], 'rb')).predict(['0111', '11']))"
    seen = subprocess.run(
        [sys.executable, "-c", code, path], capture_output=True, text=True, check=True
    )
    assert seen.stdout == "[1 0]\n"


def test_the_seed_is_that_of_fit():
    """An integer is `fit`'s own seed; a generator gives one; None another each time."""
    samples = [(w, y) for w, y in zip(WORDS, ODD, strict=True)]
    script = scripted(*(f"def f(x): return int(x[{i}])" for i in range(8)))
    by_fit = llmerm.fit(samples, proposer=script, seed=5)
    model = ProgramClassifier(proposer=script, random_state=5).fit(WORDS, ODD)
    assert model.result_.held_out_error == by_fit.held_out_error
    assert model.result_.provenance.data == by_fit.provenance.data
    seeds = [
        ProgramClassifier(proposer=script, random_state=state).fit(WORDS, ODD).result_.seed
        for state in (np.random.RandomState(1), np.random.RandomState(1), None, None)
    ]
    assert seeds[0] == seeds[1]
    assert len(set(seeds)) == 3


def test_nothing_is_offered_that_a_program_does_not_have():
    """No probabilities, no weights of samples; and the tags say what data it takes."""
    assert not hasattr(ProgramClassifier(), "predict_proba")
    assert "sample_weight" not in inspect.signature(ProgramClassifier.fit).parameters
    tags = get_tags(ProgramRegressor())
    assert tags.input_tags.string
    assert tags.input_tags.allow_nan


# ---- what programs may do -----------------------------------------------------------------------


def test_a_row_without_a_class_gets_the_most_frequent_and_is_counted():
    """Where the program raises, and where it gives what is no class."""
    source = "def f(x): return 1 // (x - 90) * 0 + (9 if x == 91 else x % 4 == 0)"
    model = echo(source).fit(NUMBERS, NUMBERS[:, 0] % 4 == 0)
    with pytest.warns(
        LlmermWarning, match=r"for 2 of 3 rows \(the first is row 0: SampleError.*False"
    ):
        assert model.predict([[90], [91], [92]]).tolist() == [False, False, True]


def test_a_row_without_a_number_gets_the_mean():
    """Where a regressor's program raises, or gives a text or a number beyond floats."""
    source = (
        "def f(x): return 2 * x if x < 80 else 'much' if x == 80 else 10**400 if x == 81 else {}[0]"
    )
    model = ProgramRegressor(proposer=scripted(source)).fit(NUMBERS, 2.0 * NUMBERS[:, 0])
    with pytest.warns(LlmermWarning, match="for 3 of 4 rows"):
        assert model.predict([[3], [80], [81], [82]]).tolist() == [6.0, 79.0, 79.0, 79.0]


def test_a_regressor_finds_the_rule_and_comes_close_to_a_noisy_one():
    """Exactly where there is one; on diabetes a readable sum beats the mean by far."""
    rows = np.array([[i, i % 7] for i in range(80)])
    model = ProgramRegressor(proposer="enumerate").fit(rows, 3 * rows[:, 0] - rows[:, 1])
    assert model.predict([[1000, 5]]).tolist() == [2995.0]
    data = load_diabetes(as_frame=True)
    program = ProgramRegressor(proposer=QUICK)
    assert cross_val_score(program, data.data, data.target, cv=2).min() > 0.3


# ---- mistakes -----------------------------------------------------------------------------------


def frame(**columns: object) -> pd.DataFrame:
    return pd.DataFrame({"a": range(4), "b": [1.5, 2.5, 3.5, 4.5]} | columns)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (frame()[["b", "a"]], "must be in the same order"),
        (frame(c=1), "Feature names unseen at fit time:\n- c"),
        (frame()[["a"]], "Feature names seen at fit time, yet now missing:\n- b"),
        (["0", "1"], "X has 1 features, but ProgramClassifier is expecting 2 features"),
        ([[1, 2, 3]], "X has 3 features, but ProgramClassifier is expecting 2 features"),
        ([1.0, 2.0], "Expected 2D array, got 1D array instead"),
        ([], "Expected 2D array, got 1D array instead"),
        (frame().head(0), "Found array with 0 sample"),
        (np.zeros((0, 2)), "Found array with 0 sample"),
        (np.ones((2, 2)) * 1j, "Complex data not supported"),
        (np.array([[1.0, np.inf]]), "contains infinity"),
        (frame(b=[1.0, np.inf, 2.0, 3.0]), "input 1 is inf, expected a finite number"),
        (frame(b=pd.Timestamp(0)), "input 0 is Timestamp"),
    ],
)
@pytest.mark.filterwarnings("ignore:X does not have valid feature names:UserWarning")
def test_other_data_than_in_fit_is_refused(wrong, message):
    """In scikit-learn's words where it has some."""
    model = echo("def f(x): return x['a'] > 1").fit(frame(), [False, False, True, True])
    with pytest.raises(ValueError, match=message):
        model.predict(wrong)


@pytest.mark.parametrize(
    ("X", "y", "message"),
    [
        (NUMBERS, None, "requires y to be passed, but the target y is None"),
        (NUMBERS, ["a"] * 80, "y has 1 class"),
        (NUMBERS, [1, "a"] * 40, r"Mix of label input types \(int, str\)"),
        (NUMBERS, [None, "a"] * 40, r"Mix of label input types \(NoneType, str\)"),
        (NUMBERS, [2**70, 1] * 40, "Unknown label type"),
        (NUMBERS, [0.5, 1.5] * 40, "Unknown label type: continuous"),
        (NUMBERS, [0.0, np.nan] * 40, "Input y contains NaN"),
        (NUMBERS, [0, 1], "inconsistent numbers of samples"),
        (NUMBERS[:1], [0], "1 class"),
    ],
)
def test_what_a_classifier_cannot_learn_from_is_refused(X, y, message):
    """No labels, one label, labels of several types, of quantities, or of other length."""
    with pytest.raises(ValueError, match=message):
        ProgramClassifier(proposer="enumerate").fit(X, y)


@pytest.mark.parametrize(
    ("y", "message"),
    [
        (None, "requires y to be passed"),
        (["a"] * 80, "could not convert string to float"),
        ([np.inf, 1] * 40, "Input y contains infinity"),
        ([7] * 80, "all 80 samples have the label 7"),
    ],
)
def test_what_a_regressor_cannot_learn_from_is_refused(y, message):
    """No numbers, or one number only."""
    with pytest.raises(ValueError, match=message):
        ProgramRegressor(proposer="enumerate").fit(NUMBERS, y)


def test_a_sparse_matrix_is_refused():
    """With scikit-learn's own error, which says how to make it dense."""
    with pytest.raises(TypeError, match="Sparse data was passed"):
        ProgramClassifier(proposer="enumerate").fit(scipy.sparse.eye(4), [0, 1, 0, 1])


def test_a_second_fit_forgets_the_first():
    """The names of columns, the classes and the form of rows are those of the last fit."""
    model = echo("def f(x): return x if isinstance(x, int) else x['a'] > 1")
    model.fit(frame(), [False, False, True, True]).fit(NUMBERS % 2 + 2 * NUMBERS, NUMBERS[:, 0] % 2)
    assert not hasattr(model, "feature_names_in_")
    assert model.predict([[1], [0]]).tolist() == [1, 0]


def test_without_scikit_learn_it_says_what_to_install():
    """The command is in the message; `import llmerm` itself does without."""
    code = """
import sys
sys.modules["sklearn"] = None
import llmerm
try:
    import llmerm.sklearn
except llmerm.LlmermError as error:
    print(error)
"""
    seen = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "pip install 'llmerm[sklearn]'" in seen.stdout
