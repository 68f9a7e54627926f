"""What holds for every family that is built in, whatever its inputs and labels are."""

from __future__ import annotations

import json
import os
import pickle
import re
import subprocess
import sys

import pytest

from llmerm.errors import TaskError
from llmerm.tasks import Task, get, names, registry
from llmerm.typing import Value
from llmerm.values import as_value, key

BUILT_IN = tuple(registry._BUILT_IN)
TABLES = ("iris", "wine", "breast_cancer", "diabetes", "digits")
RULES = tuple(name for name in BUILT_IN if name not in TABLES)
FINGERPRINTS = {  # those of the published families are in test_sampling.py
    "automaton": "00b63f0b6a1ed1a37b7bc1cca4defbd067ed49b6a15a133d4ca2e99029d6370a",
    "cellular_automaton": "7b262fff43bc3365cfe33cbd404ad0ba3e0935253fe8db9604c42ce53fd77b42",
    "dyck": "31a2f44c11a2bd1f8109e63a5df6ec7893ffe08ebe43e3223becd7db4dcc53ad",
    "gf2_circuit": "c58f3d9bcd1e029995f535ce62463b9c6848045b8cce35bce12a9e660d37f35c",
    "grammar": "c599b738c257c789ba0c48702eca80541110f54e8c1b7c6e817f9328b447904b",
    "list_function": "e36c5fef71b73d7a1036612ed2b4df386eafccb3fcf3e2751eac58c66575d680",
    "multi_index": "822e685cf3016026c65832384ed5821a86cbc8d1b0c34c456fede722802941f8",
    "noisy_parity": "d2d21dbde5777084fa281d24ba8afb42a6fa427a128c4cddf212c6d4a4941176",
    "permutation": "127d05e702ce067c8aa7f706a5ec7031b924bc2a559e4d1cebb8e6aecd510016",
    "product_bit": "1ca4b6f5a7a3e2401c3ba4c84d0341f40303390795253a32b6f93f70ba16cafc",
    "random_circuit": "4ef956e73bbcaa9e321bd7c263a906051530bfd5f195baf4d5187a0197c3e9bd",
    "reachability": "cb59ab48d4ca185c5a0b90ffe7baddc63f46e5a6a6f25407d4aa5cb1f383679a",
    "sequence": "27354b79f2c99b09689ab60bf42c3a7038072b7945a1a21bba03e129dc1256be",
    "staircase": "29149321df9b7da28dff7d7218aadb7b27b2116e2ee64ed7fcdc30b1c3575002",
    "text_function": "eb610b12e9f24b4e93665a4952d2fd4bd71d840621ea1826dabf9069ec37129e",
    "threshold": "5e69c0f10f4ad8dd380fc539dc5f6a09d49a1f30196fb85a74fca545a759c52f",
}

_PRINT_FINGERPRINTS = """
import json, sys
from llmerm.tasks import get
print(json.dumps({name: get(name).sample(20, seed=3).fingerprint for name in sys.argv[1:]}))
"""


def small(name: str) -> Task:
    """The family at a length where everything is quick."""
    return get(name, n=40) if get(name).n == 100 and name != "reachability" else get(name)


def test_all_built_in_families_are_listed() -> None:
    """`names` has every built-in family, and each can be made at its defaults."""
    assert set(BUILT_IN) <= set(names())
    assert [get(name).name for name in BUILT_IN] == list(BUILT_IN)


@pytest.mark.parametrize("name", RULES)
def test_samples_are_distinct_balanced_and_labelled_by_the_rule(name) -> None:
    """No input twice, classes as the family says, `label` and `program` agree with the samples."""
    tested = small(name)
    run = tested.program.compile(trusted=True)
    samples = tested.sample(101, seed=6)
    assert len(set(map(key, samples.inputs))) == 101
    assert [tested.label(x) for x in samples.inputs] == [run(x) for x in samples.inputs]
    wrong = sum(tested.label(x) != y for x, y in samples)
    assert abs(wrong - 101 * tested.rule_error) <= 2
    if tested.classes:
        assert sorted(samples.label_counts.values()) == [50, 51]
        assert set(samples.outputs) == set(tested.classes)
    for x, y in samples:
        assert as_value(x, "x") == x
        assert as_value(y, "y") == y


