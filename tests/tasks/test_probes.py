"""Probes: what they change, what they keep, and for which tasks they exist."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llmerm.errors import TaskError
from llmerm.tasks import Probe, Task, get, names, registry, task
from llmerm.tasks.noise import noisy
from llmerm.tasks.probes import NearMisses

TWO_CLASSES = ["longer", "balance", "near_misses", "noise", "shuffled", "renamed"]
STRINGS = ["parity", "half_parity", "k_parity", "palindrome", "dyck2", "gcd_range", "automaton"]
STRINGS += ["dyck", "reachability", "cycle_count_leakfree", "threshold", "random_circuit"]


def probe(tested: Task, name: str) -> Probe:
    return {found.name: found for found in tested.probes()}[name]


@pytest.fixture
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    empty = replace(registry._CATALOGUE, registered={})
    monkeypatch.setattr(registry, "_CATALOGUE", empty)


@pytest.mark.parametrize("name", STRINGS)
def test_families_of_strings_have_all_probes(name) -> None:
    """A family of strings in two classes has each probe, with a sentence and a kind."""
    found = get(name, n=60).probes()
    assert [p.name for p in found] == TWO_CLASSES
    assert [p.kind for p in found] == ["test"] * 3 + ["training"] * 3
    assert all(len(p.about.split()) > 4 for p in found)


def test_probes_that_make_no_sense_are_left_out() -> None:
    """Numbers have no balance, lists no names, tables no other length, far classes no border."""
    kinds = {name: [p.name for p in get(name).probes()] for name in names()}
    assert kinds["multi_index"] == kinds["sequence"] == ["longer", "noise", "shuffled"]
    assert kinds["permutation"] == TWO_CLASSES[:-1]
    assert kinds["iris"] == kinds["diabetes"] == ["noise", "shuffled", "renamed"]
    assert "near_misses" not in kinds["cycle_count"]
    assert [p.name for p in get("product_bit", n=8, bit=7).probes()] == TWO_CLASSES
    assert "longer" not in [p.name for p in get("reachability", n=330).probes()]


@pytest.mark.parametrize("name", STRINGS)
def test_what_is_tested_on_was_not_learned_from(name) -> None:
    """For each probe the two parts have the sizes asked for and share no input."""
    for found in get(name, n=60).probes():
        train, test = found.split(40, 30, seed=3)
        assert len(train) == 40
        assert 20 <= len(test) <= 30
        assert len({*train.inputs, *test.inputs}) == 40 + len(test)


@pytest.mark.parametrize("name", STRINGS)
def test_retests_leave_the_training_part_alone(name) -> None:
    """What is learned from in a test probe is the task's own sample; all labels are the rule's."""
    tested = get(name, n=60)
    for found in tested.probes()[:3]:
        train, test = found.split(40, 30, seed=3)
        assert train == tested.sample(40, seed=3)
        rule = tested.shifted(n=120).label if found.name == "longer" else tested.label
        assert [rule(x) for x in test.inputs] == list(test.outputs)


def test_longer_inputs_are_twice_as_long() -> None:
    """`longer` draws from the shifted task."""
    found = probe(get("parity", n=30), "longer")
    assert {len(str(x)) for x in found.split(10, 50)[1].inputs} == {60}
    assert "n = 60" in found.about


@pytest.mark.parametrize("m", [1, 10, 200])
def test_the_balance_is_shifted_to_one_in_ten(m) -> None:
    """A tenth of the samples has label 1, exactly."""
    found = probe(get("parity", n=30), "balance")
    counts = Counter(found.samples(m, seed=2).outputs)  # type: ignore[attr-defined]
    assert counts[1] == round(m / 10)
    assert counts.total() == m


@pytest.mark.parametrize(
    "name", ["parity", "k_parity", "palindrome", "pattern", "dyck2", "is_prime"]
)
def test_near_misses_are_one_character_apart(name) -> None:
    """Samples come in pairs that differ at one place and in the label; no input comes twice."""
    tested = get(name, n=20)
    samples = probe(tested, "near_misses").samples(60, seed=1)  # type: ignore[attr-defined]
    assert len(set(samples.inputs)) == 60
    for i in range(0, 60, 2):
        x, near = str(samples.inputs[i]), str(samples.inputs[i + 1])
        assert sum(a != b for a, b in zip(x, near, strict=True)) == 1
        assert {samples.outputs[i], samples.outputs[i + 1]} == {0, 1}


def test_near_misses_of_a_graph_move_one_end_of_an_edge() -> None:
    """A cycle count changes by moving one end: the texts differ in one number."""
    tested = get("cycle_count_leakfree", n=60)
    samples = probe(tested, "near_misses").samples(20, seed=1)  # type: ignore[attr-defined]
    for i in range(0, 20, 2):
        x, near = str(samples.inputs[i]), str(samples.inputs[i + 1])
        moved = [j for j in range(1, 60, 3) if x[j : j + 2] != near[j : j + 2]]
        assert len(moved) == 1
        assert samples.outputs[i] != samples.outputs[i + 1]


def test_near_misses_that_run_out_are_refused() -> None:
    """Of 16 strings no 20 near misses can be had; the error says how many were found."""
    with pytest.raises(TaskError, match=r"only 1\d near misses of parity were found at n=4, m=20"):
        NearMisses(get("parity", n=4)).samples(20)


@pytest.mark.parametrize("name", ["parity", "dyck", "iris", "sequence", "digits", "diabetes"])
def test_noise_makes_one_training_label_in_ten_wrong(name) -> None:
    """Against the same split without noise, a tenth of the training labels differ, no test label."""
    tested = get(name)
    train, test = probe(tested, "noise").split(100, 40, seed=5)
    clean = tested.sample(140, seed=5)
    labels = dict(zip(map(str, clean.inputs), clean.outputs, strict=True))
    wrong = sum(labels[str(x)] != y for x, y in train)
    assert 7 <= wrong <= 13
    assert all(labels[str(x)] == y for x, y in test)
    if len(tested.classes) == 2:
        assert set(train.label_counts.values()) == {50}


def test_shuffled_labels_are_the_same_labels_elsewhere() -> None:
    """The counts stay, about half of the labels are wrong, the test is clean."""
    tested = get("parity", n=40)
    train, test = probe(tested, "shuffled").split(400, 100, seed=1)
    assert set(train.label_counts.values()) == {200}
    assert 140 < sum(tested.label(x) != y for x, y in train) < 260
    assert all(tested.label(x) == y for x, y in test)


@pytest.mark.parametrize("name", ["parity", "is_prime", "dyck", "reachability"])
def test_renamed_symbols_are_new_and_mean_one_old_symbol_each(name) -> None:
    """Training and test share one renaming, which undone gives inputs of the task, labelled right."""
    tested = get(name, n=60)
    train, test = probe(tested, "renamed").split(100, 100, seed=2)
    plain = tested.sample(200, seed=2).split(0.5, seed=2)
    back: dict[str, str] = {}
    for part, old in ((train, plain.train), (test, plain.held_out)):
        for x, original in zip(map(str, part.inputs), map(str, old.inputs), strict=True):
            for new, symbol in zip(x, original, strict=True):
                assert back.setdefault(new, symbol) == symbol
        for x, y in part:
            assert tested.label("".join(back[c] for c in str(x))) == y
    assert len(set(back.values())) == len(back)
    assert not set(back) & set(back.values())


def test_renamed_columns_are_new_and_keep_their_cells() -> None:
    """The rows of a table keep their cells under other names; labels stay."""
    train, test = probe(get("iris"), "renamed").split(100, 40, seed=2)
    rows = {tuple(x.values()): y for x, y in get("iris").sample(140, seed=2)}  # type: ignore[union-attr]
    columns = {tuple(x) for x in (*train.inputs, *test.inputs)}  # type: ignore[arg-type]
    assert len(columns) == 1
    assert all(name.startswith("c") for name in columns.pop())
    assert all(rows[tuple(x.values())] == y for x, y in (*train, *test))  # type: ignore[union-attr]


@pytest.mark.usefixtures("_clean")
def test_a_decorated_rule_has_probes_for_free() -> None:
    """Two labels of any kind: all probes, with near misses made of the input's own characters."""

    @task(n=12, alphabet="abc")
    def vowels(x):
        return "many" if x.count("a") > 4 else "few"

    assert vowels.classes == ("few", "many")
    assert [p.name for p in vowels.probes()] == TWO_CLASSES
    for found in vowels.probes():
        train, test = found.split(20, 20, seed=1)
        assert len(train) == 20 >= len(test) > 10
    samples = probe(vowels, "near_misses").samples(30)  # type: ignore[attr-defined]
    assert Counter(samples.outputs) == {"few": 15, "many": 15}


