"""What may come back, and what becomes one sample's error."""

from __future__ import annotations

import math

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from llmerm.errors import DataError
from llmerm.sandbox.linux import LinuxSandbox
from llmerm.sandbox.pool import PooledSession
from llmerm.typing import Ran, SampleError, Value
from llmerm.values import canonical

from .conftest import BITS

# The first input has no bit set: there the program gives a bad value, elsewhere a good one.
ONCE = "{top}\ndef f(x): return ({bad}) if x == '00000000' else 7"
BAD = {
    "nan": ("float('nan')", "finite"),
    "infinity": ("float('-inf')", "finite"),
    "nan_inside": ("[1, {'a': float('nan')}]", "finite"),
    "huge_integer": ("10 ** 4000", "4,000 digits"),
    "huge_negative_integer": ("[-10 ** 4000]", "4,000 digits"),
    "surrogate": ("chr(0xD800)", "surrogate"),
    "surrogate_in_key": ("{chr(0xDFFF): 1}", "surrogate"),
    "deep": ("deep(33)", "deeper than 32"),
    "very_deep": ("deep(900)", "deeper than 32"),
    "endless": ("endless()", "deeper than 32"),
    "long_string": ("'x' * 100_001", "100,000 characters"),
    "long_list": ("[0] * 100_000", "100,000 characters"),
    "exponential": ("doubled(60)", "deeper than 32"),
    "bushy": ("doubled(25)", "100,000 characters"),
    "object": ("object()", "type object"),
    "class": ("int", "type type"),
    "bytes": ("b'1'", "type bytes"),
    "set": ("{1}", "type set"),
    "complex": ("1j", "type complex"),
    "integer_key": ("{1: 2}", "not str"),
    "function": ("f", "type function"),
    "int_subclass": ("type('I', (int,), {'__eq__': lambda s, o: True})(1)", "type I"),
    "str_subclass": ("type('S', (str,), {})('1')", "type S"),
    "bool_look_alike": ("faker()", "type Faker"),
    "equal_to_all": ("liar()", "type Liar"),
    "hostile_metaclass": ("Hostile()", "type Hostile"),
    "generator": ("(i for i in x)", "type generator"),
    "not_implemented": ("NotImplemented", "type NotImplementedType"),
}
TOP = """
import sys
sys.set_int_max_str_digits(0)
def deep(n):
    return [] if n == 1 else [deep(n - 1)]
def endless():
    a = []
    a.append(a)
    return a
def doubled(n):
    a = []
    for _ in range(n): a = [a, a]
    return a
class Faker:
    __class__ = bool
def faker(): return Faker()
class Liar:
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __hash__(self): return 0
def liar(): return Liar()
class Meta(type):
    def __hash__(cls): raise ValueError
    def __eq__(cls, other): return True
class Hostile(metaclass=Meta): pass
def f(x): return (BAD) if x == '00000000' else 7
"""


@pytest.mark.parametrize("name", BAD)
def test_bad_value(name: str, limited: PooledSession) -> None:
    """One bad value is that sample's error, with its reason, and no other sample's."""
    expression, reason = BAD[name]
    ran = limited.run(TOP.replace("BAD", expression))
    assert isinstance(ran, Ran), ran
    first, *others = ran.predictions
    assert isinstance(first, SampleError)
    assert first.kind == "BadValue"
    assert reason in first.detail
    assert others == [7] * (len(BITS) - 1)


GOOD = {
    "longest_integer": ("10 ** 4000 - 1", 10**4000 - 1),
    "longest_negative_integer": ("1 - 10 ** 4000", 1 - 10**4000),
    "many_digits_in_text": ("'1' * 5000", "1" * 5000),
    "deepest": ("deep(32)", None),
    "longest_string": ("'x' * 99_998", "x" * 99_998),
    "astral": ("'\\U0001F600'", "\U0001f600"),
    "control_characters": ("'a\\0\\x1b\\n'", "a\0\x1b\n"),
    "float": ("0.1 + 0.2", 0.1 + 0.2),
    "negative_zero": ("-0.0", -0.0),
    "smallest_float": ("5e-324", 5e-324),
    "true": ("True", True),
    "none": ("None", None),
    "tuple": ("(1, (2, 'x'))", [1, [2, "x"]]),
    "dict": ("{'a': {'b': [1.5]}}", {"a": {"b": [1.5]}}),
}


@pytest.mark.parametrize("name", GOOD)
def test_good_value(name: str, limited: PooledSession) -> None:
    """Values up to the limits come back exactly, with their exact type."""
    expression, expected = GOOD[name]
    ran = limited.run(TOP.replace("BAD", expression))
    assert isinstance(ran, Ran), ran
    got = ran.predictions[0]
    if name == "deepest":
        depth = 0
        while isinstance(got, list):
            got, depth = (got[0] if got else None), depth + 1
        assert depth == 32
        return
    assert got == expected
    assert type(got) is type(expected)
    if isinstance(expected, float) and isinstance(got, float):
        assert math.copysign(1, got) == math.copysign(1, expected)