@pytest.mark.parametrize("name", RULES)
def test_a_longer_task_is_still_right(name) -> None:
    """At twice the length `label` and `program` agree with the samples, noise apart."""
    longer = small(name).shifted(n=2 * small(name).n)
    run = longer.program.compile(trusted=True)
    for x, y in longer.sample(20, seed=1):
        assert run(x) == longer.label(x)
        assert y == run(x) or longer.rule_error


@pytest.mark.parametrize("name", BUILT_IN)
def test_tasks_travel_and_can_be_made_from_their_parameters(name) -> None:
    """A task is what its parameters say, also after pickling, also after JSON."""
    tested = get(name)
    assert pickle.loads(pickle.dumps(tested)) == tested
    assert get(name, **tested.parameters) == tested
    assert get(name, **json.loads(json.dumps(dict(tested.parameters)))) == tested
    drawn = tested.sample(10)
    assert get(name, **tested.parameters).sample(10) == drawn


@pytest.mark.parametrize("name", BUILT_IN)
def test_docstrings_name_their_source(name) -> None:
    """Each family says where it is from and has an example."""
    text = " ".join((type(get(name)).__doc__ or "").split())
    assert "ource: " in text or "rule and the text are those of `cycle_count`" in text
    assert ">>> " in text


def test_samples_are_the_same_in_another_process_with_another_hash_seed() -> None:
    """No process and no hash seed changes what a seed draws; all but exp and tables is pinned."""
    environment = {**os.environ, "PYTHONHASHSEED": "12345"}
    command = [sys.executable, "-c", _PRINT_FINGERPRINTS, *BUILT_IN]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    assert found == {name: get(name).sample(20, seed=3).fingerprint for name in BUILT_IN}
    for name, fingerprint in FINGERPRINTS.items():
        assert found[name] == fingerprint


@pytest.mark.parametrize("name", BUILT_IN)
def test_another_seed_changes_the_draw(name) -> None:
    """Three seeds, three samples."""
    tested = small(name)
    assert len({tested.sample(30, seed=seed).fingerprint for seed in range(3)}) == 3


