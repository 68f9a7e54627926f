"""Numeric programs as SymPy expressions: the same numbers as the program itself."""

from __future__ import annotations

import math
import random
import sys

import pytest
import sympy

import llmerm
from llmerm.errors import FormulaError, MissingExtraError
from llmerm.program import Program

NUMBERS = [
    "def f(x): return x * (x * 3 + 2) - 7",
    "def f(x): return x / 3 + 2.5 ** 2",
    "def f(x): return x // 3 + x % 4 - x % -3",
    "def f(x): return -x if x < 0 else x",
    "def f(x): return abs(x) + min(x, 2, 5) + max([x, 1])",
    "def f(x): return int(x / 2) + int(x > 1) + (x >= 0) * 3",
    "def f(x): return x > 1 and x < 7",
    "def f(x): return x and x + 1 or 5",
    "def f(x): return not (1 < x <= 4)",
    "def f(x): return x in (1, 2, 3)",
    "def f(x): return bool(x)",
    "def f(x): return sum(x ** i for i in range(4))",
    "def f(x): return sum([c * x ** i for i, c in [(0, 2), (1, -3)]])",
    "def f(x): return any(x == i for i in (2, 5)) + all([x > 0, x < 9])",
    "def f(x): return len([1, 2, 3]) + [4, 5][1] * x",
    "import math\ndef f(x): return math.floor(x / 3) + math.ceil(x / 4) + math.sqrt(x * x + 1)",
    "import math as m\ndef f(x): return m.exp(m.sin(x)) + m.atan2(x, 2) + m.pi + m.hypot(x, 1)",
    "from math import log as ln, e\ndef f(x): return ln(x * x + 1) + ln(abs(x) + 2, 3) + e",
    "A = 3\nB = [1, 2]\ndef g(u, v): return u * v + A\ndef f(x): return g(x, B[0]) - g(2, x)",
    "def f(n):\n    '''Twice.'''\n    m = n + 1\n    m *= 2\n    if m > 6:\n        m = 6\n    elif m < -2:\n        return 0\n    return m - n",
    "def f(x):\n    total = 0\n    for i in range(3):\n        if x > i:\n            total += i * x\n    return total",
    "def f(x):\n    a, (b, c) = x, (1, 2)\n    y: int = a * b\n    return y + c",
    "def f(x): return pow(x, 2) + float(x) + (+x)",
]  # fmt: skip
ROWS = [
    "def f(x): return x['b'] + x['a'] * 2 if x['a'] > x['b'] else 0",
    "def f(x): return x['a'] / 25 / (abs(x['b']) + 1) > x['b']",
]
LISTS = [
    "def f(x): return x[0] / 2 * 5.0 - x[1] + 1.0",
    "def f(x):\n    a, b = x\n    return max(a, b) - min(a, b)",
]


def agree(formula, values, expected):
    """Whether the formula gives the number at these values; True is 1."""
    found = formula.subs({sympy.Symbol(name, real=True): value for name, value in values.items()})
    assert not found.free_symbols
    number = float(bool(found)) if found in (sympy.true, sympy.false) else float(found)
    return math.isclose(number, float(expected), rel_tol=1e-9, abs_tol=1e-9)


@pytest.mark.parametrize("source", NUMBERS)
def test_a_formula_of_one_number_gives_what_the_program_gives(source):
    """On whole numbers and on others, negative ones, and zero."""
    program = Program(source)
    formula, function = program.sympy(), program.compile(trusted=True)
    (name,) = {symbol.name for symbol in formula.free_symbols}
    rng = random.Random(1)
    points = [*range(-9, 12), *(round(rng.uniform(-9, 9), 3) for _ in range(12))]
    assert all(agree(formula, {name: sympy.Rational(str(p))}, function(p)) for p in points)


@pytest.mark.parametrize("source", ROWS)
def test_columns_are_symbols_of_their_names(source):
    """A row is as many numbers as it has columns."""
    program, rng = Program(source), random.Random(2)
    formula, function = program.sympy(), program.compile(trusted=True)
    assert {symbol.name for symbol in formula.free_symbols} == {"a", "b"}
    for _ in range(30):
        row = {"a": rng.randint(-50, 50), "b": rng.randint(-50, 50)}
        assert agree(formula, row, function(row))


@pytest.mark.parametrize("source", LISTS)
def test_items_are_numbered_symbols(source):
    """x_0 is x[0]."""
    program, rng = Program(source), random.Random(3)
    formula, function = program.sympy(), program.compile(trusted=True)
    for _ in range(30):
        row = [rng.randint(-50, 50), rng.randint(-50, 50)]
        assert agree(formula, {"x_0": row[0], "x_1": row[1]}, function(row))


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("def f(x): return x.count('1') % 2", "x.count('1')"),
        ("def f(x): return 'a' if x > 1 else 'b'", "'a'"),
        ("def f(x): return x[0] + x", "as a number and as items"),
        ("def f(x): return round(x)", "round(x)"),
        ("def f(x): return len(x)", "x"),
        ("def f(x): return [x, 1]", "takes a list"),
        ("def f(x):\n    while x > 1:\n        x -= 2\n    return x", "while x > 1"),
        ("def f(x):\n    if x > 1:\n        return 1", "gives no answer"),
        ("def f(x): return f(x - 1)", "def f(x)"),
        ("def f(x): return sum(1 for _ in range(10 ** 9))", "range"),
        ("def f(x): return x + 10 ** 10 ** 6", "bits"),
        ("def f(x): return y", "`y`"),
        ("f = lambda x: x + 1", "no plain function"),
        ("def f(x):\n" + "    if x > 1:\n        x += 1\n" * 40 + "    return x", "too many"),
    ],
)  # fmt: skip
def test_what_is_no_formula_is_refused_by_its_piece_of_code(source, names):
    """One clear error, at once, also where writing it out would never end."""
    with pytest.raises(FormulaError) as caught:
        Program(source).sympy()
    assert names in str(caught.value)


def test_latex_has_the_names_of_columns_as_text():
    """Nothing in a name is read as a command."""
    program = Program("def f(x): return x['50% of_net'] ** 2 / x['\\\\input{a}']")
    shown = program.latex()
    assert r"\text{50\% of\_net}" in shown
    assert r"\text{\textbackslash{}input\{a\}}" in shown
    assert Program("def f(x): return x[0] / 2").latex() == r"\frac{x_{0}}{2}"


def test_where_sympy_is_missing_the_error_says_what_to_install(monkeypatch):
    """The command, with the extra."""
    for name in [name for name in sys.modules if name.startswith("llmerm.formula.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "sympy", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'llmerm\[sympy\]'"):
        Program("def f(x): return x").sympy()


def test_a_rule_that_was_learned_is_a_formula():
    """From the samples of a polynomial to the polynomial."""
    result = llmerm.fit([(i, 3 * i * i + 2 * i) for i in range(60)], proposer="enumerate")
    x = sympy.Symbol("x", real=True)
    assert sympy.expand(result.program.sympy() - (3 * x**2 + 2 * x)) == 0
