"""Samples are balanced, distinct, complete where there are few, and the same everywhere."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llmerm.errors import ArgumentError, TaskError
from llmerm.tasks import get, names
from llmerm.typing import Value

FINGERPRINTS = {
    "ca_parity": "8f9f7ee1c187a0de138806ae3ab40452846096b897be7e74167c327e2d01cd8b",
    "cubic": "cd599566a20173a133febbdafa731c8706d5f5441481e32a036374db1e5d34f8",
    "cycle_count": "9a953606019b1f491c577cd7759fab841f07926bd14e95377c53da13adf25a89",
    "cycle_count_leakfree": "04fbb3dc98b4485b6982560e5e0c505340f590e89b40850a57d54b5f1ec9057c",
    "dyck2": "dace1ab62b45731ba196e4d153bc21638fdaedf701e92295169bf73582dce055",
    "equal_primality": "e775e405b7f979bb835089d4ed28e699721b193254a530e0d128a1c58391dcd5",
    "gcd_range": "7f65602e4490278c483bb6c5b3d876f4ac9900444c080c3a9d99156d987d821f",
    "half_parity": "974fb04ca511a7ec81d5da414ecbb3fbf6225ced65089ccba30370fc609c2d61",
    "is_prime": "2234301453d22e8790864e9e93d042fb93afdd6563e69a7ac6e42c94d4c7a11e",
    "is_prime_tail": "f9dff1e98d8612d5cbf27bbe99ae826257a582c91c183519d8b9997c0fdabc67",
    "k_parity": "e0de8306912feee8d08769fa116bc0f0e6130cb4d8fc385beb7bd6fcbaf6ca87",
    "palindrome": "756ce796a2edb8bb087c8fa87af6f1cebe68f17be1045a7085d8e1ff6bcb7dfa",
    "parity": "b6c613dda612b6dcc4a068ce5121e12f29d150967bdecc106343ed6931a74ae8",
    "pattern": "d62a3e06c549b65e13ec4973bb79345d20af510df5330b6927a637f95668d68e",
    "prime_plus": "d8df9cad44f6e81a2d3f7a4b9b1fd646cd360c279a9bfc4a91e387a4ed506e97",
    "sha256_parity": "7fc8cc3de1f06c60490793825ebbc0f3dd2fbf8ca551bffd9dbec5accd4d99c5",
}
BUILT_IN = tuple(FINGERPRINTS)

_PRINT_FINGERPRINTS = """
import json, sys
from llmerm.tasks import get
print(json.dumps({name: get(name, n=60).sample(20, seed=3).fingerprint for name in sys.argv[1:]}))
"""


def test_the_list_of_families_is_this_one() -> None:
    """The tests below run over all built-in families."""
    assert set(BUILT_IN) <= set(names())


@pytest.mark.parametrize("m", [1, 2, 200, 201])
@pytest.mark.parametrize("name", BUILT_IN)
def test_classes_are_balanced_and_inputs_distinct(name: str, m: int) -> None:
    """There are `m` samples, no input twice, and the classes differ by one where m is odd."""
    samples = get(name, n=60).sample(m, seed=4)
    counts = Counter(samples.outputs)
    assert len(samples) == m == len(set(samples.inputs))
    assert set(counts) <= {0, 1}
    assert abs(counts[0] - counts[1]) == m % 2
    assert samples.name == name


@pytest.mark.parametrize("name", BUILT_IN)
def test_inputs_have_the_length_that_n_says(name: str) -> None:
    """An input has n characters; a graph as many whole edges of six as fit."""
    expected = 96 if name.startswith("cycle_count") else 100
    assert {len(str(x)) for x in get(name).sample(50).inputs} == {expected}


@pytest.mark.parametrize("name", BUILT_IN)
def test_classes_are_mixed(name: str) -> None:
    """The order says nothing of the class: both halves of the samples hold both classes."""
    labels = get(name, n=60).sample(100).outputs
    first = sum(y == 1 for y in labels[:50])
    assert 10 < first < 40  # 25 expected; 10 is six standard deviations away


def test_samples_are_the_same_in_another_process_with_another_hash_seed() -> None:
    """Fingerprints are pinned: no process, hash seed or machine changes what a seed draws."""
    environment = {**os.environ, "PYTHONHASHSEED": "12345"}
    command = [sys.executable, "-c", _PRINT_FINGERPRINTS, *BUILT_IN]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == FINGERPRINTS
    for name in BUILT_IN:
        assert get(name, n=60).sample(20, seed=3).fingerprint == FINGERPRINTS[name]


@pytest.mark.parametrize("name", BUILT_IN)
def test_seed_size_and_length_each_change_the_draw(name: str) -> None:
    """Another seed gives other inputs; so does another `m`, beyond a longer list of the same."""
    task = get(name, n=60)
    draws = [task.sample(30, seed=0), task.sample(30, seed=1), task.sample(31, seed=0)]
    assert len({samples.fingerprint for samples in draws}) == 3


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 64), st.integers(0, 2**64))
def test_any_size_up_to_all_inputs_works(m: int, seed: int) -> None:
    """Parity at n = 6 gives any m up to all 64 strings, balanced and distinct."""
    samples = get("parity", n=6).sample(m, seed=seed)
    assert len(set(samples.inputs)) == m
    assert abs(2 * sum(y == 1 for y in samples.outputs) - m) == m % 2


COUNTS: list[tuple[str, dict[str, Value], int]] = [
    ("parity", {"n": 6}, 32),
    ("half_parity", {"n": 7}, 64),
    ("k_parity", {"n": 5, "k": 2}, 16),
    ("palindrome", {"n": 5}, 8),
    ("palindrome", {"n": 6, "negatives": "uniform"}, 8),
    ("dyck2", {"n": 8}, 8),
    ("dyck2", {"n": 12}, 40),
    ("is_prime", {"n": 2}, 21),
    ("is_prime", {"n": 3}, 143),
]


@pytest.mark.parametrize(("name", "parameters", "fewer"), COUNTS)
def test_all_inputs_of_the_smaller_class_can_be_had_and_no_more(
    name: str, parameters: dict[str, Value], fewer: int
) -> None:
    """Twice the smaller class is the largest balanced sample; one pair more is refused."""
    task = get(name, **parameters)
    assert len(set(task.sample(2 * fewer).inputs)) == 2 * fewer
    with pytest.raises(TaskError, match=f"at most m={2 * fewer}"):
        task.sample(2 * fewer + 2)


@pytest.mark.parametrize("pattern", ["1", "00", "101", "1111", "0010110"])
@pytest.mark.parametrize("n", [7, 10])
def test_pattern_classes_are_counted_exactly(pattern: str, n: int) -> None:
    """The matching automaton counts as many strings with and without as a full listing."""
    strings = list(map("".join, product("01", repeat=n)))
    hits = sum(pattern in x for x in strings)
    smaller = min(hits, len(strings) - hits)
    task = get("pattern", n=n, pattern=pattern)
    assert len(task.sample(2 * smaller)) == 2 * smaller
    with pytest.raises(TaskError, match=rf"has {smaller} distinct inputs of class"):
        task.sample(2 * smaller + 2)


@pytest.mark.parametrize("m", [0, -1, 2.0, True, "3", None])
def test_sizes_that_are_none_are_refused(m: object) -> None:
    """`m` must be a whole number of at least 1; the message says so."""
    with pytest.raises(TaskError, match="`m` must be an integer of at least 1"):
        get("parity").sample(m)  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", [-1, 1.5, None, True])
def test_seeds_that_are_none_are_refused(seed: object) -> None:
    """`seed` must be a whole number of at least 0."""
    with pytest.raises(ArgumentError, match="`seed` must be an integer of at least 0"):
        get("parity").sample(4, seed=seed)  # type: ignore[arg-type]
