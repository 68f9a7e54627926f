"""Random primes and composites by the thousand, as strings of decimal digits.

Searching the first prime from a random start on costs ln(start) candidates. A sieve over all starts
at once leaves one in nine of the odd ones; the rest take a Fermat test each, on all cores.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from itertools import chain

import gmpy2  # type: ignore[import-untyped]  # it ships no stubs
import numpy as np
from gmpy2 import mpz
from numpy.typing import NDArray

from llmerm.errors import TaskError

Digits = NDArray[np.uint8]
"""A (rows, digits) array of decimal digits."""

MOST_DIGITS = 4300  # CPython's int() reads no longer text
_SMALL = 6  # up to this many digits all primes are listed
_SIEVED = 1 << 15  # sieving further costs more than the tests it saves (100 digits)
_GAPS = 4  # the window in mean prime gaps; e**-4 of the starts need the slow way
_ROWS = 256  # rows sieved at a time, so that they stay in the cache
_CHUNK = 8  # digits taken together: chunk * weight * chunks stays exact in a float64
_PROVEN = mpz(2) ** 128  # below it candidates take the full test, which costs little there


def check_digits(name: str, digits: int) -> None:
    """Refuse numbers that a Python program could not read.

    Raises:
        TaskError: if `digits` is above 4300.
    """
    if digits > MOST_DIGITS:
        raise TaskError(
            f"{name} would need numbers of {digits} digits, and Python's int() reads at most "
            f"{MOST_DIGITS}. Ask for a smaller n."
        )


def random_primes(digits: int, m: int, rng: np.random.Generator) -> list[int]:
    """Up to `m` primes: the first one from each of `m` uniform starts of that many digits on.

    A start with no prime from it on within `digits` digits gives none. Up to 6 digits the primes
    are sure, up to 38 they pass the Baillie-PSW test (no counterexample is known), beyond that
    strong tests to the bases 2 and 3, which err on hardly any random number of this size.
    """
    starts = random_digits(m, digits, rng)
    found = _listed(starts) if digits <= _SMALL else _searched(starts)
    return [int(p) for p in found if p < 10**digits]


def random_composites(
    digits: int, m: int, rng: np.random.Generator, *, tail: bool = False
) -> list[int]:
    """Up to `m` products of two uniform numbers of half as many digits, of exact length.

    Args:
        digits: the length of the product; others are left out.
        m: how many products to draw.
        rng: where randomness comes from.
        tail: whether the last digit must be 1, 3, 7 or 9.
    """
    left = random_digits(m, digits // 2, rng, tail=tail)
    right = random_digits(m, digits - digits // 2, rng, tail=tail)
    products = (a * b for a, b in zip(numbers(left), numbers(right), strict=True))
    low = 10 ** (digits - 1)
    return [int(z) for z in products if z >= low]


def random_digits(m: int, length: int, rng: np.random.Generator, *, tail: bool = False) -> Digits:
    """Uniform digits, the first not 0; with `tail` the last one of 1, 3, 7, 9."""
    digits = rng.integers(0, 10, (m, length), dtype=np.uint8)
    digits[:, 0] = rng.integers(1, 10, m, dtype=np.uint8)
    if tail:
        digits[:, -1] = np.array([1, 3, 7, 9], np.uint8)[rng.integers(0, 4, m)]
    return digits


def is_prime(z: int) -> bool:
    """Whether `z` is prime, by the Baillie-PSW test and one strong test more."""
    return bool(gmpy2.is_prime(mpz(z)))


def numbers(digits: Digits) -> list[mpz]:
    """The number that each row of decimal digits spells."""
    width = digits.shape[1]
    text = (digits + np.uint8(ord("0"))).tobytes().decode("ascii")
    return [mpz(text[i : i + width]) for i in range(0, len(text), width)]


@cache
def _primes_below(limit: int) -> NDArray[np.int64]:
    sieve = np.ones(limit, np.bool_)
    sieve[:2] = False
    for p in range(2, int(limit**0.5) + 1):
        if sieve[p]:
            sieve[p * p :: p] = False
    return np.flatnonzero(sieve)


def _listed(starts: Digits) -> list[int]:
    """The first primes from small starts on, out of the list of all; 10**6 + 3 ends the list."""
    primes = np.append(_primes_below(10**_SMALL), 10**_SMALL + 3)
    values = starts @ 10 ** np.arange(starts.shape[1] - 1, -1, -1)
    found: list[int] = primes[np.searchsorted(primes, values, side="left")].tolist()
    return found


def _searched(starts: Digits) -> list[mpz]:
    """The first primes from starts of at least 7 digits on."""
    starts = starts | (np.arange(starts.shape[1]) == starts.shape[1] - 1)  # make them odd
    window = int(_GAPS * starts.shape[1] * np.log(10) / 2)
    # All sieving comes before all testing: the threads of a BLAS go on spinning for a while.
    alive = [_survivors(starts[i : i + _ROWS], window) for i in range(0, len(starts), _ROWS)]
    rows = list(zip(numbers(starts), chain.from_iterable(alive), strict=True))
    threads = os.cpu_count() or 1
    size = -(-len(rows) // threads) or 1
    with ThreadPoolExecutor(threads) as pool:
        parts = [rows[i : i + size] for i in range(0, len(rows), size)]
        return list(chain.from_iterable(pool.map(partial(_first_primes, window=window), parts)))


def _first_primes(rows: list[tuple[mpz, NDArray[np.bool_]]], *, window: int) -> list[mpz]:
    """The first prime of each row; the powers are taken without Python's lock."""
    with gmpy2.context(gmpy2.get_context(), allow_release_gil=True):
        return [_first_prime(start, alive, window) for start, alive in rows]


