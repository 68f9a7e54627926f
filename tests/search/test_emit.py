"""Emission: programs stand alone, read well, and mean the expression they were made from."""

from __future__ import annotations

import ast
import math
import random
import subprocess
import sys
from itertools import product

import gmpy2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmerm.search.emit import emit, helper_source
from llmerm.search.expression import Expr, function, joined, render
from llmerm.search.helpers import FASTER, components, is_prime, is_square, reduces
from llmerm.search.op import Op

X = Expr(Op("x", "int", (), "x"))
ADD = Op("+", "int", ("int", "int"), "{0} + {1}")
SUB = Op("-", "int", ("int", "int"), "{0} - {1}")
MUL = Op("*", "int", ("int", "int"), "{0} * {1}")
NEG = Op("neg", "int", ("int",), "-{0}")
IF = Op("if", "int", ("int", "int"), "{0} if {1} else 7")
TWICE = Op("twice", "int", ("int",), "sum([{0}, {0} * 2])")
SQUARE = Op(
    "square", "bool", ("int",), "is_square({0})", helpers=(is_square,), needs=("import math",)
)

expressions = st.recursive(
    st.just(X),
    lambda inner: st.builds(
        lambda op, a, b: Expr(op, (a, b)[: len(op.args)]),
        st.sampled_from([ADD, SUB, MUL, NEG, IF, TWICE]),
        inner,
        inner,
    ),
    max_leaves=12,
)


def defined(source: str):
    names: dict[str, object] = {}
    exec(source, names)
    return names["f"]


@given(expressions, st.integers(-9, 9))
def test_printed_forms_mean_the_expression(expr, x):
    """The one-line form, the function and the emitted program all give the tree's value."""

    def value(node: Expr) -> int:
        parts = [value(arg) for arg in node.args]
        return {
            "x": lambda: x,
            "+": lambda: parts[0] + parts[1],
            "-": lambda: parts[0] - parts[1],
            "*": lambda: parts[0] * parts[1],
            "neg": lambda: -parts[0],
            "if": lambda: parts[0] if parts[1] else 7,
            "twice": lambda: parts[0] * 3,
        }[node.op.name]()

    wanted = value(expr)
    assert eval(render(expr), {"x": x}) == wanted
    assert function(expr)(x) == wanted
    assert defined(emit(expr))(x) == wanted


def test_only_needed_parentheses_are_printed():
    """`(x + x) * x` keeps its pair, `x * x + x` needs none, a generator gets no second pair."""
    assert render(Expr(MUL, (Expr(ADD, (X, X)), X))) == "(x + x) * x"
    assert render(Expr(ADD, (Expr(MUL, (X, X)), X))) == "x * x + x"
    assert joined("sum(c == {1} for c in {0})", ["x[1:]", "'1'"]) == "sum(c == '1' for c in x[1:])"


def test_what_would_be_printed_twice_gets_a_name():
    """An argument used twice is computed once."""
    source = emit(Expr(TWICE, (Expr(ADD, (X, X)),)))
    assert source == "def f(x):\n    a = x + x\n    return sum([a, a * 2])"


def test_programs_run_alone(tmp_path):
    """A program with a helper runs in a fresh interpreter without the library."""
    source = emit(Expr(SQUARE, (Expr(ADD, (X, X)),)))
    script = tmp_path / "alone.py"
    script.write_text(source + "\nprint([f(x) for x in range(10)])\n")
    done = subprocess.run(
        [sys.executable, "-I", str(script)], capture_output=True, text=True, check=True
    )
    roots = {r * r for r in range(10)}
    assert done.stdout.strip() == str([2 * x in roots for x in range(10)])


@pytest.mark.parametrize("helper", [is_prime, is_square, components, reduces])
def test_helpers_use_the_standard_library_only(helper):
    """No helper names anything but builtins, math and itself."""
    tree = ast.parse(helper_source(helper))
    assert not [n for n in ast.walk(tree) if isinstance(n, (ast.Import, ast.ImportFrom))]
    names: dict[str, object] = {"math": math}
    exec(helper_source(helper), names)
    assert callable(names[helper.__name__])


def test_is_prime_is_primality():
    """Below 20,000 it is trial division; for 30 to 100 digits it is GMP's test."""
    sieve = [n > 1 and all(n % d for d in range(2, math.isqrt(n) + 1)) for n in range(20_000)]
    assert [is_prime(n) for n in range(20_000)] == sieve
    rng = random.Random(3)
    for digits in (30, 60, 100):
        for _ in range(20):
            n = rng.randrange(10 ** (digits - 1), 10**digits)
            prime = int(gmpy2.next_prime(n))
            assert is_prime(prime)
            assert is_prime(n) == gmpy2.is_prime(n)
            assert not is_prime(prime * 101)


@pytest.mark.parametrize("n", [561, 3215031751, 3825123056546413051, 318665857834031151167461])
def test_is_prime_refuses_known_pseudoprimes(n):
    """Carmichael numbers and strong pseudoprimes to the first 4, 9 and 12 prime bases fail."""
    assert not is_prime(n)


@pytest.mark.parametrize("name", FASTER)
@given(n=st.integers(-10, 10**6))
def test_the_engines_helpers_are_the_printed_ones(name, n):
    """What the search calls instead of a helper has the helper's values."""
    assert FASTER[name](n) == {"is_prime": is_prime, "is_square": is_square}[name](n)


def test_components_are_those_of_a_search():
    """On random graphs, union-find counts what a graph search counts."""
    rng = random.Random(2)
    for _ in range(200):
        ends = [rng.randrange(12) for _ in range(2 * rng.randrange(1, 14))]
        near = {v: {v} for v in ends}
        for a, b in zip(ends[::2], ends[1::2], strict=True):
            near[a].add(b)
            near[b].add(a)
        left, count = set(ends), 0
        while left:
            count += 1
            todo = [left.pop()]
            while todo:
                more = near[todo.pop()] & left
                left -= more
                todo += more
        assert components(ends) == count


def test_reduces_is_repeated_deletion():
    """For all words of up to eight brackets, the stack agrees with deleting pairs repeatedly."""
    for length in range(9):
        for word in product("()[", repeat=length):
            text = "".join(word)
            while "()" in text:
                text = text.replace("()", "")
            assert reduces(list(word), {("(", ")")}) == (text == "")


def test_a_tuple_is_not_copied_where_it_can_be_read():
    """`sorted(list(x))` is printed as `sorted(x)`, and gives the same."""
    items = Op("all", "ints", (), "list(x)")
    tidy = Expr(Op("sorted", "ints", ("ints",), "sorted({0})"), (Expr(items),))
    assert emit(tidy) == "def f(x):\n    return sorted(x)"
    assert defined(emit(tidy))((3, 1, 2)) == [1, 2, 3]
    third = Expr(Op("item", "int", ("ints",), "{0}[-2] + {0}[1]"), (Expr(items),))
    assert emit(third) == "def f(x):\n    return x[-2] + x[1]"
    kept = Expr(Op("last", "int", ("ints",), "{0}.pop()"), (Expr(items),))
    assert "list(x).pop()" in emit(kept)
