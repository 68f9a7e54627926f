"""Text made place by place: from neighbouring characters, from the place, or from what was written.

Cellular automata, differences of neighbours, running sums and alternating cases are such rules.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence

from llmerm.samples import Samples
from llmerm.search.bank import Bank
from llmerm.search.candidate import Candidate
from llmerm.search.clock import Clock
from llmerm.search.expression import Expr
from llmerm.search.families import FAMILY_BITS
from llmerm.search.op import Op
from llmerm.search.solvers.characters import CHANGE_BITS, CHANGES, X
from llmerm.search.texts import table_bits

LARGEST_TABLE = 64
"""Rules are looked for whose table has at most so many entries."""

LARGEST_ALPHABET = 8

FORM_BITS = 1.0
"""What it costs to say whether the form is a change by place or a table."""

ACCUMULATE = ("from itertools import accumulate",)

Form = tuple[float, str]
"""The bits and the source."""

PLACES: Mapping[str, Callable[[int], bool]] = {
    "i % 2 == 0": lambda i: i % 2 == 0,
    "i % 2 == 1": lambda i: i % 2 == 1,
    "i % 3 == 0": lambda i: i % 3 == 0,
    "i % 3 == 1": lambda i: i % 3 == 1,
    "i % 3 == 2": lambda i: i % 3 == 2,
}
"""Which places are treated in one way, the others in another."""

PADDED: tuple[tuple[int, str, str], ...] = (
    (2, "{0}", "x"),
    (3, "{0}", "x"),
    (2, "{0} + {0}[0]", "x + x[0]"),
    (2, "{0}[-1] + {0}", "x[-1] + x"),
    (3, "{0}[-1] + {0} + {0}[0]", "x[-1] + x + x[0]"),
    (2, "'0' + {0}", "'0' + x"),
    (2, "{0} + '0'", "x + '0'"),
    (3, "'0' + {0} + '0'", "'0' + x + '0'"),
)
"""The size of a window, and how the text is extended at its ends: not, in a circle, by a 0."""


class Windows:
    """Finds what stands at each place of the labels by a table over a window of the input.

    Each entry of a table is paid for.
    """

    name = "windows"

    def propose(self, bank: Bank, samples: Samples, clock: Clock) -> Iterator[Candidate]:
        """The rules that all samples agree with, once."""
        if bank.unit != 1 or not all(type(v) is str for pair in samples for v in pair):
            return
        texts, labels = [str(x) for x in samples.inputs], [str(y) for y in samples.outputs]
        for rules in (by_place, by_window, by_last):
            for bits, source in () if clock.over else rules(texts, labels):
                needs = ACCUMULATE if "accumulate" in source else ()
                op = Op(self.name, "label", ("str",), source, needs=needs)
                yield Candidate(Expr(op, (Expr(X),)), FAMILY_BITS[self.name] + bits, self.name)


def by_place(texts: Sequence[str], labels: Sequence[str]) -> Iterator[Form]:
    """One change for the characters at some places, another for the rest."""
    for test, chosen in PLACES.items():
        for special in CHANGES:
            for usual in CHANGES:
                pairs = zip(texts, labels, strict=True)
                if special != usual and all(
                    y == _changed(x, chosen, CHANGES[special], CHANGES[usual]) for x, y in pairs
                ):
                    parts = f"{special} if {test} else {usual}"
                    source = f"''.join({parts} for i, c in enumerate({{0}}))"
                    yield FORM_BITS + 2 * CHANGE_BITS + math.log2(len(PLACES)), source


def _changed(
    text: str,
    chosen: Callable[[int], bool],
    special: Callable[[str], str],
    usual: Callable[[str], str],
) -> str:
    return "".join(special(c) if chosen(i) else usual(c) for i, c in enumerate(text))


def by_window(texts: Sequence[str], labels: Sequence[str]) -> Iterator[Form]:
    """A table over windows of two or three characters, the text's ends extended or not.

    >>> [source for _, source in by_window(["0110", "10", "00"], ["101", "1", "0"])]
    ["''.join('1' if a != b else '0' for a, b in zip({0}, {0}[1:]))"]
    """
    if not 0 < len(set("".join(texts))) <= LARGEST_ALPHABET:
        return
    for size, source, extended in PADDED:
        read = eval(f"lambda x: {extended}")
        longer = [read(x) if x else "" for x in texts]
        windows = [[x[i : i + size] for i in range(len(x) - size + 1)] for x in longer]
        table = _table(windows, labels)
        if table is not None:
            yield _priced(table, texts), _windowed(source, size, table)


def _table(windows: Sequence[Sequence[str]], labels: Sequence[str]) -> dict[str, str] | None:
    """What stands where a window does, or None if that differs."""
    table: dict[str, str] = {}
    for found, label in zip(windows, labels, strict=True):
        if len(found) != len(label):
            return None
        for window, c in zip(found, label, strict=True):
            if table.setdefault(window, c) != c:
                return None
    return dict(sorted(table.items())) if 1 < len(table) <= LARGEST_TABLE else None


def _priced(table: Mapping[str, str], texts: Sequence[str]) -> float:
    """The bits of a table: which one, and a character for each of its windows."""
    which = math.log2(len(PADDED) + 1)  # these, and the table over what was written last
    return FORM_BITS + which + table_bits(list(table.values()), "".join(texts))


def _windowed(text: str, size: int, table: Mapping[str, str]) -> str:
    if size == 2 and set(table.values()) == {"0", "1"}:
        for sign in ("!=", "=="):
            if all(
                (w[0] == w[1]) == (y == ("1" if sign == "==" else "0")) for w, y in table.items()
            ):
                later = f"({text})[1:]" if " " in text else f"{text}[1:]"
                return f"''.join('1' if a {sign} b else '0' for a, b in zip({text}, {later}))"
    ends = f"range(len({{0}}) - {size - 1})" if text == "{0}" else "range(len({0}))"
    inner = f"({text})" if " " in text else text
    return f"''.join({_looked_up(f'{inner}[i:i + {size}]', table)} for i in {ends})"


def _looked_up(window: str, table: Mapping[str, str]) -> str:
    """The entry of a window; of a table with two values, whether it is among some."""
    if set(table.values()) == {"0", "1"}:
        return f"'1' if {window} in {[w for w, y in table.items() if y == '1']!r} else '0'"
    return f"{dict(table)!r}[{window}]"


def by_last(texts: Sequence[str], labels: Sequence[str]) -> Iterator[Form]:
    """A table over the character last written and the next; the first one is kept.

    >>> [source for _, source in by_last(["0110", "111", "00"], ["0100", "101", "00"])]
    ["''.join(accumulate({0}, lambda a, b: {'00': '0', '01': '1', '11': '0'}[a + b]))"]
    """
    if any(x[:1] != y[:1] for x, y in zip(texts, labels, strict=True)):
        return
    pairs = zip(texts, labels, strict=True)
    windows = [[a + b for a, b in zip(y, x[1:], strict=False)] for x, y in pairs]
    table = _table(windows, [y[1:] for y in labels])
    if table is not None and len(set("".join(texts))) <= LARGEST_ALPHABET:
        source = f"''.join(accumulate({{0}}, lambda a, b: {table!r}[a + b]))"
        yield _priced(table, texts), source
