"""Labels are right: each rule against a naive one, written another way than the library's."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from itertools import product

import gmpy2
import pytest

import llmerm
from llmerm.tasks import StringTask, Task, get, names

BIT_FAMILIES = ["parity", "half_parity", "k_parity", "ca_parity", "sha256_parity", "cubic"]
BIT_FAMILIES += ["pattern", "palindrome"]


def all_strings(n: int) -> Iterator[str]:
    return map("".join, product("01", repeat=n))


def parity(x: str, task: Task) -> int:
    return sum(map(int, x)) % 2


def half_parity(x: str, task: Task) -> int:
    return sum(int(x[i]) for i in range(len(x)) if 2 * (i + 1) <= len(x)) % 2


def k_parity(x: str, task: Task) -> int:
    label = False
    for i in task.parameters["coordinates"]:
        label ^= x[i] == "1"
    return int(label)


def ca_parity(x: str, task: Task) -> int:
    living = {"100", "011", "010", "001"}  # rule 30, as Wolfram writes it
    padded = f"0{x}0"
    return len([i for i in range(len(x)) if padded[i : i + 3] in living]) & 1


def sha256_parity(x: str, task: Task) -> int:
    return bin(int(hashlib.sha256(x.encode()).hexdigest(), 16)).count("1") % 2


def cubic(x: str, task: Task) -> int:
    total = 0
    for monomial in task.parameters["monomials"]:
        product = 1
        for i in monomial:
            product *= int(x[i])
        total += product
    return total % 2


def pattern(x: str, task: Task) -> int:
    wanted = task.parameters["pattern"]
    return int(any(x[i : i + len(wanted)] == wanted for i in range(len(x))))


def palindrome(x: str, task: Task) -> int:
    return int(all(x[i] == x[len(x) - 1 - i] for i in range(len(x))))


def dyck2(x: str, task: Task) -> int:
    names = {"00": "(", "01": ")", "10": "[", "11": "]"}
    word = "".join(names[x[i : i + 2]] for i in range(0, len(x), 2))
    while "()" in word or "[]" in word:
        word = word.replace("()", "").replace("[]", "")
    return int(not word)


def prime(z: int) -> bool:
    return z > 1 and all(z % d for d in range(2, int(z**0.5) + 1))


def is_prime(x: str, task: Task) -> int:
    return int(prime(int(x)))


def prime_plus(x: str, task: Task) -> int:
    return int(prime(int(x) - task.parameters["offset"]))


def equal_primality(x: str, task: Task) -> int:
    half = len(x) // 2
    return int(prime(int(x[:half])) == prime(int(x[half:])))


def gcd_range(x: str, task: Task) -> int:
    a, b = int(x[: len(x) // 2]), int(x[len(x) // 2 :])
    while b:
        a, b = b, a % b
    return int(20 <= a <= 51)


def cycle_count(x: str, task: Task) -> int:
    """The dimension of the cycle space over GF(2): E minus the rank of the incidence matrix."""
    rows = [
        (1 << int(x[i + 1 : i + 3])) ^ (1 << int(x[i + 4 : i + 6])) for i in range(0, len(x), 6)
    ]
    basis: list[int] = []
    for row in rows:
        for vector in basis:
            row = min(row, row ^ vector)
        if row:
            basis.append(row)
    return int(len(rows) - len(basis) > max(1, len(rows) // 6))


ORACLES: Mapping[str, Callable[[str, Task], int]] = {
    "parity": parity,
    "half_parity": half_parity,
    "k_parity": k_parity,
    "ca_parity": ca_parity,
    "sha256_parity": sha256_parity,
    "cubic": cubic,
    "pattern": pattern,
    "palindrome": palindrome,
    "dyck2": dyck2,
    "is_prime": is_prime,
    "is_prime_tail": is_prime,
    "prime_plus": prime_plus,
    "equal_primality": equal_primality,
    "gcd_range": gcd_range,
    "cycle_count": cycle_count,
    "cycle_count_leakfree": cycle_count,
}


def small(name: str) -> Task:
    """Each family at a length where the oracle's trial divisions are quick."""
    lengths = {"equal_primality": 8, "gcd_range": 16, "cycle_count": 60, "is_prime": 6}
    lengths |= {"is_prime_tail": 7, "prime_plus": 5, "cycle_count_leakfree": 60}
    return get(name, n=lengths.get(name, 20))


