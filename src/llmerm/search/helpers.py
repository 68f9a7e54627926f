"""Functions that a program may bring along; their source is printed in front of `f`.

Each stands alone: builtins and the standard library only, imports included.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import gmpy2  # type: ignore[import-untyped]  # it ships no stubs


def is_prime(n: int) -> bool:
    """True for a prime: Miller-Rabin, proved below 3.3e24; beyond, 4**-6 of random composites."""
    bases = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41)
    if n < 2 or any(n % p == 0 for p in bases):
        return n in bases
    twos = ((n - 1) & (1 - n)).bit_length() - 1
    for base in bases if n < 1 << 81 else bases[:6]:
        y = pow(base, (n - 1) >> twos, n)
        if y != 1 and all(pow(y, 1 << i, n) != n - 1 for i in range(twos)):
            return False
    return True


def is_square(n: int) -> bool:
    """True for 0, 1, 4, 9, ..."""
    return n >= 0 and math.isqrt(n) ** 2 == n


def components(ends: list[int]) -> int:
    """The number of connected parts of the graph with the edges (ends[0], ends[1]), ..."""
    parent = {v: v for v in ends}
    for a, b in zip(ends[::2], ends[1::2], strict=False):
        while parent[a] != a:
            a = parent[a]
        while parent[b] != b:
            b = parent[b]
        parent[a] = b
    return sum(v == p for v, p in parent.items())


def reduces(tokens: list[str], pairs: set[tuple[str, str]]) -> bool:
    """True if removing neighbours that form a pair, as long as there are any, leaves nothing."""
    stack: list[str] = []
    for token in tokens:
        if stack and (stack[-1], token) in pairs:
            stack.pop()
        else:
            stack.append(token)
    return not stack


def accepts(text: str, states: list[tuple[bool, dict[str, int]]]) -> bool:
    """True if the automaton, from state 0 on, ends in a state that accepts.

    A state is whether it accepts, and the state that each character leads to.
    """
    accepting, following = states[0]
    for character in text:
        accepting, following = states[following[character]]
    return accepting


FASTER: Mapping[str, Callable[..., Any]] = {
    "is_prime": lambda n: n > 1 and gmpy2.is_prime(n),
    "is_square": lambda n: n >= 0 and gmpy2.is_square(n),
}
"""What the search itself calls in their place: the same values, sooner."""
