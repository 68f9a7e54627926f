"""Programs in plain words: each phrase says what its piece of code says, or the code is quoted."""

from __future__ import annotations

import ast

import pytest

from llmerm.reading import read


def lines(source):
    """The outline of a source with one function, f."""
    return read(ast.parse(source), "f").lines


def answer(expression):
    """The phrase for what `return EXPRESSION` answers."""
    (line,) = lines(f"def f(x): return {expression}")
    return line.removeprefix("The answer is ").removesuffix(".")


@pytest.mark.parametrize(
    ("expression", "phrase"),
    [
        ("x.count('1') % 2", "1 if the count of '1' in x is odd, else 0"),
        ("x % 2", "the remainder of x divided by 2"),
        ("len(x) % 2 == 0", "whether the length of x is even"),
        ("x % 2 != 0", "whether (the remainder of x divided by 2) differs from 0"),
        ("int(x > 3)", "1 if x is more than 3, else 0"),
        ("x['a'] if x['b'] else None", "'a' of x if 'b' of x is not 0, empty, False or None, else None"),
        ("not x", "whether x is 0, empty, False or None"),
        ("not x > 1", "whether it is not so that x is more than 1"),
        ("1 < x <= 5", "whether 1 is less than x and x is at most 5"),
        ("x > 1 and (x < 3 or x == 9)", "whether x is more than 1 and (x is less than 3 or x equals 9)"),
        ("abs(x) + 3", "(the absolute value of x) plus 3"),
        ("'ab' in x", "whether x contains 'ab'"),
        ("(x + 1) * 2", "(x plus 1) times 2"),
        ("x[::-1] == x", "whether (x from its end to its start) equals x"),
        ("x[1:-2]", "the part of x from place 1 to before place -2 (from the end)"),
        ("x[0] + x[-1] + x[3]", "(the first item of x plus the last item of x) plus item [3] of x"),
        ("sum(1 for c in x if c > 'a')", "the number of c in x where c is more than 'a'"),
        ("sum(c == 'a' for c in x)", "the number of c in x for which c equals 'a'"),
        ("sum(c * 2 for c in x)", "the sum of (c times 2) over each c in x"),
        ("all(c in 'ab' for c in x)", "whether 'ab' contains c, for every c in x"),
        ("x.startswith('a')", "whether x starts with 'a'"),
        ("','.join(x.split())", "the words of x joined with ','"),
        ("max(x['a'], 3)", "the greater of 'a' of x and 3"),
        ("-3", "-3"),
    ],
)  # fmt: skip
def test_common_expressions_have_words(expression, phrase):
    """The phrase of each is put together from the phrases of its parts."""
    assert answer(expression) == phrase


@pytest.mark.parametrize(
    ("source", "quoted"),
    [
        ("def f(x): return x.encode().hex()", "x.encode().hex()"),
        ("def f(x): return (lambda y: y)(x)", "(lambda y: y)(x)"),
        ("def f(x): return '%d' % x", "'%d' % x"),
        ("def f(x): return sorted(x, key=len)", "sorted(x, key=len)"),
        ("def f(x): return {a: b for a, b in x}", "{a: b for a, b in x}"),
        ("def f(x):\n    with open(x) as y:\n        return 1", "with open(x) as y:"),
        ("def f(x, n=3): return x", "def f(x, n=3):"),
        ("def f(x): return x.startswith(('a', 'b'))", "x.startswith(('a', 'b'))"),
    ],
)
def test_what_has_no_words_is_quoted_and_counted(source, quoted):
    """The reader of the account sees which part it is."""
    found = read(ast.parse(source), "f")
    assert any(quoted in piece for piece in found.unread)
    assert any(quoted in line for line in found.lines)


def test_code_that_is_nested_too_deep_is_no_crash():
    """It is said to have no words."""
    found = read(ast.parse("def f(x): return x" + " + 1" * 900), "f")
    assert found.lines
    deep = read(ast.parse("def f(x): return " + "-" * 80 + "x" + ".real" * 900), "f")
    assert deep.unread


def test_parity_words_are_for_whole_numbers_alone():
    """x % 2 != 0 also holds for 2.5, which is not odd."""
    assert "odd" not in answer("x % 2 != 0")
    assert answer("len(x) % 2 != 0") == "whether the length of x is odd"


@pytest.mark.parametrize(
    "source",
    [
        "def len(x): return 1\ndef f(x): return len(x)",
        "from os import *\ndef f(x): return len(x)",
        "def f(x):\n    sum = max\n    return sum(x)",
        "import os as abs\ndef f(x): return abs(x)",
        "def f(all): return all",
        "def f(x):\n    try: return 1\n    except ValueError as len: return len(x)",
        "def g(x): return 1\ndef f(x): return g(x)\nf = g",
        "def g(x): return 1\ndef f(x): return g(x)\nfrom math import floor as g",
    ],
)
def test_where_a_name_of_pythons_own_means_something_else_no_words_are_tried(source):
    """Words that would be wrong are not given."""
    found = read(ast.parse(source), "f")
    assert found.unread
    assert len(found.lines) == 1


def test_statements_become_an_outline():
    """Indented as the code is; helpers come after the function; what answers nothing is said."""
    source = '''
import math
LIMIT = 3
def g(a, b):
    return a + b
def f(s):
    """Ignored: it says what somebody meant."""
    n, m = 0, 1
    for c in s:
        if c == "a":
            n += 1
        elif c == "b":
            continue
        else:
            break
    while n > LIMIT:
        n = g(n, -1)
    seen = []
    seen.append(n)
    if n:
        return m
'''
    assert lines(source) == (
        "The input is s.",
        "Let (n, m) be the items of the tuple of 0, 1.",
        "For each c in s, one after another:",
        "  If c equals 'a':",
        "    Let n become n plus 1.",
        "  Otherwise:",
        "    If c equals 'b':",
        "      Go on with the next turn of the loop.",
        "    Otherwise:",
        "      Leave the loop.",
        "As long as n is more than LIMIT:",
        "  Let n become the result of g for n, -1.".replace("become", "be"),
        "Let seen be an empty list.",
        "Put n at the end of seen.",
        "If n is not 0, empty, False or None:",
        "  The answer is m.",
        "If nothing was answered by then, the answer is None.",
        "Let LIMIT be 3.",
        "The result of g for a, b:",
        "  The answer is a plus b.",
    )
