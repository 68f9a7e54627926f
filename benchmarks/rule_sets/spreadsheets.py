"""Transformations of one to four cells of a spreadsheet, learnt from two to seven examples."""

from __future__ import annotations

import re
from collections.abc import Callable

from rule_sets import cells
from rule_sets.rule import Draw, Rule


def cell(
    name: str, rule: Callable[..., str], draw: Draw, examples: int = 3, aside: bool | None = None
) -> Rule:
    """A rule from so many examples; none of them is kept to verify the answer."""
    return Rule(name, rule, draw, samples=examples, seconds=2.0, held_out=0.0, aside=aside)


def ordinary(name: str, rule: Callable[..., str], draw: Draw, examples: int = 3) -> Rule:
    """A rule of the first set, whose third that was set aside keeps its place."""
    return cell(name, rule, draw, examples, aside=False)


def set_aside(name: str, rule: Callable[..., str], draw: Draw, examples: int = 3) -> Rule:
    """A rule of the first set that nobody tuned for."""
    return cell(name, rule, draw, examples, aside=True)


FIRST = (
    ordinary("first name", lambda x: x.split()[0], cells.full),
    set_aside("last word", lambda x: x.split()[-1], cells.words),
    ordinary("initials of a pair", lambda x: f"{x[0][0]}.{x[1][0]}.", cells.pair, 2),
    ordinary("surname and initial", lambda x: f"{x[1]}, {x[0][0]}.", cells.pair, 2),
    ordinary("pair with a comma", lambda x: f"{x[1]}, {x[0]}", cells.pair, 2),
    ordinary("date, days first", lambda x: "/".join(x.split("-")[::-1]), cells.date),
    set_aside("year", lambda x: x[:4], cells.date),
    set_aside("month and year", lambda x: f"{x[5:7]}/{x[:4]}", cells.date),
    ordinary("extension", lambda x: x.split(".")[-1], cells.file),
    set_aside("without extension", lambda x: x.rpartition(".")[0], cells.file, 4),
    ordinary("phone in parentheses", lambda x: f"({x[:3]}) {x[4:]}", cells.phone),
    set_aside("phone with dots", lambda x: x.replace("-", "."), cells.phone),
    set_aside("digits of a phone", lambda x: x.replace("-", ""), cells.phone),
    ordinary("domain", lambda x: x.partition("@")[2], cells.mail),
    set_aside("user", lambda x: x.partition("@")[0], cells.mail, 2),
    ordinary("name of a mail",
        lambda x: x.partition("@")[0].replace(".", " ").title(), cells.mail),
    ordinary("padded", lambda x: x.zfill(9), cells.number),
    ordinary("thousands", lambda x: f"{int(x):,}", cells.number, 4),
    ordinary("unit apart",
        lambda x: x.rstrip("kgmlb") + " " + x.lstrip("0123456789"), cells.measure),
    set_aside("unit", lambda x: x.lstrip("0123456789"), cells.measure, 4),
    ordinary("capitals of words", lambda x: "".join(w[0].upper() for w in x.split()), cells.words),
    ordinary("title", str.title, cells.words, 2),
    set_aside("upper", str.upper, cells.words, 2),
    ordinary("snake", lambda x: x.replace(" ", "_"), cells.words),
    ordinary("words backwards", lambda x: " ".join(x.split()[::-1]), cells.words),
    ordinary("each word backwards", lambda x: " ".join(w[::-1] for w in x.split()), cells.words),
    ordinary("second word", lambda x: x.split()[1], cells.words, 4),
    ordinary("sorted words", lambda x: " ".join(sorted(x.split())), cells.words, 4),
    ordinary("address", lambda x: f"{x[0][0].lower()}{x[1].lower()}@acme.org", cells.pair),
    ordinary("four parts", lambda x: f"{x[0]} {x[1][0]}. {x[2][0]}. {x[3]}", cells.four),
    set_aside("title and surname", lambda x: f"{x[0]} {x[3]}", cells.four),
    ordinary("mirror", lambda x: x + x[::-1], cells.name),
    set_aside("backwards", lambda x: x[::-1], cells.words),
    ordinary("without vowels", lambda x: "".join(c for c in x if c not in "aeiou"), cells.words, 5),
    set_aside("every second", lambda x: x[::2], cells.words),
    ordinary("each once", lambda x: "".join(dict.fromkeys(x)), cells.words, 5),
)  # fmt: skip

