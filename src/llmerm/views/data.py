"""What a notebook shows of labelled examples, and of a family of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from llmerm.typing import Value
from llmerm.views.bar import share
from llmerm.views.card import card, line, note
from llmerm.views.code import code
from llmerm.views.table import facts, table
from llmerm.views.text import cut, html

ROWS, LABELS, COLUMNS, CELL = 5, 6, 12, 120
"""How many samples, labels, columns and characters of a value are shown."""


def samples_card(
    inputs: Sequence[Value],
    outputs: Sequence[Value],
    *,
    counts: Sequence[tuple[str, int]],
    name: str,
    description: str | None,
) -> str:
    """What a notebook shows of samples: the labels' shares, and the first few.

    Args:
        inputs: one a sample.
        outputs: one a sample.
        counts: how often each label occurs, by its text, the most frequent first.
        name: where they come from.
        description: what is known of the rule in words.

    >>> samples_card(["01"], [1], counts=[("1", 1)], name="bits", description=None).count("<table")
    2
    """
    size = len(outputs)
    parts = [line(description)] if description else []
    parts.append(table(("label", "samples", ""), _label_rows(counts, size)))
    if len(counts) > LABELS:
        parts.append(note(f"{len(counts) - LABELS:,} more labels: samples.label_counts"))
    parts.append(_first(inputs, outputs))
    if size > ROWS:
        parts.append(note(f"{size - ROWS:,} more samples"))
    return card(f"{size:,} samples", *parts, badge=name)


def _label_rows(counts: Sequence[tuple[str, int]], size: int) -> Iterator[tuple[str, ...]]:
    for label, count in counts[:LABELS]:
        yield html(label, most=CELL), f"{count:,}", share(count / size)


def _first(inputs: Sequence[Value], outputs: Sequence[Value]) -> str:
    """The first samples, a table's by column."""
    first = inputs[:ROWS]
    if not all(isinstance(x, Mapping) for x in first):
        return table(("x", "y"), zip(map(_cell, first), map(_cell, outputs), strict=False))
    named = [x for x in first if isinstance(x, dict)]
    columns = list(dict.fromkeys(column for x in named for column in x))
    shown = columns[:COLUMNS]
    rows = (
        [*(_cell(x[column]) if column in x else "" for column in shown), _cell(y)]
        for x, y in zip(named, outputs, strict=False)
    )
    left = f"{len(columns) - len(shown):,} more columns" if len(columns) > len(shown) else ""
    return table([*(cut(str(c), CELL) for c in shown), "y"], rows) + (note(left) if left else "")


def _cell(value: Value) -> str:
    return html(repr(value), most=CELL)


def task_card(
    name: str, *, summary: str, parameters: Mapping[str, Value], source: str, known: bool
) -> str:
    """What a notebook shows of a task: what it asks, its parameters, its rule.

    Args:
        name: the family's name.
        summary: what it is, in a sentence.
        parameters: all that defines it.
        source: the rule as a program; empty where it cannot be had.
        known: whether there is a rule.

    >>> "<pre" in task_card("odd", summary="", parameters={}, source="def f(x): 1", known=True)
    True
    """
    parts = [line(summary)] if summary else []
    parts.append(facts((key, cut(repr(value), CELL)) for key, value in parameters.items()))
    if source:
        parts.append(code(source, most=2_000))
    elif not known:
        parts.append(note("Measured data: no rule is known."))
    return card(name, *parts, badge="task", tone="good" if known else "fair")
