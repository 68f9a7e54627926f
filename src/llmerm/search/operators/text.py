"""Operators of programs that turn text into text: pieces, cases, words, joins, conditions.

They are evaluated on few samples, one by one: their source is all there is. The type of the whole
program is "label": a piece of text, or several in a row, or a choice between two.
"""

from __future__ import annotations

from llmerm.search.op import Op

REGEX = ("import re",)
CALENDAR = ("import calendar",)
RUNS = ("from itertools import groupby",)

PIECES = (
    Op("item", "str", ("strs", "index"), "{0}[{1}]", weight=9),
    Op("first character", "str", ("str",), "{0}[0]", weight=3),
    Op("last character", "str", ("str",), "{0}[-1]", weight=0.7),
    Op("character at", "str", ("str", "index"), "{0}[{1}]", weight=0.3),
    Op("prefix", "str", ("str", "size"), "{0}[:{1}]", weight=1.2),
    Op("suffix", "str", ("str", "size"), "{0}[-{1}:]", weight=1.2),
    Op("from", "str", ("str", "size"), "{0}[{1}:]", weight=1.2),
    Op("all but last", "str", ("str", "size"), "{0}[:-{1}]", weight=1),
    Op("slice", "str", ("str", "size", "size"), "{0}[{1}:{1} + {2}]", weight=0.7),
    Op("before last", "str", ("str", "sep"), "{0}.rpartition({1})[0]", weight=1),
    Op("after", "str", ("str", "sep"), "{0}.partition({1})[2]", weight=1.5),
    Op("from separator", "str", ("str", "sep"), "{0}[{0}.index({1}):]", weight=0.4),
)

CASES = (
    Op("lower", "str", ("str",), "{0}.lower()", weight=2.5),
    Op("upper", "str", ("str",), "{0}.upper()", weight=2.5),
    Op("capitalize", "str", ("str",), "{0}.capitalize()", weight=1.5),
    Op("title", "str", ("str",), "{0}.title()", weight=1.5),
    Op("swapcase", "str", ("str",), "{0}.swapcase()", weight=0.6),
)

CHANGES = (
    Op("strip", "str", ("str",), "{0}.strip()", weight=2),
    Op("strip of", "str", ("str", "sep"), "{0}.strip({1})", weight=0.7),
    Op("strip left of", "str", ("str", "sep"), "{0}.lstrip({1})", weight=0.7),
    Op("strip right of", "str", ("str", "sep"), "{0}.rstrip({1})", weight=0.5),
    Op("delete", "str", ("str", "sep"), "{0}.replace({1}, '')", weight=1.5),
    Op("replace", "str", ("str", "sep", "mark"), "{0}.replace({1}, {2})", weight=2),
    Op("replace first", "str", ("str", "sep", "mark"), "{0}.replace({1}, {2}, 1)", weight=0.2),
    Op("keep", "str", ("str", "class"), "''.join(re.findall({1}, {0}))", needs=REGEX, weight=1.5),
    Op("drop", "str", ("str", "class"), "re.sub({1}, '', {0})", needs=REGEX, weight=1.2),
    Op("reverse", "str", ("str",), "{0}[::-1]", weight=1),
    Op("sorted", "str", ("str",), "''.join(sorted({0}))", weight=0.2),
    Op("distinct", "str", ("str",), "''.join(dict.fromkeys({0}))", weight=0.2),
    Op("evens", "str", ("str",), "{0}[::2]", weight=0.4),
    Op("odds", "str", ("str",), "{0}[1::2]", weight=0.4),
    Op("first half", "str", ("str",), "{0}[:len({0}) // 2]", weight=0.1),
    Op("second half", "str", ("str",), "{0}[len({0}) // 2:]", weight=0.1),
    Op("replace spaces", "str", ("str", "mark"), "re.sub(r'\\s+', {1}, {0})", needs=REGEX),
    Op("repeat", "str", ("str", "factor"), "{0} * {1}", weight=0.3),
    Op("spread", "str", ("str", "mark"), "{1}.join({0})", weight=0.4),
    Op("each twice", "str", ("str",), "''.join(c * 2 for c in {0})", weight=0.2),
    Op(
        "first of runs",
        "str",
        ("str",),
        "''.join(c for c, _ in groupby({0}))",
        needs=RUNS,
        weight=0.3,
    ),
    Op(
        "before capitals",
        "str",
        ("str", "mark"),
        "re.sub('(?<=.)(?=[A-Z])', {1}, {0})",
        needs=REGEX,
        weight=0.3,
    ),
    Op(
        "after digits",
        "str",
        ("str", "mark"),
        "re.sub('(?<=[0-9])(?=[A-Za-z])', {1}, {0})",
        needs=REGEX,
        weight=0.2,
    ),
    Op(
        "before digits",
        "str",
        ("str", "mark"),
        "re.sub('(?<=[A-Za-z])(?=[0-9])', {1}, {0})",
        needs=REGEX,
        weight=0.2,
    ),
    Op("without prefix", "str", ("str", "sep"), "{0}.removeprefix({1})", weight=0.3),
    Op("without suffix", "str", ("str", "sep"), "{0}.removesuffix({1})", weight=0.3),
    Op("mask", "str", ("str", "mark"), "{1} * len({0})", weight=0.1),
)