@pytest.mark.usefixtures("_clean")
def test_near_misses_are_found_where_few_inputs_are_near_the_border() -> None:
    """One string in seven is within an edit of another majority: there are pairs for all."""

    @task(n=30)
    def majority(x):
        return int(x.count("1") > 15)

    samples = probe(majority, "near_misses").samples(60, seed=3)  # type: ignore[attr-defined]
    assert {str(x).count("1") for x in samples.inputs} == {15, 16}
    assert Counter(samples.outputs) == {0: 30, 1: 30}


@pytest.mark.usefixtures("_clean")
def test_a_rule_with_many_labels_has_no_classes() -> None:
    """Numbers are no classes; neither are labels that are not balanced."""

    @task(n=12)
    def number(x):
        return int(x, 2)

    @task(n=12, balance=False)
    def odd(x):
        return int(x[-1])

    assert number.classes == odd.classes == ()
    assert [p.name for p in number.probes()] == ["longer", "noise", "shuffled", "renamed"]


_PRINT = """
import json
from llmerm.tasks import get
parts = {p.name: p.split(20, 20, seed=4) for p in get("dyck", n=20).probes()}
print(json.dumps({name: [a.fingerprint, b.fingerprint] for name, (a, b) in parts.items()}))
"""


def test_probes_draw_the_same_in_another_process() -> None:
    """Fingerprints of both parts do not depend on the process; another seed changes them."""
    environment = {**os.environ, "PYTHONHASHSEED": "999"}
    command = [sys.executable, "-c", _PRINT]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    for found in get("dyck", n=20).probes():
        here, other = (
            [part.fingerprint for part in found.split(20, 20, seed=seed)] for seed in (4, 5)
        )
        assert json.loads(done.stdout)[found.name] == here
        assert here[0] != other[0]
        assert here[1] != other[1]


