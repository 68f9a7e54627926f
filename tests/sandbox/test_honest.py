"""Honest programs give in the sandbox what they give outside."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from types import ModuleType
from unittest.mock import patch

import pytest

from llmerm.sandbox.pool import PooledSession
from llmerm.typing import Ran
from llmerm.values import canonical

from .conftest import at_level

TEXTS = ["", "a", "abba", "Hello, World", "x1y22z333", "ünïcødé", "(()())", "2024-02-29", "0110"]
BUILT = {
    "parity": "def f(x): return x.count('1') % 2",
    "other_name": "def solve(x): return len(x)",
    "lambda": "rule = lambda x: x[::-1]",
    "helper_class_instance": (
        "class Rule:\n    def __call__(self, x): return x.upper()\nrule = Rule()"
    ),
    "recursion": "def f(x): return 0 if not x else 1 + f(x[1:])",
    "mutual_recursion": (
        "def even(n): return n == 0 or odd(n - 1)\n"
        "def odd(n): return n > 0 and even(n - 1)\n"
        "def f(x): return even(len(x))"
    ),
    "class": (
        "class Stack(list):\n    def top(self): return self[-1] if self else None\n"
        "def f(x):\n    s = Stack()\n    for c in x: s.append(c)\n    return s.top()"
    ),
    "inheritance": (
        "class A:\n    def go(self, x): return len(x)\n"
        "class B(A):\n    def go(self, x): return super().go(x) + 1\n"
        "def f(x): return B().go(x)"
    ),
    "generator": (
        "def pairs(x):\n    yield from zip(x, x[1:])\n"
        "def f(x): return sum(a < b for a, b in pairs(x))"
    ),
    "closure": "def make(n):\n    return lambda x: x * n\nf = make(2)",
    "counter": "from collections import Counter\ndef f(x): return sorted(Counter(x).items())",
    "deque": "from collections import deque\ndef f(x):\n    d = deque(x)\n    d.rotate(1)\n    return list(d)",
    "regex": "import re\ndef f(x): return re.findall(r'[a-z]+|\\d+', x)",
    "big_int": "def f(x): return 3 ** (50 * len(x)) - 1",
    "decimal": (
        "from decimal import Decimal, getcontext\ngetcontext().prec = 40\n"
        "def f(x): return str(Decimal(len(x)) / 7)"
    ),
    "fractions": "from fractions import Fraction\ndef f(x): return str(Fraction(len(x), 6))",
    "datetime": (
        "from datetime import date, timedelta\n"
        "def f(x): return (date(2024, 2, 1) + timedelta(days=len(x))).isoformat()"
    ),
    "strptime": (
        "from datetime import datetime\n"
        "def f(x):\n    try: return datetime.strptime(x, '%Y-%m-%d').strftime('%A')\n"
        "    except ValueError: return None"
    ),
    "itertools": "from itertools import groupby\ndef f(x): return [[k, len(list(g))] for k, g in groupby(x)]",
    "lru_cache": (
        "from functools import lru_cache\n@lru_cache(None)\n"
        "def f(x): return 1 if len(x) < 2 else f(x[1:]) + f(x[2:])"
    ),
    "reduce": "from functools import reduce\ndef f(x): return reduce(lambda a, c: a * 31 + ord(c), x, 7)",
    "dataclass": (
        "from __future__ import annotations\nfrom dataclasses import dataclass, field\n"
        "@dataclass(order=True)\nclass P:\n    n: int\n    s: list[str] = field(default_factory=list)\n"
        "def f(x): return max([P(len(x)), P(3, ['a'])]).n"
    ),
    "typing": (
        "from typing import NamedTuple, Optional\nclass T(NamedTuple):\n    a: int\n    b: Optional[str]\n"
        "def f(x: str) -> list: return list(T(len(x), x or None))"
    ),
    "enum": (
        "from enum import Enum, auto\nclass S(Enum):\n    A = auto()\n    B = auto()\n"
        "def f(x):\n    s = S.A\n    for c in x: s = S.B if s is S.A else S.A\n    return s.name"
    ),
    "heapq": "import heapq\ndef f(x): return heapq.nsmallest(3, map(ord, x))",
    "bisect": "import bisect\ndef f(x): return bisect.bisect([2, 4, 8], len(x))",
    "math": "import math\ndef f(x): return [math.comb(len(x), 2), math.sqrt(len(x)), math.gcd(12, len(x))]",
    "statistics": "import statistics\ndef f(x): return statistics.mean(map(ord, x)) if x else 0.0",
    "strings": "def f(x): return x.title().swapcase().center(20, '*').partition('O')[0]",
    "formats": "def f(x): return f'{len(x):>5}|{len(x) / 7:.3e}|{x!r:.6}'",
    "sets": "def f(x): return sorted(set(x) ^ set('abc'))",
    "comprehension": "def f(x): return {c: x.index(c) for c in x}",
    "try_finally": (
        "def f(x):\n    try:\n        return int(x)\n    except ValueError:\n        return -1\n"
        "    finally:\n        x = None"
    ),
    "match": (
        "def f(x):\n    match list(x):\n        case []: return 'none'\n"
        "        case [a]: return a\n        case [a, *_, b]: return a + b"
    ),
    "global_state": "seen = []\ndef f(x):\n    seen.append(x)\n    return len(seen)",
    "random_seeded": "import random\ndef f(x): return random.Random(x).randint(0, 999)",
    "hashing": "import hashlib, zlib\ndef f(x): return [hashlib.sha256(x.encode()).hexdigest(), zlib.crc32(x.encode())]",
    "json": "import json\ndef f(x): return json.loads(json.dumps({'x': [x, None, 1.5]}))",
    "codecs": "def f(x): return [x.encode('utf-16').hex(), x.encode('cp1252', 'replace').hex()]",
    "idna": "def f(x): return x.lower().encode('idna').decode() if x.isalpha() else ''",
    "unicodedata": "import unicodedata\ndef f(x): return unicodedata.normalize('NFD', x) + '\\N{BULLET}'",
    "struct": "import struct\ndef f(x): return list(struct.pack('>Hd', len(x), 0.5))",
    "bytes": "def f(x): return int.from_bytes(x.encode(), 'big') % 97",
    "printing": "def f(x):\n    print(x)\n    return len(x)",
    "setrecursionlimit": "import sys\nsys.setrecursionlimit(5000)\ndef f(x):\n    return f(x + '.') if len(x) < 2000 else len(x)",
    "threading_lock": "import threading\nlock = threading.Lock()\ndef f(x):\n    with lock: return len(x)",
    "nested_values": "def f(x): return {'a': [[1, 2.5, None], (True, x)], 'b': {}}",
    "main_block": "def f(x): return 1\nif __name__ == '__main__':\n    raise SystemExit('ran')",
    "textwrap": "import textwrap\ndef f(x): return textwrap.wrap(x * 5, 7)",
    "operator": "import operator\ndef f(x): return list(map(operator.itemgetter(0), x.split()))",
    "copy": "import copy\ndef f(x):\n    a = [list(x)]\n    b = copy.deepcopy(a)\n    b[0].append('!')\n    return [a, b]",
    "graphlib": (
        "from graphlib import TopologicalSorter\n"
        "def f(x): return list(TopologicalSorter({i: {i + 1} for i in range(len(x))}).static_order())"
    ),
}


def bare(source: str, inputs: list[str]) -> list[object]:
    """What the program gives in this very process: the oracle."""
    module = ModuleType("oracle")
    names = vars(module)
    with patch.dict(sys.modules, {"oracle": module}):
        exec(compile(source, "<oracle>", "exec", dont_inherit=True), names)
    own = [v for k, v in names.items() if getattr(v, "__module__", "") == "oracle"]
    f = names.get("f") or next(v for v in own if not isinstance(v, type))
    assert callable(f)
    return [canonical(f(x)) for x in inputs]


@pytest.fixture(scope="module")
def texts(level: str) -> Iterator[PooledSession]:
    with at_level(level, cpu_seconds=3.0).session(TEXTS) as session:
        yield session


@pytest.mark.parametrize("name", BUILT)
def test_same_as_bare(name: str, texts: PooledSession, capsys: pytest.CaptureFixture[str]) -> None:
    """The predictions are those of bare execution, tuples as lists."""
    expected = bare(BUILT[name], TEXTS)
    got = texts.run(BUILT[name])
    assert isinstance(got, Ran), got
    assert list(got.predictions) == expected
    assert [type(p) for p in got.predictions] == [type(e) for e in expected]


def test_what_is_printed_goes_nowhere(
    texts: PooledSession, capfd: pytest.CaptureFixture[str]
) -> None:
    """A candidate's prints reach neither standard output nor standard error."""
    texts.run("import sys\ndef f(x):\n    print('out'); print('err', file=sys.stderr); return 0")
    captured = capfd.readouterr()
    assert captured.out + captured.err == ""
