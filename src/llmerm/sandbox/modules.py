"""The modules that a candidate may import: part of the standard library, and nothing else.

Inside the sandbox nothing can be opened, so every module must be loaded beforehand. An import of
anything that is neither listed here nor needed by a listed module raises `ModuleNotFoundError`.
Every module of this list is paid for by each candidate (a fork copies the page tables), so it
holds what short programs use, and nothing that reaches for files, sockets or processes.
"""

from __future__ import annotations

MODULES: tuple[str, ...] = (
    "__future__",
    "abc",
    "array",
    "ast",
    "base64",
    "binascii",
    "bisect",
    "calendar",
    "cmath",
    "codecs",
    "collections",
    "collections.abc",
    "colorsys",
    "contextlib",
    "copy",
    "dataclasses",
    "datetime",
    "decimal",
    "difflib",
    "enum",
    "fractions",
    "functools",
    "graphlib",
    "hashlib",
    "heapq",
    "inspect",
    "io",
    "itertools",
    "json",
    "keyword",
    "logging",
    "math",
    "numbers",
    "operator",
    "pprint",
    "queue",
    "random",
    "re",
    "secrets",
    "statistics",
    "string",
    "struct",
    "sys",
    "textwrap",
    "threading",
    "time",
    "traceback",
    "types",
    "typing",
    "unicodedata",
    "uuid",
    "warnings",
    "weakref",
    "zlib",
)
"""What a model may be told it can import."""

LOADED_ON_USE: tuple[str, ...] = (
    "_strptime",
    "encodings.ascii",
    "encodings.cp1252",
    "encodings.hex_codec",
    "encodings.idna",
    "encodings.latin_1",
    "encodings.punycode",
    "encodings.rot_13",
    "encodings.unicode_escape",
    "encodings.utf_16",
    "encodings.utf_16_be",
    "encodings.utf_16_le",
    "encodings.utf_32",
    "encodings.utf_8_sig",
    "linecache",
    "stringprep",
)
"""What the standard library imports only when it is called: `strptime`, `str.encode` and so on."""