def test_probes_travel_to_other_processes() -> None:
    """A probe can be pickled, and draws the same afterwards."""
    for found in get("parity", n=20).probes():
        sent = pickle.loads(pickle.dumps(found))
        assert sent == found
        assert sent.split(10, 10) == found.split(10, 10)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from(["a", "b", "c"]), max_size=60),
    st.floats(0, 1),
    st.integers(0, 10**6),
)
def test_noise_keeps_its_rate_in_each_class(labels, rate, seed) -> None:
    """In each class the share of wrong labels is the rate, up to one label, out of the same labels."""
    wrong = noisy(labels, rate, np.random.default_rng(seed))
    assert len(wrong) == len(labels)
    assert set(wrong) <= set(labels)
    for label in set(labels):
        mine = [b for a, b in zip(labels, wrong, strict=True) if a == label]
        changed = sum(b != label for b in mine)
        expected = rate * len(mine) if len(set(labels)) > 1 else 0
        assert abs(changed - expected) < 1 + 1e-9


def test_noise_is_right_on_average() -> None:
    """With 4 labels and a rate of 0.1 it is a coin whether one is wrong: two in five times."""
    counts = [noisy([0, 1] * 2, 0.1, np.random.default_rng(seed)) for seed in range(1000)]
    wrong = sum(a != b for labels in counts for a, b in zip(labels, [0, 1] * 2, strict=True))
    assert wrong / 4000 == pytest.approx(0.1, abs=0.03)


@pytest.mark.parametrize("size", [0, -1, True, 2.0])
def test_sizes_that_are_none_are_refused(size) -> None:
    """Each probe refuses a size that is no integer of at least 1."""
    for found in get("parity", n=20).probes():
        for m, fresh in ((size, 10), (10, size)):
            with pytest.raises(TaskError, match="must be an integer of at least 1"):
                found.split(m, fresh)


@pytest.mark.parametrize("name", ["digits", "iris", "diabetes", "parity", "sequence"])
@pytest.mark.parametrize(("m", "fresh"), [(1, 1), (7, 100), (61, 13)])
def test_both_parts_have_the_sizes_asked_for(name, m, fresh) -> None:
    """However many labels there are, stratifying loses no sample to rounding."""
    train, test = probe(get(name), "shuffled").split(m, fresh)
    assert (len(train), len(test)) == (m, fresh)
