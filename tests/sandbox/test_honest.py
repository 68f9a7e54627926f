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
    "base64": "import base64\ndef f(x): return base64.b64encode(x.encode()).decode()",
    "binascii": "import binascii\ndef f(x): return [binascii.hexlify(x.encode()).decode(), binascii.crc_hqx(x.encode(), 0)]",
    "zlib": "import zlib\ndef f(x): return zlib.decompress(zlib.compress(x.encode() * 50)).decode()",
    "contextlib": (
        "from contextlib import contextmanager, suppress\n@contextmanager\ndef noted(log):\n"
        "    log.append('in')\n    yield\n    log.append('out')\n"
        "def f(x):\n    log = []\n    with noted(log), suppress(ValueError): log.append(int(x))\n"
        "    return log"
    ),
    "abc": (
        "from abc import ABC, abstractmethod\nclass Rule(ABC):\n    @abstractmethod\n"
        "    def go(self, x): ...\nclass Length(Rule):\n    def go(self, x): return len(x)\n"
        "def f(x):\n    try: return Rule()\n    except TypeError: return Length().go(x)"
    ),
    "protocol": (
        "from typing import Protocol, TypeVar, Generic\nT = TypeVar('T')\n"
        "class Box(Generic[T]):\n    def __init__(self, x: T): self.x = x\n"
        "class Sized(Protocol):\n    def __len__(self) -> int: ...\n"
        "def size(s: Sized) -> int: return len(s)\ndef f(x): return size(Box[str](x).x)"
    ),
    "defaultdict": (
        "from collections import defaultdict, OrderedDict, ChainMap\ndef f(x):\n"
        "    d = defaultdict(list)\n    for i, c in enumerate(x): d[c].append(i)\n"
        "    return dict(ChainMap(OrderedDict(d), {'-': []}))"
    ),
    "property_and_slots": (
        "class P:\n    __slots__ = ('x',)\n    def __init__(self, x): self.x = x\n"
        "    @property\n    def size(self): return len(self.x)\n"
        "    @classmethod\n    def of(cls, x): return cls(x)\n"
        "    @staticmethod\n    def twice(n): return 2 * n\n"
        "def f(x): return P.twice(P.of(x).size)"
    ),
    "operators_of_own": (
        "class V:\n    def __init__(self, *a): self.a = a\n"
        "    def __add__(self, o): return V(*(p + q for p, q in zip(self.a, o.a)))\n"
        "    def __matmul__(self, o): return sum(p * q for p, q in zip(self.a, o.a))\n"
        "def f(x): return (V(1, len(x)) + V(2, 3)) @ V(1, 1)"
    ),
    "decorator": (
        "import functools\ndef twice(g):\n    @functools.wraps(g)\n"
        "    def inner(x): return g(g(x))\n    return inner\n@twice\ndef f(x): return x + x[:1]"
    ),
    "generator_send": (
        "def running():\n    total = 0\n    while True:\n        total += yield total\n"
        "def f(x):\n    g = running()\n    next(g)\n    return [g.send(ord(c)) for c in x]"
    ),
    "coroutine_by_hand": (
        "async def g(x): return len(x)\ndef f(x):\n    try: g(x).send(None)\n"
        "    except StopIteration as end: return end.value"
    ),
    "dynamic_programming": (
        "def f(x):\n    best = [[0] * (len(x) + 1) for _ in range(len(x) + 1)]\n"
        "    for i, a in enumerate(x):\n        for j, b in enumerate(reversed(x)):\n"
        "            best[i + 1][j + 1] = best[i][j] + 1 if a == b else max(best[i][j + 1], best[i + 1][j])\n"
        "    return best[-1][-1]"
    ),
    "sieve": (
        "def f(x):\n    n = 50 * len(x) + 2\n    prime = bytearray([1]) * n\n"
        "    for i in range(2, int(n ** 0.5) + 1):\n        prime[i * i :: i] = bytes(len(prime[i * i :: i]))\n"
        "    return sum(prime) - 2"
    ),
    "automaton": (
        "table = {('s', '('): 'o', ('o', ')'): 's'}\ndef f(x):\n    state = 's'\n"
        "    for c in x: state = table.get((state, c), state)\n    return state"
    ),
    "modular_power": "def f(x): return [pow(7, len(x), 101), pow(3, -1, 101), divmod(-len(x) - 1, 4)]",
    "bits": "def f(x): return [len(x) << 70 >> 3, ~len(x) & 0xFF, (5 ^ len(x)).bit_count(), len(x).bit_length()]",
    "floats": "import math\ndef f(x): return [math.fsum([0.1] * len(x)), round(2.675, 2), float.hex(0.1), 1e308 * 10 == math.inf]",
    "complex": "import cmath\ndef f(x): return [abs(cmath.exp(1j * len(x))), (1 + 2j).imag]",
    "translate": "def f(x): return x.translate(str.maketrans('abc', 'xyz', '0123456789'))",
    "regex_substitution": "import re\ndef f(x): return re.sub(r'(?P<d>\\d)(?=\\d)', lambda m: m['d'] + '-', x, flags=re.UNICODE)",
    "string_template": "from string import Template, ascii_lowercase\ndef f(x): return Template('$a:$b').substitute(a=len(x), b=ascii_lowercase[len(x)])",
    "old_formats": "def f(x): return '%05d|%-4s|%x' % (len(x), x[:2], len(x)) + '{0:+.2f}{1!r}'.format(1 / 3, x)",
    "string_io": "import io\ndef f(x):\n    out = io.StringIO()\n    print(*x, sep='/', end='.', file=out)\n    return out.getvalue()",
    "array": "from array import array\ndef f(x): return array('H', map(ord, x)).tobytes().hex()",
    "memoryview": "def f(x): return bytes(memoryview(x.encode())[::2]).hex()",
    "calendar": "import calendar\ndef f(x): return [calendar.monthrange(2024, len(x) % 12 + 1)[1], calendar.isleap(1900)]",
    "timezone": "from datetime import datetime, timedelta, timezone\ndef f(x): return datetime(2024, 1, 1, tzinfo=timezone(timedelta(hours=len(x)))).astimezone(timezone.utc).isoformat()",
    "difflib": "import difflib\ndef f(x): return difflib.SequenceMatcher(None, x, x[::-1]).ratio()",
    "ast": "import ast\ndef f(x):\n    try: return ast.literal_eval(x)\n    except (ValueError, SyntaxError): return None",
    "eval": "def f(x): return eval('len(x) ** 2', {'x': x})",
    "exec": "def f(x):\n    names = {}\n    exec('def g(y): return y[::2]', names)\n    return names['g'](x)",
    "inspect": "import inspect\ndef g(a, *, b=2): ...\ndef f(x): return str(inspect.signature(g)) + x",
    "pprint": "import pprint\ndef f(x): return pprint.pformat({'k': list(x) * 4}, width=30)",
    "weakref": "import weakref\nclass C: pass\ndef f(x):\n    c = C()\n    r = weakref.ref(c)\n    alive = r() is c\n    del c\n    return [alive, r() is None]",
    "queue": "from queue import PriorityQueue\ndef f(x):\n    q = PriorityQueue()\n    for c in x: q.put(c)\n    return [q.get() for _ in x]",
    "uuid_of_name": "import uuid\ndef f(x): return str(uuid.uuid5(uuid.NAMESPACE_DNS, x))",
    "traceback": "import traceback\ndef f(x):\n    try: return int(x)\n    except ValueError as e: return traceback.format_exception_only(e)[-1]",
    "warnings": "import warnings\ndef f(x):\n    with warnings.catch_warnings(record=True) as seen:\n        warnings.simplefilter('always')\n        warnings.warn('old')\n    return len(seen)",
    "logging": "import logging\ndef f(x):\n    logging.getLogger('p').debug(x)\n    return logging.getLevelName(20)",
    "exception_chain": (
        "class Odd(ValueError): pass\ndef f(x):\n    try:\n        try: return int(x)\n"
        "        except ValueError as e: raise Odd('no') from e\n"
        "    except Odd as e: return [str(e), type(e.__cause__).__name__]"
    ),
    "except_star": (
        "def f(x):\n    found = []\n    try: raise ExceptionGroup('g', [KeyError(x), TypeError(1)])\n"
        "    except* KeyError: found.append('key')\n    except* TypeError: found.append('type')\n"
        "    return found"
    ),
    "walrus_and_unpacking": "def f(x): return [n := len(x), *range(n), *(lambda *a, **k: (*a, *k))(1, b=2)]",
    "nonlocal": "def f(x):\n    n = 0\n    def up():\n        nonlocal n\n        n += 1\n    for _ in x: up()\n    return n",
    "itertools_many": (
        "from itertools import accumulate, chain, combinations, islice, pairwise, permutations\n"
        "def f(x): return [list(accumulate(map(ord, x))), [''.join(c) for c in islice(combinations(x, 2), 5)],"
        " len(list(chain(pairwise(x), permutations(x[:3]))))]"
    ),
    "partial_and_dispatch": (
        "from functools import cmp_to_key, partial, singledispatch\n@singledispatch\ndef g(x): return 'other'\n"
        "@g.register\ndef _(x: int): return 'int'\n"
        "def f(x): return [g(1), g(x), partial(pow, 2)(len(x)), sorted(x, key=cmp_to_key(lambda a, b: ord(b) - ord(a)))]"
    ),
    "flags": "from enum import IntFlag\nclass F(IntFlag):\n    A = 1\n    B = 2\ndef f(x): return (F.A | F.B).value + len(F)",
    "named_tuple": "from collections import namedtuple\nP = namedtuple('P', 'a b')\ndef f(x): return list(P(a=x, b=1)._replace(b=2))",
    "frozen_dataclass": (
        "from dataclasses import dataclass, asdict, replace\n@dataclass(frozen=True, slots=True)\nclass P:\n"
        "    n: int\n    m: int = 2\ndef f(x): return asdict(replace(P(len(x)), m=7))"
    ),
    "metaclass": (
        "class M(type):\n    def __new__(m, n, b, d): return super().__new__(m, n, b, {**d, 'k': len(d)})\n"
        "class A(metaclass=M):\n    y = 1\ndef f(x): return A.k > 0 and A.y"
    ),
    "sorting": "def f(x): return sorted(x, key=lambda c: (-x.count(c), c), reverse=True)",
    "decimal_context": "from decimal import ROUND_HALF_UP, Decimal, localcontext\ndef f(x):\n    with localcontext() as c:\n        c.prec = 5\n        return [str(Decimal(len(x)).sqrt()), str(Decimal('2.5').quantize(Decimal(1), ROUND_HALF_UP))]",
    "numbers": "import numbers\nfrom fractions import Fraction\ndef f(x): return isinstance(Fraction(len(x)), numbers.Rational)",
    "normal_distribution": "from statistics import NormalDist, median, mode\ndef f(x): return [NormalDist(0, 1).cdf(len(x) / 4), median([1, len(x), 3]), mode('aab')]",
    "random_shuffle": "import random\ndef f(x):\n    r = random.Random(7)\n    a = list(x)\n    r.shuffle(a)\n    return [a, r.gauss(0, 1), r.choices('ab', k=3)]",
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