ERRORS = {
    "raise KeyError('no\\x1b[2Jkey\\n')": ("KeyError", "'no\\x1b[2Jkey\\n'"),
    "raise ValueError('a\\x1b[2J\\nb')": ("ValueError", "a [2J b"),
    "raise SystemExit(3)": ("SystemExit", "3"),
    "raise KeyboardInterrupt": ("KeyboardInterrupt", ""),
    "raise GeneratorExit": ("GeneratorExit", ""),
    "raise MemoryError": ("MemoryError", ""),
    "raise BaseExceptionGroup('g', [ValueError(1)])": ("ExceptionGroup", "g (1 sub-exception)"),
    "raise type('E' * 300, (Exception,), {})('m' * 300)": ("E" * 200, "m" * 200),
    "raise type('E', (Exception,), {'__str__': lambda s: 1 / 0})": ("E", ""),
    "raise type('E', (Exception,), {'__str__': lambda s: chr(0xD800)})": ("E", ""),
    "bytearray(10 ** 10)": ("MemoryError", ""),
    "return f(x, x)": ("TypeError", "f() takes 1 positional argument but 2 were given"),
}


@pytest.mark.parametrize("body", ERRORS)
def test_exception(body: str, limited: PooledSession) -> None:
    """An exception is its sample's error: its class and a short message on one line."""
    ran = limited.run(f"def f(x):\n    if x == '00000000':\n        {body}\n    return 7")
    assert isinstance(ran, Ran), ran
    assert ran.predictions == (SampleError(*ERRORS[body]), *[7] * (len(BITS) - 1))


@pytest.mark.parametrize(
    ("source", "detail"),
    [
        ("async def f(x): return 1", "BadValue: a value of type coroutine"),
        ("def f(x): yield 1", "BadValue: a value of type generator"),
        ("def f(): return 1", "TypeError: f() takes 0 positional arguments but 1 was given"),
        ("def f(x): return 1 / 0", "ZeroDivisionError: division by zero"),
    ],
)
def test_raised_everywhere(source: str, detail: str, limited: PooledSession) -> None:
    """A program that fails on every input has run: each input has its error."""
    ran = limited.run(source)
    assert isinstance(ran, Ran), ran
    assert ran.predictions == (SampleError(*detail.split(": ", 1)),) * len(BITS)


plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text(max_size=4), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(plain, min_size=1, max_size=6))
def test_round_trip(sandbox: LinuxSandbox, values: list[Value]) -> None:
    """Any plain value goes in and comes back as it was, tuples as lists."""
    with sandbox.session(values) as session:
        ran = session.run("def f(x): return x")
    assert isinstance(ran, Ran), ran
    assert repr(list(ran.predictions)) == repr([canonical(value) for value in values])


def test_fresh_copies(sandbox: LinuxSandbox) -> None:
    """What a call does to its input is seen by no other call, and by no other candidate."""
    shared: list[Value] = [1]
    spoiling = "def f(x):\n    seen = str(x)\n    spoil(x)\n    return [seen, str(x)]\n" + SPOIL
    fresh = ["[1]", "[1]", "{'a': [1]}", "([1], 2)", "[1]"]
    with sandbox.session([shared, shared, {"a": [1]}, (shared, 2)]) as session:
        for _ in range(2):
            ran = session.run(spoiling, subset=[0, 1, 2, 3, 0])
            assert isinstance(ran, Ran), ran
            pairs = [list(p) for p in ran.predictions if isinstance(p, list)]
            assert [seen for seen, _ in pairs] == fresh
            assert all("spoilt" in str(after) for _, after in pairs)
    assert shared == [1]


SPOIL = """
def spoil(x):
    for part in x if isinstance(x, tuple) else [x]:
        if isinstance(part, list): part.append('spoilt')
        if isinstance(part, dict): part['a'].append('spoilt')
"""


@pytest.mark.parametrize(
    ("inputs", "named"),
    [
        ([1, {2}], "input 1 .* type set"),
        (["a", "b", object()], "input 2 .* type object"),
        ([b"x"], "input 0 .* type bytes"),
        ([float("nan")], "input 0 is nan"),
        ([{1: 2}], "input 0 has the key 1"),
    ],
)
def test_bad_input(inputs: list[Value], named: str, sandbox: LinuxSandbox) -> None:
    """The first input that cannot be carried is named, with its type."""
    with pytest.raises(DataError, match=named):
        sandbox.session(inputs)


def test_input_that_holds_itself(sandbox: LinuxSandbox) -> None:
    """An input without end is refused, and the process does not overflow."""
    loop: list[Value] = []
    loop.append(loop)
    with pytest.raises(DataError, match="input 0 is nested more than 32 deep"):
        sandbox.session([loop])
