"""What single families promise about how they draw, where they exist, and other lengths."""

from __future__ import annotations

import re
from collections import Counter
from itertools import product

import gmpy2
import numpy as np
import pytest
from scipy import stats

from llmerm.errors import TaskError
from llmerm.samples import Samples
from llmerm.tasks import get, primes
from llmerm.tasks.base import summary
from llmerm.typing import Value

REFUSED: list[tuple[str, dict[str, Value], str]] = [
    ("parity", {"n": 0}, "at least 1"),
    ("parity", {"n": 2.5}, "at least 1"),
    ("parity", {"n": True}, "at least 1"),
    ("half_parity", {"n": 1}, "at least 2"),
    ("k_parity", {"n": 2, "k": 3}, "between 1 and 2, got 3. Try k=1"),
    ("k_parity", {"k": 0}, "between 1 and 100, got 0. Try k=3"),
    ("k_parity", {"k": "3"}, "got '3'"),
    ("k_parity", {"task_seed": -1}, "at least 0"),
    ("k_parity", {"k": 2, "coordinates": (3, 3)}, "distinct"),
    ("k_parity", {"k": 2, "coordinates": (1.5, 3)}, "distinct integers"),
    ("prime_plus", {"offset": "47"}, "Try offset=47"),
    ("k_parity", {"k": 2, "coordinates": (-1, 3)}, "at least 0"),
    ("pattern", {"n": 7}, "at least 8"),
    ("pattern", {"pattern": ""}, "Try '10101010'"),
    ("pattern", {"pattern": "012"}, "bits 0 and 1"),
    ("palindrome", {"n": 1}, "at least 2"),
    ("palindrome", {"negatives": "many"}, "'one_flip' or 'uniform'"),
    ("dyck2", {"n": 25}, "Try n=24 or n=28"),
    ("dyck2", {"n": 50}, "multiple of 4"),
    ("dyck2", {"n": 3}, "at least 4"),
    ("is_prime", {"n": 1}, "at least 2"),
    ("is_prime", {"n": 4301}, "at most 4300"),
    ("prime_plus", {"n": 2, "offset": 80}, "n of at least 3"),
    ("equal_primality", {"n": 9}, "Try n=10"),
    ("gcd_range", {"n": 9}, "Try n=10"),
    ("gcd_range", {"n": 4}, "larger n"),
    ("gcd_range", {"low": 30, "high": 20}, "integer of at least 30, got 20. Try high=51"),
    ("ca_parity", {"rule_number": 256}, "between 0 and 255"),
    ("cubic", {"n": 2}, "at least 3"),
    ("cubic", {"terms": 8}, "between 1 and 7"),
    ("cubic", {"terms": 1, "monomials": ((0, 100),)}, "integers from 0 to n - 1"),
    ("cubic", {"terms": 2, "monomials": ((0, 1),)}, "terms=2 distinct"),
    ("cycle_count", {"n": 35}, "at least 36"),
    ("cycle_count", {"n": 600}, "below 600"),
    ("cycle_count_leakfree", {"n": 35}, "at least 36"),
    ("cycle_count_leakfree", {"n": 594}, "below 594"),
]


@pytest.mark.parametrize(("name", "parameters", "hint"), REFUSED)
def test_impossible_families_are_refused_with_what_would_work(
    name: str, parameters: dict[str, Value], hint: str
) -> None:
    """A family that does not exist at these parameters says which would."""
    with pytest.raises(TaskError, match=re.escape(hint)):
        get(name, **parameters)


EDGES: list[tuple[str, int]] = [
    ("half_parity", 2),
    ("palindrome", 2),
    ("dyck2", 4),
    ("is_prime", 2),
    ("is_prime_tail", 2),
    ("prime_plus", 2),
    ("equal_primality", 4),
    ("gcd_range", 6),
    ("cubic", 3),
    ("cycle_count", 36),
    ("cycle_count", 41),
    ("cycle_count", 42),
    ("cycle_count", 48),
    ("cycle_count", 599),
    ("cycle_count_leakfree", 36),
    ("cycle_count_leakfree", 42),
    ("cycle_count_leakfree", 72),
    ("cycle_count_leakfree", 593),
]


@pytest.mark.parametrize(("name", "n"), EDGES)
def test_the_least_and_greatest_lengths_work(name: str, n: int) -> None:
    """At the ends of its range a family still gives both classes, labelled right."""
    task = get(name, n=n)
    samples = task.sample(4)
    assert sorted(map(int, samples.outputs)) == [0, 0, 1, 1]
    assert [task.label(x) for x in samples.inputs] == list(samples.outputs)


@pytest.mark.parametrize("name", ["parity", "half_parity", "pattern", "palindrome", "ca_parity"])
def test_a_shifted_task_keeps_the_program(name: str) -> None:
    """Rules without coordinates are one program at every length."""
    task = get(name, n=20)
    longer = task.shifted(n=50)
    assert (task.n, longer.n) == (20, 50)
    assert longer.program.source == task.program.source
    assert {len(str(x)) for x in longer.sample(10).inputs} == {50}


