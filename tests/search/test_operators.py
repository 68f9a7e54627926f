"""Operators: the block form of each means exactly what its printed source means."""

from __future__ import annotations

import random

import numpy as np
import pytest

from llmerm.search.expression import op_function
from llmerm.search.op import Op
from llmerm.search.operators import items, lists, logic, maps, numbers, strings
from llmerm.search.sequences import Lists, Texts
from llmerm.search.values import Bigs, Bools, Floats, Ints

CATALOGUE = [
    op
    for module in (strings, numbers, lists, items, maps, logic)
    for key, group in vars(module).items()
    if isinstance(group, tuple) and key != "ALL"
    for op in group
    if isinstance(op, Op)
]
WITH_BLOCKS = [op for op in CATALOGUE if op.block is not None]
KINDS = {
    "str": Texts(24),
    "ints": Lists(24),
    "int": Ints(),
    "bool": Bools(),
    "big": Bigs(),
    "float": Floats(),
}
LITERALS = {"char": "str", "word": "str", "place": "int", "num": "int", "modulus": "int"}
LITERALS |= {"cut": "int", "real": "float"}
ROWS, SAMPLES = 12, 7


def draw(kind: str, alphabet: str, rng: random.Random) -> object:
    text = "".join(rng.choice(alphabet) for _ in range(rng.randint(0, 11)))
    if kind == "word":
        return "".join(rng.choice(alphabet) for _ in range(rng.randint(1, 3)))
    return {
        "str": text,
        "char": rng.choice(alphabet),
        "ints": [rng.randint(-9, 9) for _ in range(rng.randint(0, 9))],
        "int": rng.choice([rng.randint(-9, 9), rng.randint(0, 20)]),
        "bool": rng.random() < 0.5,
        "big": rng.randint(-30, 10**30),
        "float": rng.choice([0.0, rng.uniform(-3, 3)]),
        "place": rng.randint(1, 6),
        "num": rng.randint(0, 5),
        "modulus": rng.randint(2, 6),
        "cut": rng.randint(-9, 9),
        "real": rng.uniform(-3, 3),
    }[kind]


def stacked(kind: str, rows: list[list[object]]):
    coder = KINDS[LITERALS.get(kind, kind)]
    store = coder.empty(len(rows), len(rows[0]))
    for place, row in enumerate(rows):
        coder.put(store, place, coder.encode(row))
    return store


def by_source(op: Op, args: tuple[object, ...]) -> tuple[bool, object]:
    try:
        return True, op_function(op)(*args)
    except Exception:
        return False, None


@pytest.mark.parametrize("alphabet", ["01", "0123456789", "ab c1"])
@pytest.mark.parametrize("op", WITH_BLOCKS, ids=lambda op: f"{op.ret}-{op.name}")
def test_block_is_the_source(op, alphabet):
    """For random arguments, the block has the source's values and is undefined where it raises."""
    rng = random.Random(f"{op.name} {alphabet}")
    columns = [
        [
            [draw(kind, alphabet, rng)] * SAMPLES
            if kind in LITERALS
            else [draw(kind, alphabet, rng) for _ in range(SAMPLES)]
            for _ in range(ROWS)
        ]
        for kind in op.args
    ]
    blocks = [
        stacked(kind, [row[:1] for row in column] if kind in LITERALS else column)
        for kind, column in zip(op.args, columns, strict=True)
    ]
    shape = (ROWS, SAMPLES)
    defined = op.defined(*blocks) if op.defined else np.ones(shape, np.bool_)
    defined = np.broadcast_to(defined, shape)
    values = KINDS[op.ret].spread(op.block(*blocks), SAMPLES)
    compared = 0
    for row in range(ROWS):
        wanted = [by_source(op, tuple(c[row][i] for c in columns)) for i in range(SAMPLES)]
        good = [ok for ok, _ in wanted]
        if op.name != "flip" or alphabet == "01":  # flip belongs to bit strings alone
            assert good == defined[row].tolist()
            if all(good) and defined[row].all():
                found = KINDS[op.ret].decode(values[row])
                values_wanted = [v for _, v in wanted]
                exact = op.ret != "float"
                assert found == (values_wanted if exact else pytest.approx(values_wanted))
                compared += 1
    assert compared > 0 or op.defined is not None or op.name == "flip"


def test_the_catalogue_was_found():
    """The tests above run over well more than a hundred operators, most of them with blocks."""
    assert len(CATALOGUE) > 110
    assert len(WITH_BLOCKS) > 90
    assert len({(op.ret, op.name) for op in CATALOGUE}) >= len(CATALOGUE) - 2