def _first_prime(start: mpz, alive: NDArray[np.bool_], window: int) -> mpz:
    for step in np.flatnonzero(alive).tolist():
        candidate = start + 2 * step
        if gmpy2.powmod(2, candidate - 1, candidate) == 1 and _confirmed(candidate):
            return candidate
    return gmpy2.next_prime(start + 2 * window - 1)


def _confirmed(candidate: mpz) -> bool:
    if candidate < _PROVEN:
        return bool(gmpy2.is_prime(candidate))
    return all(gmpy2.is_strong_prp(candidate, base) for base in (2, 3))


def _survivors(starts: Digits, window: int) -> NDArray[np.bool_]:
    """Which of start, start + 2, ... (`window` of them) have no small prime factor, by row."""
    primes = _primes_below(_SIEVED)[1:]
    hits = _first_multiples(starts, primes)
    short = int(np.searchsorted(primes, window))
    alive = np.ones((len(starts), 2 * window), np.bool_)  # the right half takes what runs over
    row, column = np.nonzero(hits[:, short:] < window)
    alive[row, hits[row, column + short].astype(np.intp)] = False
    rows = np.arange(len(starts))
    for i, p in enumerate(primes[:short].tolist()):
        first = hits[:, i].astype(np.intp)
        for offset in range(0, window, p):
            alive[rows, first + offset] = False
    return alive[:, :window]


def _first_multiples(starts: Digits, primes: NDArray[np.int64]) -> NDArray[np.float64]:
    """The least j with start + 2 j divisible by p, by row and prime: -start / 2 modulo p.

    It is linear in the digits, so one matrix product gives all of them, exactly: every partial
    sum is an integer below 2**53.
    """
    padded = np.pad(starts, ((0, 0), (-starts.shape[1] % _CHUNK, 0)))
    chunks = padded.reshape(len(starts), -1, _CHUNK) @ 10.0 ** np.arange(_CHUNK - 1, -1, -1)
    total = chunks @ _weights(chunks.shape[1])
    # The half keeps the quotient away from whole numbers, where rounding could be one off.
    quotient = total + 0.5
    quotient /= primes
    np.floor(quotient, out=quotient)
    quotient *= primes
    total -= quotient
    return total


@cache
def _weights(chunks: int) -> NDArray[np.float64]:
    """What each chunk of digits adds to -start / 2, modulo each prime of the sieve."""
    primes = _primes_below(_SIEVED)[1:]
    rows = [(primes - 1) // 2]  # -1/2 modulo an odd prime
    for _ in range(chunks - 1):
        rows.insert(0, rows[0] * (10**_CHUNK % primes) % primes)
    return np.array(rows, np.float64)
