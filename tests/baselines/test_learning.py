"""Each baseline on data that it must learn, and on data that nothing can learn."""

from __future__ import annotations

import random

import pytest

from llmerm import baselines, tasks
from llmerm.baselines.estimators import fitted
from llmerm.errors import ArgumentError, DataError
from llmerm.samples import Samples, Split

TREES = ["decision_tree", "random_forest", "gradient_boosting", "xgboost"]
ESTIMATORS = [*TREES, "logistic_regression", "mlp", "nearest_neighbour"]
ALL = [
    *ESTIMATORS,
    "majority",
    "gf2_elimination",
    "low_degree",
    "gplearn",
    "enumerate",
    "length_first",
]
SMALL = {"gplearn": {"population": 200, "generations": 5}}
"""Parameters under which a test stays quick."""


def made(name: str) -> baselines.Baseline:
    return baselines.get(name, **SMALL.get(name, {}))


def by_bit(labels=(0, 1), m: int = 400) -> Split:
    """Strings of 10 random bits, labelled by the bit at place 3."""
    rng = random.Random(0)
    texts = sorted({"".join(rng.choices("01", k=10)) for _ in range(3 * m)})
    rng.shuffle(texts)
    return Samples.of([(x, labels[int(x[3])]) for x in texts[:m]]).split(0.5)


def clusters(labels=(0, 1), m: int = 400) -> Split:
    """Strings of 30 equal bits of which about two are flipped, labelled by most of them."""
    rng = random.Random(1)
    pairs = []
    for i in range(m):
        bits = [(i % 2) ^ (rng.random() < 0.07) for _ in range(30)]
        pairs.append(("".join("01"[b] for b in bits), labels[i % 2]))
    return Samples.of(pairs).split(0.5)


def noise(m: int = 400) -> Split:
    """Strings whose labels are bits of a hash: nothing can be learned."""
    return tasks.get("sha256_parity", n=30).sample(m, seed=0).split(0.5)


@pytest.mark.parametrize(
    "name", [*TREES, "mlp", "logistic_regression", "gf2_elimination", "low_degree", "gplearn"]
)
def test_a_label_that_one_bit_decides_is_learned(name):
    """200 samples of x[3] are enough for 98 % on 200 others."""
    train, test = by_bit()
    score = baselines.score(made(name), train, test)
    assert score.test_accuracy >= 0.98
    assert score.train_accuracy >= 0.98


@pytest.mark.parametrize("name", ESTIMATORS)
def test_two_far_clusters_are_told_apart(name):
    """Where the classes lie far apart every estimator is right on 90 % of fresh inputs."""
    score = baselines.score(made(name), *clusters())
    assert score.test_accuracy >= 0.9


@pytest.mark.parametrize(
    "name", [*ESTIMATORS, "majority", "gf2_elimination", "low_degree", "gplearn"]
)
def test_nothing_is_learned_where_there_is_nothing(name):
    """On a hash's bits the test accuracy of every baseline is that of a coin."""
    score = baselines.score(made(name), *noise())
    assert 0.36 < score.test_accuracy < 0.64


@pytest.mark.parametrize("name", [*TREES[:2], "nearest_neighbour", "mlp", "xgboost"])
def test_random_labels_are_learned_by_heart(name):
    """A model with room enough is right on all training samples, whatever their labels."""
    score = baselines.score(made(name), *noise())
    assert score.interpolates
    assert score.train_accuracy == 1.0


@pytest.mark.parametrize(
    "labels", [(False, True), ("no", "yes"), (0, 1), (0.0, 1.0), ([0], [1, 2])]
)
@pytest.mark.parametrize(
    "name", [*ESTIMATORS, "majority", "gf2_elimination", "low_degree", "gplearn"]
)
def test_labels_keep_their_types(name, labels):
    """What is predicted are the training labels themselves, of their own types."""
    train, test = by_bit(labels, m=80)
    predicted = made(name).fit(train).predict(test.inputs)
    assert len(predicted) == len(test)
    assert all(type(p) is type(labels[0]) and p in labels for p in predicted)


@pytest.mark.parametrize("name", ESTIMATORS)
def test_three_classes_are_learned(name):
    """With three labels the label of each cluster is found."""
    rng = random.Random(2)
    pairs = [([10.0 * (i % 3) + rng.random(), rng.random()], "abc"[i % 3]) for i in range(240)]
    score = baselines.score(made(name), *Samples.of(pairs).split(0.5))
    assert score.test_accuracy >= 0.95


@pytest.mark.parametrize("name", ["gf2_elimination", "low_degree", "gplearn"])
def test_two_labels_are_the_most_that_some_take(name):
    """Three labels are refused where a baseline has no way to tell them apart."""
    train = Samples.of([(f"{i:02b}", i) for i in range(4)])
    with pytest.raises(DataError, match="two labels, got 4"):
        made(name).fit(train)


