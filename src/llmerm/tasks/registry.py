"""Task families by name: the built-in ones, those of installed packages, and your own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from llmerm.catalogue import Catalogue
from llmerm.errors import TaskError
from llmerm.tasks.base import Task
from llmerm.typing import Value

GROUP = "llmerm.tasks"
"""The entry-point group through which a package offers its families."""

_BUILT_IN: Mapping[str, str] = {  # by name: its class, of the module of that name or another
    "automaton": "Automaton",
    "breast_cancer": "tables:BreastCancer",
    "ca_parity": "CaParity",
    "cellular_automaton": "CellularAutomaton",
    "cubic": "Cubic",
    "cycle_count": "CycleCount",
    "cycle_count_leakfree": "CycleCountLeakfree",
    "diabetes": "tables:Diabetes",
    "digits": "tables:Digits",
    "dyck": "Dyck",
    "dyck2": "Dyck2",
    "eml_tree": "EmlTree",
    "equal_primality": "EqualPrimality",
    "gcd_range": "GcdRange",
    "gf2_circuit": "Gf2Circuit",
    "grammar": "ContextFree",
    "half_parity": "HalfParity",
    "iris": "tables:Iris",
    "is_prime": "IsPrime",
    "is_prime_tail": "IsPrimeTail",
    "k_parity": "KParity",
    "list_function": "ListFunction",
    "multi_index": "MultiIndex",
    "noisy_parity": "NoisyParity",
    "palindrome": "Palindrome",
    "parity": "Parity",
    "pattern": "Pattern",
    "permutation": "Permutation",
    "prime_plus": "PrimePlus",
    "product_bit": "ProductBit",
    "random_circuit": "RandomCircuit",
    "reachability": "Reachability",
    "sequence": "NextTerm",
    "sha256_parity": "Sha256Parity",
    "staircase": "Staircase",
    "text_function": "TextFunction",
    "threshold": "Threshold",
    "wine": "tables:Wine",
}


def _place(name: str, family: str) -> str:
    """MODULE:CLASS; the module is named like the family where nothing else is said."""
    return family if ":" in family else f"{name}:{family}"


_CATALOGUE: Catalogue[Task] = Catalogue(
    "task",
    Task,  # type: ignore[type-abstract]  # only its subclasses are made
    GROUP,
    {name: f"llmerm.tasks.{_place(name, family)}" for name, family in _BUILT_IN.items()},
)
_Family = TypeVar("_Family", bound=type[Task])

_PUBLISHED: tuple[tuple[str, str, Mapping[str, Value]], ...] = (
    ("parity", "parity", {}),
    ("first-half parity", "half_parity", {}),
    ("pattern 1", "pattern", {"pattern": "10101010"}),
    ("pattern 2", "pattern", {"pattern": "00111111"}),
    ("3-parity", "k_parity", {"k": 3}),
    ("10-parity", "k_parity", {"k": 10}),
    ("palindrome", "palindrome", {"negatives": "uniform"}),
    ("Dyck-2", "dyck2", {}),
    ("CA parity", "ca_parity", {}),
    ("IsPrime", "is_prime", {}),
    ("IsPrime+47", "prime_plus", {"offset": 47}),
    ("CycleCount", "cycle_count", {}),
    ("SHA-256 parity", "sha256_parity", {}),
)


def names() -> tuple[str, ...]:
    """The names that `get` knows, in alphabetical order.

    >>> "parity" in names()
    True
    """
    return _CATALOGUE.names()


def get(name: str, **parameters: Value) -> Task:
    """The task of a family at these parameters; what is left out takes the family's default.

    Args:
        name: a name out of `names()`.
        **parameters: the input length `n`, and what else the family knows.

    Raises:
        UnknownNameError: if there is no such family.
        ArgumentError: if the family has no such parameter.
        TaskError: if the family does not exist at these parameters.

    >>> get("pattern", n=20, pattern="111")
    Pattern(n=20, pattern='111')
    Label 1 when the pattern occurs somewhere in the string.
    """
    return _CATALOGUE.get(name, parameters)


def register(family: _Family) -> _Family:
    """Make a `Task` subclass known to `get` under its `name`; usable as a class decorator.

    Registering a name again replaces your earlier family, so a notebook cell can be run twice.

    Raises:
        ArgumentError: if the library itself has a family of this name.
    """
    return _CATALOGUE.register(family)


def published(n: int = 100) -> Mapping[str, Task]:
    """The 13 tasks of the published table by their display names, in its order, as drawn there.

    So the palindromes come with uniform negatives, and CycleCount with its leak. Tasks that do not
    exist at this length are left out: Dyck-2 needs a multiple of 4, CycleCount 36 or more.

    Source: the LLM-ERM paper (arXiv 2510.14331), results at n = 100.

    >>> list(published())[:3]
    ['parity', 'first-half parity', 'pattern 1']
    """
    tasks = {}
    for title, name, parameters in _PUBLISHED:
        try:
            tasks[title] = get(name, n=n, **parameters)
        except TaskError:
            continue
    if not tasks:
        raise TaskError(f"no published task exists at n={n!r}. The published n are 20 to 100.")
    return tasks