@pytest.mark.parametrize("name", ["k_parity", "cubic"])
def test_a_shifted_task_keeps_its_coordinates(name: str) -> None:
    """Rules over coordinates keep them at another length, and refuse where one is missing."""
    task = get(name, n=30, task_seed=4)
    program = task.program.source
    assert task.shifted(n=80).program.source == program
    assert get(name, n=80, task_seed=4).program.source != program
    with pytest.raises(TaskError, match="needs"):
        task.shifted(n=4)


def test_shifting_needs_a_length_that_exists() -> None:
    """A shift to an impossible length is refused like the family itself."""
    with pytest.raises(TaskError, match="multiple of 4"):
        get("dyck2", n=20).shifted(n=30)


def test_the_task_seed_picks_the_coordinates() -> None:
    """Each task seed stands for one set of distinct coordinates, whatever the sample's seed."""
    chosen = {
        str(get("k_parity", k=10, task_seed=seed).parameters["coordinates"]) for seed in range(20)
    }
    assert len(chosen) == 20
    assert get("k_parity", k=10) == get("k_parity", k=10, task_seed=0)


def test_parameters_say_all_that_defines_a_task() -> None:
    """A task made again from its parameters is the same task, drawing the same samples."""
    task = get("k_parity", n=40, k=4, task_seed=9)
    again = get("k_parity", **task.parameters)
    assert again == task
    assert again.sample(30).fingerprint == task.sample(30).fingerprint


def test_a_task_prints_its_parameters_and_what_it_asks() -> None:
    """In a line each; a long parameter is cut."""
    task = get("parity", n=5)
    assert repr(task).splitlines() == ["Parity(n=5)", summary(task)]
    wide = get("multi_index", n=100, indices=30, k=3)
    assert "characters)" in repr(wide)
    assert len(repr(wide).splitlines()) == 2


@pytest.mark.parametrize("negatives", ["one_flip", "uniform"])
@pytest.mark.parametrize("n", [3, 5, 25, 26])
def test_no_negative_is_a_palindrome(n: int, negatives: str) -> None:
    """At odd lengths too: the centre is never what is flipped."""
    task = get("palindrome", n=n, negatives=negatives)
    samples = task.sample(4 if n < 10 else 2000)
    mirrored = [x == x[::-1] for x in map(str, samples.inputs)]
    assert mirrored == [y == 1 for y in samples.outputs]


def test_one_flip_spoils_exactly_one_pair() -> None:
    """The hard negatives disagree in one pair; each pair, in either half, equally often."""
    negatives = [str(x) for x, y in get("palindrome", n=21).sample(4000) if y == 0]
    places: Counter[int] = Counter()
    for x in negatives:
        wrong = [i for i in range(10) if x[i] != x[20 - i]]
        assert len(wrong) == 1
        places[wrong[0]] += 1
    assert stats.chisquare([places[i] for i in range(10)]).pvalue > 1e-4


def test_strings_without_the_pattern_are_uniform() -> None:
    """Each string without the pattern is drawn equally often (chi-square over 10,000 draws)."""
    task = get("pattern", n=6, pattern="101")
    expected = [x for x in map("".join, product("01", repeat=6)) if "101" not in x]
    counts = Counter(task.draw(0, 10_000, np.random.default_rng(1)))  # type: ignore[attr-defined]
    assert set(counts) == set(expected)
    assert stats.chisquare([counts[x] for x in expected]).pvalue > 1e-4


def test_patterns_are_planted_everywhere() -> None:
    """The first hit of the pattern lies at the start, at the end and between."""
    hits = [str(x).find("10101010") for x, y in get("pattern", n=12).sample(40) if y == 1]
    assert set(hits) == {0, 1, 2, 3, 4}