@pytest.mark.parametrize("name", [*ESTIMATORS, "gplearn"])
def test_quantities_are_learned_as_quantities(name):
    """A noiseless linear function leaves a fifth of the constant's squared error at the most."""
    rng = random.Random(3)
    rows = [{"u": rng.uniform(-1, 1), "v": rng.uniform(-1, 1)} for _ in range(400)]
    train, test = Samples.of([(r, 2.0 * r["u"] - r["v"]) for r in rows]).split(0.5)
    score = baselines.score(made(name), train, test, loss="squared")
    constant = baselines.score(baselines.get("majority"), train, test, loss="squared")
    assert score.test_error < constant.test_error / 5
    assert all(type(p) is float for p in made(name).fit(train).predict(test.inputs[:3]))


@pytest.mark.parametrize("name", [*ESTIMATORS, "gplearn"])
def test_the_same_seed_gives_the_same_predictor(name):
    """Two fits with one seed predict the same, on labels that are noise."""
    train, test = noise(120)
    first, again = (made(name).fit(train, seed=5).predict(test.inputs) for _ in range(2))
    assert first == again


@pytest.mark.parametrize("name", ["random_forest", "mlp"])
def test_another_seed_gives_another_predictor(name):
    """The seed reaches what is random in a baseline."""
    train, test = noise()
    predictions = [made(name).fit(train, seed=s).predict(test.inputs) for s in (0, 1)]
    assert predictions[0] != predictions[1]


@pytest.mark.parametrize("name", ALL)
def test_one_label_is_predicted_for_all(name):
    """Samples with a single label give a constant, and no inputs give no predictions."""
    predictor = made(name).fit(Samples.of([("01", True), ("10", True), ("11", True)]))
    assert predictor.predict(["00", "01"]) == [True, True]
    assert predictor.predict([]) == []


@pytest.mark.parametrize("name", ALL)
def test_no_samples_are_refused(name):
    """There is nothing to train on."""
    with pytest.raises(DataError, match="no samples to train on"):
        made(name).fit(Samples((), ()))


@pytest.mark.parametrize("name", [*ESTIMATORS, "gf2_elimination", "low_degree", "gplearn"])
def test_inputs_of_another_kind_are_refused(name):
    """A predictor of strings does not take a number."""
    train, _ = by_bit(m=40)
    with pytest.raises(DataError, match="expected text, as in the training"):
        made(name).fit(train).predict([3])


def test_an_estimator_that_fails_is_not_hidden():
    """What an estimator raises comes out."""

    class Broken:
        def fit(self, inputs, target):
            raise MemoryError("too big")

    with pytest.raises(MemoryError, match="too big"):
        fitted(by_bit(m=40).train, classifier=Broken, regressor=Broken)


@pytest.mark.parametrize(
    ("name", "parameters", "told"),
    [
        ("decision_tree", {"max_depth": 0}, "max_depth"),
        ("random_forest", {"trees": 0}, "n_estimators"),
        ("gradient_boosting", {"smallest_leaf": 0}, "min_samples_leaf"),
        ("xgboost", {"learning_rate": -1.0}, "learning_rate|eta"),
        ("nearest_neighbour", {"neighbours": 0}, "n_neighbors"),
        ("logistic_regression", {"penalty": 0}, "`penalty` must be above 0, got 0"),
        ("mlp", {"hidden": (0,)}, "hidden_layer_sizes"),
        ("gplearn", {"population": 0}, "`population` must be at least 20"),
    ],
)
def test_parameters_out_of_range_are_refused(name, parameters, told):
    """The error is the library's, and names the parameter as the estimator has it."""
    with pytest.raises(ArgumentError, match=told):
        baselines.get(name, **parameters).fit(by_bit(m=40).train)


def test_the_majority_is_the_most_frequent_label():
    """Its accuracy is the share of that label."""
    train = Samples.of([(i, "b" if i % 3 else "a") for i in range(9)])
    test = Samples.of([(i, "b" if i < 7 else "a") for i in range(10)])
    score = baselines.score(baselines.get("majority"), train, test)
    assert (score.train_accuracy, score.test_accuracy) == (pytest.approx(6 / 9), pytest.approx(0.7))


def test_the_majority_of_quantities_is_their_mean():
    """The constant with the least squared error."""
    predictor = baselines.get("majority").fit(Samples.of([(0, 1.5), (1, 2.5), (2, 5.0)]))
    assert predictor.predict([7]) == [3.0]


def test_the_mlp_does_not_learn_a_long_parity():
    """At n = 50 and m = 200 it learns the samples by heart and guesses on fresh ones."""
    samples = tasks.get("parity", n=50).sample(1200, seed=0)
    score = baselines.score(baselines.get("mlp"), samples[:200], samples[200:])
    assert score.interpolates
    assert 0.45 <= score.test_accuracy <= 0.55
