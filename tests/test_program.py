"""Programs: the name, the normal form, the length, safe printing."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmerm.errors import ProgramError
from llmerm.program import MAX_CHARACTERS, Program

PLAIN = "def f(x):\n    ones = x.count('1')\n    return ones % 2\n"


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("def f(x): return 1", "f"),
        ("def g(x): return 1", "g"),
        ("def g(x): return 1\ndef f(x): return g(x)", "f"),
        ("f = lambda x: 1", "f"),
        ("rule = lambda x: 1", "rule"),
        ("from math import floor as f", "f"),
        ("if True:\n    def f(x): return 1", "f"),
        ("class F:\n    def __call__(self, x): return 1\nf = F()", "f"),
        ("import re\ndef solve(x): return re.sub('a', '', x)", "solve"),
        ("if 1:\n    def g(x):\n        f = 3\n        return x", "g"),
        ("squares = [f for f in (1,)]\ndef g(x): return x", "g"),
        ("def f(x): return 0\nif 0: 0\n" + "elif 0: 0\n" * 1200, "f"),
    ],
)
def test_the_callable_is_f_or_the_one_function_defined(source, name):
    """f wins; a single other function is taken."""
    assert Program(source).name == name


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("", "empty"),
        (" \n\t", "empty"),
        ("x = 1", "no_function"),
        ("def a(x): pass\ndef b(x): pass", "no_function"),
        ("def f(x) return", "syntax_error"),
        ("def f(x): return 1\x00", "syntax_error"),
        ("\ud800", "syntax_error"),
        ("(" * 5000, "syntax_error"),
        ("f = " + "-" * 90_000 + "1", "syntax_error"),
        ("#" * (MAX_CHARACTERS + 1), "too_long"),
    ],
)
def test_what_is_no_program_says_why(source, reason):
    """Each has the reason that a verdict carries."""
    with pytest.raises(ProgramError) as caught:
        Program(source)
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    "same",
    [
        "def f(s):\n    n = s.count('1')\n    return n % 2",
        "def parity(x: str) -> int:\n    'Counts.'\n    ones: int = x.count('1')\n    return ones % 2",
        'def f(x):  # a comment\n    ones = x.count("1"); return (ones % 2)',
    ],
)
def test_names_docstrings_and_annotations_do_not_matter(same):
    """Programs that differ in these alone have one normal form and one length."""
    assert Program(same).normal_form == Program(PLAIN).normal_form
    assert Program(same).bits == Program(PLAIN).bits


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("def f(x): return x[0]", "def f(x): return x[1]"),
        ("def f(x): return len(x)", "def f(x): return sum(x)"),
        ("def g(a, b): return a\ndef f(x): return g(a=x, b=1)",
         "def g(b, a): return b\ndef f(x): return g(a=x, b=1)"),
        ("def h(len): return len\ndef f(x): return len(x)",
         "def h(sum): return sum\ndef f(x): return sum(x)"),
        ("def f(x):\n    key = 1\n    return sorted(x, key=None)",
         "def f(x):\n    reverse = 1\n    return sorted(x, reverse=None)"),
        ("def f(x: List[int]): return x % 2", "def f(x): return x % 2"),
        ("def f(x): return v1 % 2", "def f(x): return x % 2"),
        ("import math as v1\ndef f(x): return v1 % 2", "import math as v1\ndef f(x): return x % 2"),
        ("def g(a, b): return a % 2 + 0 * b\ndef f(x): return g(**{'b': 7, 'a': x})",
         "def g(b, a): return b % 2 + 0 * a\ndef f(x): return g(**{'b': 7, 'a': x})"),
        ("c = 5\ndef f(x):\n    c: int\n    return c", "c = 5\ndef f(x):\n    return c"),
        ("from math import *\ndef h(e): return e\ndef f(x): return e", "from math import *\ndef h(pi): return pi\ndef f(x): return pi"),
        ("def f(x):\n    try: y\n    except NameError as a: return str(a)\n    y = 1",
         "def f(x):\n    try: z\n    except NameError as a: return str(a)\n    z = 1"),
        ("import inspect\ndef f(x):\n    'a'\n    return inspect.getdoc(f)", "import inspect\ndef f(x):\n    'b'\n    return inspect.getdoc(f)"),
        ("def f(a): return 'a' in locals()", "def f(b): return 'a' in locals()"),
        ("def f(x):\n    global a\n    a = 1\n    return a", "def f(x):\n    global b\n    b = 1\n    return b\na=2"),
    ],
)  # fmt: skip
def test_programs_that_may_behave_differently_keep_different_forms(one, other):
    """Renaming never merges programs whose names mean something."""
    assert Program(one).normal_form != Program(other).normal_form


@given(st.recursive(
    st.sampled_from(["x", "1", "0", "len(x)", "x[::-1]"]),
    lambda inner: st.tuples(st.sampled_from(["({} + {})", "({} == {})", "max({}, {})"]), inner, inner)
    .map(lambda t: t[0].format(t[1], t[2])),
    max_leaves=8,
), st.sampled_from(["x", "s", "value"]))  # fmt: skip
def test_renaming_the_argument_keeps_the_normal_form(body, name):
    """The normal form is invariant under consistent renaming."""
    renamed = "".join(name if c == "x" and "ma" not in body[max(0, i - 2) : i] else c
                      for i, c in enumerate(body))  # fmt: skip
    assert (
        Program(f"def f({name}): return {renamed}").normal_form
        == Program(f"def f(x): return {body}").normal_form
    )


def test_a_longer_program_costs_more_bits():
    """Bits grow with the tree, the constants and the names."""
    shorter = Program("def f(x): return x").bits
    assert shorter < Program("def f(x): return x + 1").bits
    assert Program("def f(x): return 1").bits < Program("def f(x): return 10**9").bits
    assert (
        Program("def f(x): return 'a'").bits + 8 * 9
        < Program("def f(x): return 'a' * 1 + 'abcdefghi'").bits
    )


def test_the_code_lengths_satisfy_krafts_inequality():
    """Over all expressions of a small language, the sum of 2^-bits is at most 1."""
    leaves = ["x", "0", "1", "2", "True", "None", "'a'", "''"]
    level = leaves + [f"({a} {op} {b})" for a in leaves for b in leaves for op in "+-*"]
    forms = {
        Program(f"def f(x): return {e}").normal_form: Program(f"def f(x): return {e}").bits
        for e in level
    }
    assert len(forms) > 150
    assert sum(2.0**-bits for bits in forms.values()) <= 1


def test_printing_escapes_what_a_terminal_would_obey():
    """Escape codes and bidirectional marks are shown, not obeyed; the program text is unchanged."""
    program = Program("def f(x): return '\x1b[31m\u202e\u200b'")
    assert str(program) == r"def f(x): return '\x1b[31m\u202e\u200b'"
    assert "\x1b" in program.source
    assert repr(program).splitlines()[1:] == [str(program)]


def test_a_long_program_alone_is_shown_in_a_few_lines():
    """Its name and length, the first lines, and how many there are; none of them too wide."""
    short = Program("def g(x):\n    return x")
    assert repr(short) == f"Program(g: {short.bits:.0f} bits)\ndef g(x):\n    return x"
    long = Program("def f(x):\n" + "    x += 1\n" * 98 + f"    return {'x + ' * 999}x")
    shown = repr(long).splitlines()
    assert len(shown) == 14
    assert shown[-1] == "... (100 lines)"
    assert max(map(len, repr(Program(f"def f(x): return {'x + ' * 999}x")).splitlines())) < 500


def test_compiling_is_an_explicit_act():
    """Without trusted=True nothing of the program runs in this process."""
    program = Program("raise SystemExit\ndef f(x): return 1")
    with pytest.raises(ProgramError, match="trusted=True"):
        program.compile()
    helper = Program("import math\ndef g(x): return math.floor(x)\ndef f(x): return g(x)")
    assert helper.compile(trusted=True)(2.5) == 2


def test_a_deep_tree_is_measured_without_a_crash():
    """Where the tree is too deep to walk, the text stands in for it."""
    deep = "def f(x): return " + "+".join(["x"] * 900)
    assert isinstance(ast.parse(deep), ast.Module)
    assert Program(deep).bits > 1000
    assert Program("def f(x): return 0x" + "f" * 5000).bits > 20_000
