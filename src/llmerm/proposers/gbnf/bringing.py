"""What a program of the grammar relies on: the imports and helpers of the operators it uses."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from llmerm.search.emit import helper_source
from llmerm.search.op import Op


class Brought(NamedTuple):
    """A name that operators use, and the lines of Python that define it."""

    name: str
    source: str


def brought(ops: Iterable[Op]) -> tuple[Brought, ...]:
    """All names that the operators take from elsewhere, imports first.

    >>> brought([Op("gcd", "int", ("int", "int"), "math.gcd({0}, {1})", needs=("import math",))])
    (Brought(name='math', source='import math'),)
    """
    used = list(ops)
    imports = {line: None for op in used for line in op.needs}
    helpers = {
        helper.__name__: "\n".join([*op.needs, helper_source(helper)])
        for op in used
        for helper in op.helpers
    }
    lines = [Brought(name, line) for line in imports for name in _imported(line)]
    return (*lines, *(Brought(name, source) for name, source in helpers.items()))


def standing_alone(source: str, names: Iterable[Brought]) -> str:
    r"""The source with all that it names in front.

    >>> standing_alone("def f(x): return math.gcd(x, 6)", [Brought("math", "import math")])
    'import math\n\ndef f(x): return math.gcd(x, 6)'
    """
    used = [part.source for part in names if re.search(rf"\b{re.escape(part.name)}\b", source)]
    return "\n\n".join([*dict.fromkeys(used), source])


def _imported(line: str) -> Iterator[str]:
    for statement in ast.parse(line).body:
        if isinstance(statement, ast.Import | ast.ImportFrom):
            yield from (alias.asname or alias.name for alias in statement.names)