FORMATS = (
    Op("zero-padded", "str", ("str", "width"), "{0}.zfill({1})", weight=1),
    Op("padded left", "str", ("str", "width", "mark"), "{0}.rjust({1}, {2})", weight=0.2),
    Op("padded right", "str", ("str", "width", "mark"), "{0}.ljust({1}, {2})", weight=0.3),
    Op("number text", "str", ("int",), "str({0})", weight=4),
    Op("thousands", "str", ("int",), "format({0}, ',')", weight=0.5),
    Op("decimals", "str", ("str", "digits"), "format(float({0}), {1})", weight=0.4),
    Op("month", "str", ("int",), "calendar.month_name[{0}]", needs=CALENDAR, weight=0.25),
    Op("month short", "str", ("int",), "calendar.month_abbr[{0}]", needs=CALENDAR, weight=0.25),
)

JOINS = (
    Op("join", "str", ("strs", "mark"), "{1}.join({0})", weight=3),
    Op("longest", "str", ("strs",), "max({0}, key=len)", weight=0.1),
    Op("shortest", "str", ("strs",), "min({0}, key=len)", weight=0.03),
    Op("commonest", "str", ("strs",), "max({0}, key={0}.count)", weight=0.1),
    Op("greatest", "str", ("strs",), "max({0})", weight=0.05),
    Op("least", "str", ("strs",), "min({0})", weight=0.05),
    Op("first with", "str", ("strs", "sep"), "next(w for w in {0} if {1} in w)", weight=0.4),
    Op(
        "first beginning",
        "str",
        ("strs", "sep"),
        "next(w for w in {0} if w.startswith({1}))",
        weight=0.3,
    ),
)

WORDS = (
    Op("words", "strs", ("str",), "{0}.split()", weight=5),
    Op("split", "strs", ("str", "sep"), "{0}.split({1})", weight=6),
    Op("split once", "strs", ("str", "sep"), "{0}.split({1}, 1)", weight=0.4),
    Op(
        "blocks",
        "strs",
        ("str", "size"),
        "[{0}[i:i + {1}] for i in range(0, len({0}), {1})]",
        weight=0.3,
    ),
    Op("runs", "strs", ("str",), "[''.join(g) for _, g in groupby({0})]", needs=RUNS, weight=0.3),
    Op("lines", "strs", ("str",), "{0}.splitlines()", weight=0.3),
    Op("tokens", "strs", ("str", "token"), "re.findall({1}, {0})", needs=REGEX, weight=2),
    Op("but first", "strs", ("strs",), "{0}[1:]", weight=0.7),
    Op("but last", "strs", ("strs",), "{0}[:-1]", weight=0.7),
    Op("first words", "strs", ("strs", "size"), "{0}[:{1}]", weight=0.4),
    Op("last words", "strs", ("strs", "size"), "{0}[-{1}:]", weight=0.4),
    Op("backwards", "strs", ("strs",), "{0}[::-1]", weight=0.7),
    Op("in order", "strs", ("strs",), "sorted({0})", weight=0.5),
    Op("by length", "strs", ("strs",), "sorted({0}, key=len)", weight=0.2),
    Op("each once", "strs", ("strs",), "list(dict.fromkeys({0}))", weight=0.4),
    Op("words with", "strs", ("strs", "sep"), "[w for w in {0} if {1} in w]", weight=0.4),
    Op("words without", "strs", ("strs", "sep"), "[w for w in {0} if {1} not in w]", weight=0.4),
    Op("not empty", "strs", ("strs",), "[w for w in {0} if w]", weight=0.3),
    Op("numbers", "strs", ("strs",), "[w for w in {0} if w.isdigit()]", weight=0.3),
    Op("letters only", "strs", ("strs",), "[w for w in {0} if w.isalpha()]", weight=0.3),
    Op("capitalised", "strs", ("strs",), "[w for w in {0} if w[0].isupper()]", weight=0.3),
)

