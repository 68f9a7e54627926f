"""Operators on lists of strings and on lists of floats; they are evaluated sample by sample."""

from __future__ import annotations

from llmerm.search.op import Op

OF_STRINGS = (
    Op("first string", "str", ("strs",), "{0}[0]", weight=2),
    Op("last string", "str", ("strs",), "{0}[-1]", weight=2),
    Op("string at", "str", ("strs", "place"), "{0}[{1}]", weight=0.5),
    Op("longest", "str", ("strs",), "max({0}, key=len)"),
    Op("shortest", "str", ("strs",), "min({0}, key=len)"),
    Op("least string", "str", ("strs",), "min({0})", weight=0.5),
    Op("greatest string", "str", ("strs",), "max({0})", weight=0.5),
    Op("commonest string", "str", ("strs",), "max({0}, key={0}.count)", weight=0.5),
    Op("join", "str", ("strs", "mark"), "{1}.join({0})", weight=3),
    Op("first letters", "str", ("strs",), "''.join(w[0] for w in {0})"),
    Op("last letters", "str", ("strs",), "''.join(w[-1] for w in {0})", weight=0.5),
    Op("how many", "int", ("strs",), "len({0})", weight=2),
    Op("how many distinct", "int", ("strs",), "len(set({0}))"),
    Op("how often", "int", ("strs", "str"), "{0}.count({1})", weight=0.5),
    Op("how many contain", "int", ("strs", "char"), "sum({1} in w for w in {0})"),
    Op("how many begin", "int", ("strs", "char"), "sum(w.startswith({1}) for w in {0})"),
    Op("how many end", "int", ("strs", "char"), "sum(w.endswith({1}) for w in {0})"),
    Op("lengths", "ints", ("strs",), "[len(w) for w in {0}]", weight=2),
    Op("string numbers", "ints", ("strs",), "[int(w) for w in {0}]"),
    Op("same strings", "bool", ("strs", "strs"), "{0} == {1}", commutes=True),
    Op("member", "bool", ("strs", "str"), "{1} in {0}"),
)
"""What a list of strings gives."""

LISTED = (
    Op("strings reversed", "strs", ("strs",), "{0}[::-1]"),
    Op("strings sorted", "strs", ("strs",), "sorted({0})"),
    Op("strings by length", "strs", ("strs",), "sorted({0}, key=len)", weight=0.5),
    Op("strings once", "strs", ("strs",), "list(dict.fromkeys({0}))"),
    Op("but first", "strs", ("strs",), "{0}[1:]"),
    Op("but last", "strs", ("strs",), "{0}[:-1]"),
    Op("first strings", "strs", ("strs", "place"), "{0}[:{1}]", weight=0.5),
    Op("every other", "strs", ("strs",), "{0}[::2]", weight=0.5),
    Op("upper each", "strs", ("strs",), "[w.upper() for w in {0}]"),
    Op("lower each", "strs", ("strs",), "[w.lower() for w in {0}]"),
    Op("capital each", "strs", ("strs",), "[w.capitalize() for w in {0}]"),
    Op("strip each", "strs", ("strs",), "[w.strip() for w in {0}]", weight=0.5),
    Op("reverse each", "strs", ("strs",), "[w[::-1] for w in {0}]"),
    Op("first of each", "strs", ("strs",), "[w[0] for w in {0}]"),
    Op("last of each", "strs", ("strs",), "[w[-1] for w in {0}]", weight=0.5),
    Op("prefix of each", "strs", ("strs", "place"), "[w[:{1}] for w in {0}]", weight=0.5),
    Op("longer", "strs", ("strs", "place"), "[w for w in {0} if len(w) > {1}]"),
    Op("shorter", "strs", ("strs", "place"), "[w for w in {0} if len(w) < {1}]"),
    Op("containing", "strs", ("strs", "char"), "[w for w in {0} if {1} in w]"),
    Op("not containing", "strs", ("strs", "char"), "[w for w in {0} if {1} not in w]"),
    Op("beginning", "strs", ("strs", "char"), "[w for w in {0} if w.startswith({1})]"),
    Op("ending", "strs", ("strs", "char"), "[w for w in {0} if w.endswith({1})]"),
    Op("not empty", "strs", ("strs",), "[w for w in {0} if w]", weight=0.5),
    Op("capitalised", "strs", ("strs",), "[w for w in {0} if w[:1].isupper()]", weight=0.5),
    Op("concatenated", "strs", ("strs", "strs"), "{0} + {1}", weight=0.3),
)
"""Lists of strings from lists of strings."""

SPLIT = (
    Op("split words", "strs", ("str",), "{0}.split()", weight=3),
    Op("split at", "strs", ("str", "char"), "{0}.split({1})", weight=3),
    Op("split characters", "strs", ("str",), "list({0})"),
)
"""Lists of strings from strings."""

OF_FLOATS = (
    Op("float sum", "float", ("floats",), "sum({0})", weight=2),
    Op("mean", "float", ("floats",), "sum({0}) / len({0})", weight=2),
    Op("float max", "float", ("floats",), "max({0})", weight=2),
    Op("float min", "float", ("floats",), "min({0})", weight=2),
    Op("first float", "float", ("floats",), "{0}[0]"),
    Op("last float", "float", ("floats",), "{0}[-1]"),
    Op("float at", "float", ("floats", "place"), "{0}[{1}]", weight=0.5),
    Op("middle", "float", ("floats",), "sorted({0})[len({0}) // 2]", weight=0.5),
    Op("floats len", "int", ("floats",), "len({0})"),
    Op("floats distinct", "int", ("floats",), "len(set({0}))", weight=0.5),
    Op("floats above", "int", ("floats", "real"), "sum(v > {1} for v in {0})"),
    Op("floats below", "int", ("floats", "real"), "sum(v < {1} for v in {0})"),
    Op("floats above 0", "int", ("floats",), "sum(v > 0 for v in {0})"),
    Op("floats sorted", "floats", ("floats",), "sorted({0})"),
    Op("floats reversed", "floats", ("floats",), "{0}[::-1]", weight=0.5),
    Op("floats tail", "floats", ("floats",), "{0}[1:]", weight=0.5),
    Op("floats init", "floats", ("floats",), "{0}[:-1]", weight=0.5),
    Op("float magnitudes", "floats", ("floats",), "[abs(v) for v in {0}]", weight=0.5),
    Op("float squares", "floats", ("floats",), "[v * v for v in {0}]"),
    Op("float differences", "floats", ("floats",), "[b - a for a, b in zip({0}, {0}[1:])]"),
    Op("same floats", "bool", ("floats", "floats"), "{0} == {1}", commutes=True),
)
"""What a list of floats gives; an int among its items counts as a float."""

WITH_NUMBER = (
    Op("number in", "bool", ("ints", "int"), "{1} in {0}"),
    Op("how many above", "int", ("ints", "int"), "sum(v > {1} for v in {0})"),
    Op("how many below", "int", ("ints", "int"), "sum(v < {1} for v in {0})"),
    Op("numbers plus", "ints", ("ints", "int"), "[v + {1} for v in {0}]"),
    Op("numbers times", "ints", ("ints", "int"), "[v * {1} for v in {0}]"),
)
"""A list of whole numbers and a number that is given beside it; more are among the maps."""

MARKS = ("", " ", ",", ", ", "-", "_", "/", ".", "; ", ";", ":", "|", "\n", "+", " and ")
"""What commonly joins strings."""