REFUSED: list[tuple[str, dict[str, Value], str]] = [
    ("gf2_circuit", {"wires": 2}, "at least 3"),
    ("gf2_circuit", {"n": 5}, "at least 6, got 5. Try n=100"),
    ("gf2_circuit", {"depth": -1}, "between 0 and 1000"),
    ("random_circuit", {"inputs": 17}, "between 2 and 16"),
    ("random_circuit", {"inputs": 3, "fan_in": 4}, "between 2 and 3, got 4"),
    ("random_circuit", {"gates": 0}, "between 1 and 1000"),
    ("threshold", {"k": 0}, "at least 1"),
    ("threshold", {"n": 5}, "at least 7"),
    ("threshold", {"largest": 0}, "between 1 and 1000000"),
    ("staircase", {"steps": 4}, "must be odd"),
    ("staircase", {"n": 5, "leap": 2}, "at least 6"),
    ("staircase", {"coordinates": (1, 2)}, "must be 3 distinct integers"),
    ("staircase", {"coordinates": (1, 2, 2)}, "must be 3 distinct integers"),
    ("staircase", {"n": 4, "coordinates": (1, 2, 9)}, "needs n of at least 10, got 4"),
    ("noisy_parity", {"noise": 0.5}, "in [0, 0.5), got 0.5"),
    ("noisy_parity", {"noise": "much"}, "Try noise=0.1"),
    ("noisy_parity", {"task_seed": -1}, "at least 0"),
    ("cellular_automaton", {"rule_number": 256}, "between 0 and 255"),
    ("cellular_automaton", {"steps": 0}, "between 1 and 1000"),
    ("product_bit", {"n": 9}, "Try n=10"),
    ("product_bit", {"n": 8, "bit": 8}, "between 0 and 7"),
    ("dyck", {"n": 7}, "Try n=8"),
    ("dyck", {"kinds": 5}, "between 1 and 4"),
    ("dyck", {"depth": 0}, "at least 1"),
    ("automaton", {"letters": "0"}, "at least 2 distinct"),
    ("automaton", {"letters": "aab"}, "distinct characters"),
    ("automaton", {"moves": ((0, 1),)}, "out of 0 to 0, got (0, 1)"),
    ("automaton", {"moves": ((0,), (1,))}, "must hold 2 states"),
    ("automaton", {"accepting": (7,)}, "out of 0 to 2, got (7,)"),
    ("reachability", {"n": 23}, "at least 24"),
    ("reachability", {"n": 600}, "below 600"),
    ("reachability", {"n": 30}, "below the number of edges, 4"),
    ("permutation", {"n": 1}, "at least 2"),
    ("multi_index", {"n": 3}, "at least 4"),
    ("multi_index", {"link": "sum"}, "one of product, max, norm, got 'sum'"),
    ("multi_index", {"directions": (((0, 1), (0, 1)), ((2, 1), (3, 1)))}, "distinct coordinates"),
    ("multi_index", {"directions": 7}, "pairs (coordinate, sign)"),
    ("multi_index", {"directions": ((1, 2), (3, 4))}, "pairs (coordinate, sign)"),
    ("multi_index", {"directions": (((0, 1), (1, 1)), ((2, 1), (30, 1)))}, "to n - 1 = 19"),
    ("threshold", {"signed": "no"}, "True or False"),
    ("threshold", {"coordinates": 3}, "must be 7 distinct integers"),
    ("staircase", {"coordinates": (0, True, 5)}, "must be 3 distinct integers"),
    ("automaton", {"moves": 3}, "must hold 2 states"),
    ("automaton", {"letters": 3}, "at least 2 distinct"),
    ("automaton", {"accepting": ([1],)}, "out of 0 to 2"),
    ("list_function", {"operations": 3}, "must be steps=2 names"),
    ("list_function", {"operations": [["rest"], "sort"]}, "must be steps=2 names"),
    ("grammar", {"rules": 3}, "must be a text"),
    ("eml_tree", {"depth": 7}, "between 1 and 6"),
    ("eml_tree", {"variables": 3}, "at least 3, got 2"),
    ("list_function", {"steps": 0}, "between 1 and 20"),
    ("list_function", {"operations": ("fly", "rest")}, "out of reverse, sort"),
    ("text_function", {"n": 2}, "at least 3"),
    ("sequence", {"modulus": 1}, "between 2 and 1000000"),
    ("sequence", {"n": 2, "order": 3}, "at least 3"),
    ("iris", {"n": 0}, "between 1 and 4, got 0. Try n=4"),
]


@pytest.mark.parametrize(("name", "parameters", "hint"), REFUSED)
def test_impossible_families_are_refused_with_what_would_work(name, parameters, hint) -> None:
    """A family that does not exist at these parameters says which would."""
    with pytest.raises(TaskError, match=re.escape(hint)):
        get(name, **parameters)


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("cellular_automaton", {"n": 10, "rule_number": 0}),
        ("cellular_automaton", {"n": 40, "rule_number": 255}),
        ("automaton", {"accepting": ()}),
    ],
)
def test_a_class_without_inputs_is_refused(name, parameters) -> None:
    """A rule that says one thing of all inputs has no balanced samples; the error says so."""
    with pytest.raises(TaskError, match="gives no input of class"):
        get(name, **parameters).sample(10)
