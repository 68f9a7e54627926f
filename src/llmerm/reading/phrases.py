"""The words for Python's operators and functions."""

from __future__ import annotations

import ast
from collections.abc import Mapping

BINARY: Mapping[type[ast.operator], str] = {
    ast.Add: "{} plus {}",
    ast.Sub: "{} minus {}",
    ast.Mult: "{} times {}",
    ast.Div: "{} divided by {}",
    ast.FloorDiv: "{} divided by {} and rounded down",
    ast.Mod: "the remainder of {} divided by {}",
    ast.Pow: "{} to the power of {}",
    ast.BitAnd: "{} and {} bit by bit",
    ast.BitOr: "{} or {} bit by bit",
    ast.BitXor: "{} or {} but not both, bit by bit",
    ast.LShift: "{} shifted left by {} bits",
    ast.RShift: "{} shifted right by {} bits",
    ast.MatMult: "the matrix product of {} and {}",
}

COMPARED: Mapping[type[ast.cmpop], str] = {
    ast.Eq: "equals",
    ast.NotEq: "differs from",
    ast.Lt: "is less than",
    ast.LtE: "is at most",
    ast.Gt: "is more than",
    ast.GtE: "is at least",
    ast.Is: "is the same object as",
    ast.IsNot: "is another object than",
}

TESTS: Mapping[str, str] = {
    "startswith": "{} starts with {}",
    "endswith": "{} ends with {}",
    "isdigit": "{} consists of digits",
    "isalpha": "{} consists of letters",
    "isalnum": "{} consists of letters and digits",
    "isupper": "{} is in upper case",
    "islower": "{} is in lower case",
    "isspace": "{} consists of white space",
}

FUNCTIONS: Mapping[tuple[str, int], str] = {
    ("len", 1): "the length of {}",
    ("sum", 1): "the sum of {}",
    ("abs", 1): "the absolute value of {}",
    ("min", 1): "the least of {}",
    ("max", 1): "the greatest of {}",
    ("min", 2): "the lesser of {} and {}",
    ("max", 2): "the greater of {} and {}",
    ("sorted", 1): "{} in ascending order",
    ("set", 1): "the different items of {}",
    ("list", 1): "the list of the items of {}",
    ("tuple", 1): "the tuple of the items of {}",
    ("reversed", 1): "{} from its end to its start",
    ("int", 1): "{} as a whole number",
    ("float", 1): "{} as a number",
    ("str", 1): "{} as text",
    ("bool", 1): "whether {} is not 0, empty, False or None",
    ("round", 1): "{} rounded to a whole number",
    ("round", 2): "{} rounded to {} decimals",
    ("ord", 1): "the code point of {}",
    ("chr", 1): "the character with the code point {}",
    ("range", 1): "the whole numbers from 0 to before {}",
    ("range", 2): "the whole numbers from {} to before {}",
    ("range", 3): "the whole numbers from {} to before {} in steps of {}",
    ("zip", 2): "{} and {} side by side",
    ("enumerate", 1): "{}, each with its place from 0",
    ("divmod", 2): "{} divided by {}, rounded down, with the remainder",
}

METHODS: Mapping[tuple[str, int], str] = {
    ("count", 1): "the count of {1} in {0}",
    ("find", 1): "the place of {1} in {0} (-1 if there is none)",
    ("index", 1): "the place of {1} in {0}",
    ("upper", 0): "{} in upper case",
    ("lower", 0): "{} in lower case",
    ("title", 0): "{} with each word capitalised",
    ("capitalize", 0): "{} with its first letter in upper case and the rest in lower case",
    ("strip", 0): "{} without white space at its ends",
    ("strip", 1): "{} without any of {} at its ends",
    ("split", 0): "the words of {}",
    ("split", 1): "the pieces of {} between {}",
    ("join", 1): "{1} joined with {0}",
    ("replace", 2): "{} with {} replaced by {}",
    ("get", 1): "what {} has for {} (None if nothing)",
    ("get", 2): "what {} has for {} ({} if nothing)",
    ("keys", 0): "the keys of {}",
    ("values", 0): "the values of {}",
    ("items", 0): "the keys of {}, each with its value",
}
