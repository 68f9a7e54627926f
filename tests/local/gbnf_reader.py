"""A reader of GBNF, written from llama.cpp's description of it, as an oracle for what we write."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

TOKEN = re.compile(r'\s*("(?:[^"\\]|\\.)*"|\[(?:[^\]\\]|\\.)*\]|\{\d+,\d+\}|[()|?]|[\w-]+)')
NAME = re.compile(r"[a-zA-Z0-9-]+\Z")
ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}


@dataclass(frozen=True)
class Text:
    text: str


@dataclass(frozen=True)
class Class:
    characters: str


@dataclass(frozen=True)
class Rule:
    name: str


@dataclass(frozen=True)
class Row:
    parts: tuple


@dataclass(frozen=True)
class Either:
    ways: tuple


@dataclass(frozen=True)
class Times:
    part: object
    least: int
    most: int


def read(source: str) -> dict[str, object]:
    """The rules by name."""
    rules = {}
    for line in source.splitlines():
        name, body = line.split(" ::= ", 1)
        assert NAME.match(name), name
        assert name not in rules, f"{name} is defined twice"
        tokens = TOKEN.findall(body)
        assert "".join(tokens) == re.sub(r"\s", "", body) or '"' in body
        tree, rest = _either(tokens)
        assert not rest, rest
        rules[name] = tree
    return rules


def _either(tokens):
    ways = []
    while True:
        row, tokens = _row(tokens)
        ways.append(row)
        if not tokens or tokens[0] != "|":
            return (ways[0] if len(ways) == 1 else Either(tuple(ways))), tokens
        tokens = tokens[1:]


def _row(tokens):
    parts = []
    while tokens and tokens[0] not in "|)":
        token, tokens = tokens[0], tokens[1:]
        if token == "(":
            part, tokens = _either(tokens)
            assert tokens[0] == ")"
            tokens = tokens[1:]
        elif token.startswith('"'):
            part = Text(_plain(token[1:-1]))
        elif token.startswith("["):
            part = Class("".join(_members(token[1:-1])))
        else:
            part = Rule(token)
        if tokens and tokens[0] == "?":
            part, tokens = Times(part, 0, 1), tokens[1:]
        elif tokens and tokens[0].startswith("{"):
            least, most = map(int, tokens[0][1:-1].split(","))
            part, tokens = Times(part, least, most), tokens[1:]
        parts.append(part)
    assert parts, "an alternative is empty"
    return (parts[0] if len(parts) == 1 else Row(tuple(parts))), tokens


def _plain(text):
    return re.sub(r"\\(.)", lambda m: ESCAPES.get(m[1], m[1]), text)


def _members(text):
    for first, last in re.findall(r"(.)(?:-(.))?", text):
        yield from map(chr, range(ord(first), ord(last or first) + 1))


def references(node) -> set[str]:
    """The rules that a tree names."""
    if isinstance(node, Rule):
        return {node.name}
    parts = getattr(node, "parts", getattr(node, "ways", ()))
    parts = (node.part,) if isinstance(node, Times) else parts
    return set().union(*map(references, parts)) if parts else set()


def nullable(rules) -> set[str]:
    """The rules that can stand for nothing."""
    empty: set[str] = set()
    while True:
        more = {name for name, body in rules.items() if _empty(body, empty)}
        if more == empty:
            return empty
        empty = more


def _empty(node, empty):
    match node:
        case Text(text):
            return not text
        case Class():
            return False
        case Rule(name):
            return name in empty
        case Row(parts):
            return all(_empty(part, empty) for part in parts)
        case Either(ways):
            return any(_empty(way, empty) for way in ways)
        case Times(part, least):
            return not least or _empty(part, empty)


def firsts(node, empty) -> set[str]:
    """The rules that a tree can begin with."""
    match node:
        case Rule(name):
            return {name}
        case Row(parts):
            found = set()
            for part in parts:
                found |= firsts(part, empty)
                if not _empty(part, empty):
                    break
            return found
        case Either(ways):
            return set().union(*(firsts(way, empty) for way in ways))
        case Times(part):
            return firsts(part, empty)
    return set()


def ends(rules, node, text, at, seen) -> frozenset[int]:
    """Where a tree that begins at a place of the text can end."""
    match node:
        case Text(wanted):
            return frozenset({at + len(wanted)} if text.startswith(wanted, at) else ())
        case Class(characters):
            return frozenset({at + 1} if at < len(text) and text[at] in characters else ())
        case Rule(name):
            if (name, at) not in seen:
                seen[name, at] = ends(rules, rules[name], text, at, seen)
            return seen[name, at]
        case Row(parts):
            return _through(rules, parts, text, at, seen)[-1]
        case Either(ways):
            return frozenset().union(*(ends(rules, way, text, at, seen) for way in ways))
    places = _through(rules, [node.part] * node.most, text, at, seen)
    return frozenset().union(*places[node.least :])


def _through(rules, parts, text, at, seen) -> list[frozenset[int]]:
    """Where one can be before the first part, after it, after the next, ..."""
    places = [frozenset({at})]
    for part in parts:
        found = (ends(rules, part, text, place, seen) for place in places[-1])
        places.append(frozenset().union(*found))
    return places


def accepts(rules, text: str) -> bool:
    """Whether the text is one of the grammar's."""
    return len(text) in ends(rules, Rule("root"), text, 0, {})


def heights(rules) -> dict[str, float]:
    """How deep the shallowest text of each rule lies."""
    found = dict.fromkeys(rules, float("inf"))
    while True:
        better = {name: 1 + _height(body, found) for name, body in rules.items()}
        if better == found:
            return found
        found = better


def _height(node, found):
    match node:
        case Rule(name):
            return found[name]
        case Row(parts):
            return max(_height(part, found) for part in parts)
        case Either(ways):
            return min(_height(way, found) for way in ways)
        case Times(part, least):
            return _height(part, found) if least else 0
    return 0


def draw(rules, rng: random.Random, depth: int) -> str:
    """A random text of the grammar; beyond the depth it takes the shortest way out."""
    return _drawn(rules, Rule("root"), rng, depth, heights(rules))


def _drawn(rules, node, rng, depth, tall):
    match node:
        case Text(text):
            return text
        case Class(characters):
            return rng.choice(characters)
        case Rule(name):
            return _drawn(rules, rules[name], rng, depth - 1, tall)
        case Row(parts):
            return "".join(_drawn(rules, part, rng, depth, tall) for part in parts)
        case Either(ways):
            low = min(_height(way, tall) for way in ways)
            open_ways = [w for w in ways if _height(w, tall) <= max(depth, low)]
            return _drawn(rules, rng.choice(open_ways), rng, depth, tall)
    count = rng.randint(node.least, min(node.most, node.least + 2))
    return "".join(_drawn(rules, node.part, rng, depth, tall) for _ in range(count))