def test_dyck_negatives_are_a_few_flips_away() -> None:
    """Some negatives have equal numbers of opening and closing brackets: counting is not enough."""
    negatives = [str(x) for x, y in get("dyck2").sample(2000) if y == 0]
    even = sum(2 * x[1::2].count("1") == len(x) // 2 for x in negatives)
    assert 0.2 < even / len(negatives) < 0.8


@pytest.mark.parametrize("digits", [1, 2, 6, 7, 8, 9, 12, 20, 40, 77, 78, 100])
def test_primes_are_the_first_ones_from_the_starts_on(digits: int) -> None:
    """The sieve skips no prime: each answer is GMP's next prime from the same start on."""
    starts = primes.numbers(primes.random_digits(60, digits, np.random.default_rng(digits)))
    expected = [gmpy2.next_prime(start - 1) for start in starts]
    found = primes.random_primes(digits, 60, np.random.default_rng(digits))
    assert found == [p for p in expected if p < 10**digits]


@pytest.mark.parametrize("name", ["is_prime_tail", "prime_plus"])
def test_the_last_digit_gives_nothing_away(name: str) -> None:
    """Both classes end in the same digits: 1, 3, 7, 9, plus the offset."""
    samples = get(name, n=30).sample(400)
    ends = {y: {str(x)[-1] for x, label in samples if label == y} for y in (0, 1)}
    assert ends[0] == ends[1]
    assert len(ends[0]) == 4


def test_composites_of_is_prime_are_products_as_published() -> None:
    """Most composites are even or end in 5, as the published draws are."""
    negatives = [str(x) for x, y in get("is_prime", n=30).sample(2000) if y == 0]
    share = sum(x[-1] in "024568" for x in negatives) / len(negatives)
    assert share == pytest.approx(0.84, abs=0.05)  # 1 - 0.4**2


def test_equal_primality_has_all_four_cases() -> None:
    """Both, neither, first only, second only: a quarter each, so one half alone tells nothing."""
    cases: Counter[tuple[bool, bool]] = Counter()
    for x in map(str, get("equal_primality", n=20).sample(2000).inputs):
        cases[gmpy2.is_prime(int(x[:10])), gmpy2.is_prime(int(x[10:]))] += 1
    assert len(cases) == 4
    assert all(400 < count < 600 for count in cases.values())


def test_gcd_classes_cover_the_range_and_both_sides() -> None:
    """Positives have every divisor from 20 to 51; negatives smaller and greater ones."""
    samples = get("gcd_range").sample(4000)
    divisors = {
        y: {
            int(gmpy2.gcd(int(str(x)[:50]), int(str(x)[50:]))) for x, label in samples if label == y
        }
        for y in (0, 1)
    }
    assert divisors[1] == set(range(20, 52))
    assert min(divisors[0]) < 20 < 51 < max(divisors[0])


def edges(x: str) -> list[tuple[int, int]]:
    return [(int(x[i + 1 : i + 3]), int(x[i + 4 : i + 6])) for i in range(0, len(x), 6)]


def degrees(x: str) -> Counter[int]:
    return Counter(v for edge in edges(x) for v in edge)


def best_threshold(samples: Samples, feature: dict[str, float]) -> float:
    """The accuracy of the best cut through one number per input."""
    values = np.array([feature[str(x)] for x in samples.inputs])
    labels = np.array(samples.outputs) == 1
    scores = [np.mean((values > cut) == labels) for cut in np.unique(values)]
    return float(max(max(score, 1 - score) for score in scores))


def test_the_published_cycle_count_leaks_by_its_vertices() -> None:
    """At n = 100 a positive has 15 vertices and a negative 16: counting numbers solves the task."""
    samples = get("cycle_count").sample(1000)
    vertices = {str(x): float(len(degrees(str(x)))) for x in samples.inputs}
    assert {(y, vertices[str(x)]) for x, y in samples} == {(1, 15.0), (0, 16.0)}
    assert best_threshold(samples, vertices) == 1.0


@pytest.mark.parametrize("n", [36, 60, 100, 200])
def test_the_leak_free_cycle_count_has_no_such_leak(n: int) -> None:
    """No cut through the vertices, the leaves or the degrees is better than chance."""
    samples = get("cycle_count_leakfree", n=n).sample(2000)
    counts = {str(x): degrees(str(x)) for x in samples.inputs}
    features = [
        {x: float(len(degree)) for x, degree in counts.items()},
        {x: float(list(degree.values()).count(1)) for x, degree in counts.items()},
        {x: float(max(degree.values())) for x, degree in counts.items()},
        {x: float(sum(d * d for d in degree.values())) for x, degree in counts.items()},
    ]
    # The best of the cuts exceeds chance by luck: 0.06 is five standard deviations of one cut.
    assert all(best_threshold(samples, feature) < 0.56 for feature in features)


@pytest.mark.parametrize("name", ["cycle_count", "cycle_count_leakfree"])
def test_graphs_are_simple(name: str) -> None:
    """No loop, no edge twice, no vertex 00, in random order and direction."""
    for x in map(str, get(name).sample(300).inputs):
        found = edges(x)
        assert all(u != v and u and v for u, v in found)
        assert len({frozenset(edge) for edge in found}) == len(found) == 16


def test_leak_free_graphs_miss_the_threshold_by_one_cycle() -> None:
    """Negatives have exactly max(1, E // 6) independent cycles, positives one more."""
    for x, y in get("cycle_count_leakfree", n=150).sample(200):
        assert cycle_rank(str(x)) == 4 + int(y == 1)


def cycle_rank(x: str) -> int:
    """E minus the edges of a spanning forest, grown one edge at a time."""
    group = {v: v for v in degrees(x)}
    forest = 0
    for u, v in edges(x):
        if group[u] != group[v]:
            forest += 1
            old, new = group[u], group[v]
            group = {w: new if g == old else g for w, g in group.items()}
    return len(edges(x)) - forest