NUMBERS = (
    Op("int", "int", ("str",), "int({0})", weight=4),
    Op("length", "int", ("str",), "len({0})", weight=3),
    Op("how many", "int", ("strs",), "len({0})", weight=3),
    Op("count", "int", ("str", "sep"), "{0}.count({1})", weight=2),
    Op("find", "int", ("str", "sep"), "{0}.find({1})", weight=1),
    Op("rfind", "int", ("str", "sep"), "{0}.rfind({1})", weight=0.3),
    Op("count text", "int", ("str", "str"), "{0}.count({1})", weight=0.5),
    Op("find text", "int", ("str", "str"), "{0}.find({1})", weight=0.5),
    Op("sum", "int", ("strs",), "sum(map(int, {0}))", weight=0.4),
    Op("largest", "int", ("strs",), "max(map(int, {0}))", weight=0.02),
    Op("smallest", "int", ("strs",), "min(map(int, {0}))", weight=0.02),
    Op("plus", "int", ("int", "int"), "{0} + {1}", weight=0.7),
    Op("minus", "int", ("int", "int"), "{0} - {1}", weight=0.7),
    Op("times", "int", ("int", "int"), "{0} * {1}", weight=0.5),
    Op("plus c", "int", ("int", "size"), "{0} + {1}", weight=1),
    Op("minus c", "int", ("int", "size"), "{0} - {1}", weight=0.7),
    Op("times c", "int", ("int", "size"), "{0} * {1}", weight=0.3),
    Op("over c", "int", ("int", "size"), "{0} // {1}", weight=0.3),
    Op("modulo c", "int", ("int", "size"), "{0} % {1}", weight=0.3),
    Op("absolute", "int", ("int",), "abs({0})", weight=0.4),
)

PAIRS = (
    Op("delete text", "str", ("str", "str"), "{0}.replace({1}, '')", weight=0.4),
    Op("before text", "str", ("str", "str"), "{0}.partition({1})[0]", weight=0.3),
    Op("after text", "str", ("str", "str"), "{0}.partition({1})[2]", weight=0.3),
    Op("replace text", "str", ("str", "str", "str"), "{0}.replace({1}, {2})", weight=0.2),
    Op("item at", "str", ("strs", "int"), "{0}[{1}]", weight=0.5),
    Op("with", "str", ("str", "str"), "{0} + {1}", weight=0.4),
    Op("split at text", "strs", ("str", "str"), "{0}.split({1})", weight=0.2),
    Op("first so many", "str", ("str", "int"), "{0}[:{1}]", weight=0.1),
)
"""Two values of the inputs at work on each other."""

CONDITIONS = (
    Op("has", "bool", ("str", "sep"), "{1} in {0}", weight=4),
    Op("begins", "bool", ("str", "sep"), "{0}.startswith({1})", weight=1),
    Op("ends", "bool", ("str", "sep"), "{0}.endswith({1})", weight=1),
    Op("has text", "bool", ("str", "str"), "{1} in {0}", weight=1),
    Op("is digits", "bool", ("str",), "{0}.isdigit()", weight=1.5),
    Op("is letters", "bool", ("str",), "{0}.isalpha()", weight=1),
    Op("is upper", "bool", ("str",), "{0}.isupper()", weight=1),
    Op("is lower", "bool", ("str",), "{0}.islower()", weight=0.7),
    Op("matches", "bool", ("str", "class"), "bool(re.search({1}, {0}))", needs=REGEX, weight=2),
    Op("is empty", "bool", ("str",), "{0} == ''", weight=1.5),
    Op("equals", "bool", ("str", "sep"), "{0} == {1}", weight=1),
    Op("same", "bool", ("str", "str"), "{0} == {1}", weight=1.5),
    Op("more than", "bool", ("int", "size"), "{0} > {1}", weight=2),
    Op("exactly", "bool", ("int", "size"), "{0} == {1}", weight=1),
    Op("greater", "bool", ("int", "int"), "{0} > {1}", weight=0.7),
)

WHOLE = (
    Op("text", "label", ("str",), "{0}", bits=1.25),
    Op("joined", "label", ("str", "label"), "{0} + {1}", bits=1.25),
    Op("choice", "label", ("bool", "label", "label"), "{1} if {0} else {2}", bits=4),
)
"""The program as a whole."""

CONSTANT = (Op("constant", "str", ("text",), "{0}", weight=8),)

ALL = (
    *PIECES,
    *CASES,
    *CHANGES,
    *FORMATS,
    *JOINS,
    *WORDS,
    *NUMBERS,
    *PAIRS,
    *CONDITIONS,
    *WHOLE,
    *CONSTANT,
)