SECOND = (
    cell("surname of two or three names", lambda x: x.split()[-1], cells.long_name),
    cell("initials of two or three names",
        lambda x: "".join(w[0] + "." for w in x.split()), cells.long_name),
    cell("surname to the front",
        lambda x: f"{x.split()[-1]}, {' '.join(x.split()[:-1])}", cells.long_name, 4),
    cell("natural order", lambda x: " ".join(x.split(", ")[::-1]), cells.surname_first),
    cell("without the title", lambda x: x.partition(" ")[2], cells.maybe_titled, 4),
    cell("spaces tidied", lambda x: " ".join(x.split()), cells.spaced, 4),
    cell("month of an American date",
        lambda x: x.split("/")[0].zfill(2), cells.american, 4),
    cell("American date in ISO order",
        lambda x: "{2}-{0:0>2}-{1:0>2}".format(*x.split("/")), cells.american, 5),
    cell("month and year of a spoken date", lambda x: x.partition(" ")[2], cells.spoken),
    cell("two digits of the year", lambda x: x[-2:], cells.spoken),
    cell("date of a moment", lambda x: x.partition("T")[0], cells.moment),
    cell("hour and minute of a moment", lambda x: x[11:16], cells.moment),
    cell("country code", lambda x: x.split()[0][1:], cells.abroad),
    cell("number without the country code", lambda x: "0" + "".join(x.split()[1:]), cells.abroad),
    cell("last four of a card", lambda x: "*" * 12 + x[-4:], cells.card),
    cell("card in groups of four",
        lambda x: " ".join(x[i : i + 4] for i in (0, 4, 8, 12)), cells.card),
    cell("file of a path", lambda x: x.rpartition("/")[2], cells.path),
    cell("folder of a path", lambda x: x.rpartition("/")[0], cells.path),
    cell("innermost folder", lambda x: x.split("/")[-2], cells.path, 4),
    cell("file changed to a backup", lambda x: x.rpartition(".")[0] + ".bak", cells.path),
    cell("host of a URL", lambda x: x.split("/")[2], cells.url, 4),
    cell("last page of a URL", lambda x: x.split("/")[-1], cells.url, 4),
    cell("identifier in a query", lambda x: re.findall(r"id=(\d+)", x)[0], cells.query, 4),
    cell("language in a query", lambda x: x.rpartition("=")[2], cells.query),
    cell("whole dollars", lambda x: x[1:].replace(",", "").partition(".")[0], cells.money, 5),
    cell("currency behind", lambda x: f"{x[1:]} USD", cells.money),
    cell("number of the house", lambda x: x.partition(" ")[0], cells.address),
    cell("street", lambda x: x.partition(" ")[2].partition(",")[0], cells.address, 4),
    cell("city", lambda x: x.partition(", ")[2].rpartition(" ")[0], cells.address, 4),
    cell("postcode", lambda x: x[-5:], cells.address),
    cell("level of a log line", lambda x: re.findall(r"\[(\w+)\]", x)[0], cells.log_line),
    cell("milliseconds of a log line", lambda x: x.split()[-2], cells.log_line),
    cell("speaker of a log line",
        lambda x: x.partition("] ")[2].partition(":")[0], cells.log_line, 4),
    cell("middle of a product code", lambda x: x.split("-")[1], cells.product),
    cell("product code without zeros",
        lambda x: str(int(x.split("-")[1])), cells.product, 5),
    cell("letters of a plate, a dash, digits",
        lambda x: re.sub(r"([A-Z]+)", r"\1-", x), cells.plate, 4),
    cell("denominator", lambda x: x.partition("/")[2], cells.fraction),
    cell("fraction turned over", lambda x: "/".join(x.split("/")[::-1]), cells.fraction),
    cell("roman numeral", lambda x: x.split()[1].rstrip(","), cells.chapter, 4),
    cell("century's digits", lambda x: x.split()[-1][:-2], cells.chapter, 5),
    cell("keys of settings",
        lambda x: ",".join(p.partition("=")[0] for p in x.split(";")), cells.settings, 4),
    cell("value of the last setting", lambda x: x.rpartition("=")[2], cells.settings),
    cell("number in parentheses", lambda x: re.findall(r"\((\d+)\)", x)[0], cells.bracketed, 4),
    cell("text before the parenthesis", lambda x: x.partition(" (")[0], cells.bracketed, 4),
    cell("morning or afternoon",
        lambda x: "am" if int(x.partition(":")[0]) < 12 else "pm", cells.clock, 7),
    cell("red of a colour", lambda x: x[1:3], cells.colour),
    cell("colour in capitals", lambda x: x.upper(), cells.colour),
    cell("major and minor version",
        lambda x: ".".join(x[1:].split(".")[:2]), cells.version, 4),
    cell("camel case of snake",
        lambda x: "".join(w.title() for w in x.split("_")), cells.snake, 4),
    cell("snake case of camel",
        lambda x: re.sub("([A-Z])", r"_\1", x).lower(), cells.camel, 4),
    cell("lines of an address", lambda x: f"{x[0]}, {x[2]} {x[1]}", cells.place, 2),
    cell("city in capitals, postcode", lambda x: f"{x[2]} {x[1].upper()}", cells.place),
    cell("login from name and year",
        lambda x: x[0][0].lower() + x[1].lower() + x[2][-2:], cells.person, 4),
    cell("person in a sentence", lambda x: f"{x[0]} {x[1]} was born in {x[2]}.", cells.person, 2),
    cell("domestic or abroad",
        lambda x: "abroad" if x.startswith("+") else "domestic", cells.maybe_abroad, 6),
    cell("number of words", lambda x: str(len(x.split())), cells.words, 6),
    cell("the first two letters of each word",
        lambda x: "".join(w[:2] for w in x.split()), cells.words, 4),
    cell("hidden user", lambda x: x[0] + "***@" + x.partition("@")[2], cells.mail, 4),
    cell("company of a mail",
        lambda x: x.partition("@")[2].partition(".")[0].title(), cells.mail, 4),
    cell("sum of two cells", lambda x: str(int(x[0]) + int(x[1])),
        lambda rng: (str(rng.randint(1, 500)), str(rng.randint(1, 500))), 4),
)  # fmt: skip

RULES = FIRST + SECOND