def test_every_family_has_an_oracle() -> None:
    """No built-in family escapes the tests below."""
    assert set(ORACLES) <= set(names())
    assert len(ORACLES) == 16


@pytest.mark.parametrize("name", ORACLES)
def test_samples_labels_and_programs_agree_with_the_oracle(name: str) -> None:
    """On drawn inputs the sample's label, `label`, `program` and the oracle are one."""
    task = small(name)
    run = task.program.compile(trusted=True)
    for x, y in task.sample(60, seed=1):
        assert isinstance(x, str)
        assert y == ORACLES[name](x, task) == task.label(x) == run(x)


@pytest.mark.parametrize("name", ORACLES)
def test_labels_and_programs_agree_at_a_hundred(name: str) -> None:
    """At n = 100, where numbers have a hundred digits, the program says what the sample says."""
    task = get(name)
    run = task.program.compile(trusted=True)
    samples = task.sample(60, seed=2)
    assert [run(x) for x in samples.inputs] == list(samples.outputs)
    assert [task.label(x) for x in samples.inputs] == list(samples.outputs)


@pytest.mark.parametrize("n", [3, 8, 11])
@pytest.mark.parametrize("name", BIT_FAMILIES)
def test_bit_rules_hold_on_every_string(name: str, n: int) -> None:
    """Over all 2**n strings `label` and `program` are the oracle, whether drawn or not."""
    task = get(name, n=n, **({"pattern": "101"} if name == "pattern" else {}))
    run = task.program.compile(trusted=True)
    for x in all_strings(n):
        assert task.label(x) == run(x) == ORACLES[name](x, task)


@pytest.mark.parametrize("n", [4, 8, 12])
def test_dyck2_holds_on_every_string(n: int) -> None:
    """Over all strings, unbalanced ones of every kind included, Dyck-2 is what cancelling says."""
    task = get("dyck2", n=n)
    run = task.program.compile(trusted=True)
    for x in all_strings(n):
        assert task.label(x) == run(x) == dyck2(x, task)


@pytest.mark.parametrize("name", ["is_prime", "is_prime_tail", "prime_plus"])
def test_prime_rules_hold_on_every_number(name: str) -> None:
    """Over all four-digit texts, leading zeros included, primality is what trial division says."""
    task = get(name, n=4)
    run = task.program.compile(trusted=True)
    for z in range(10_000):
        x = f"{z:04d}"
        assert task.label(x) == run(x) == ORACLES[name](x, task)


@pytest.mark.parametrize("name", ["is_prime", "is_prime_tail", "prime_plus"])
def test_large_primes_are_primes_and_composites_are_not(name: str) -> None:
    """GMP's own test, 40 rounds of it, confirms every label at 100 digits."""
    offset = {"prime_plus": 47}.get(name, 0)
    for x, y in get(name).sample(200, seed=5):
        assert gmpy2.is_prime(int(str(x)) - offset, 40) == y


@pytest.mark.parametrize("rule_number", [0, 30, 90, 110, 255])
def test_the_automaton_follows_its_wolfram_number(rule_number: int) -> None:
    """Bit w of the rule's number is the next state of the window whose value is w."""
    task = get("ca_parity", n=9, rule_number=rule_number)
    run = task.program.compile(trusted=True)
    for x in all_strings(9):
        cells = [0, *map(int, x), 0]
        windows = [4 * a + 2 * b + c for a, b, c in zip(cells, cells[1:], cells[2:], strict=False)]
        expected = sum(rule_number // 2**w % 2 for w in windows) % 2
        assert task.label(x) == run(x) == expected


@pytest.mark.parametrize("name", ORACLES)
@pytest.mark.parametrize("x", ["", "2" * 20, "01", 7, None, ["0"] * 20])
def test_what_is_no_input_is_refused(name: str, x: llmerm.typing.Value) -> None:
    """`label` refuses other lengths, other alphabets and other types, naming what it expects."""
    task = get(name, n=36)
    assert isinstance(task, StringTask)
    with pytest.raises(llmerm.errors.TaskError, match=r"is a string of 36 characters"):
        task.label(x)
