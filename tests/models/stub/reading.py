"""What a request's prompt is, how many tokens it has, and how many a cache spares."""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping

STEP = 128
"""An automatic cache counts in steps of so many tokens."""


def tokens(text: str) -> int:
    """What the stub counts: one for every four characters of a word, begun ones included."""
    return sum(-(-len(word) // 4) for word in re.findall(r"\S+", text))


def prompt_of(api: str, body: Mapping) -> str:
    """All text of a request, in the order in which a cache sees it."""
    if api == "responses":
        return (body.get("instructions") or "") + _text(body.get("input", ""))
    system = _text(body.get("system", ""))
    return system + "".join(_text(message["content"]) for message in body["messages"])


def marked_of(body: Mapping) -> str:
    """What stands before the last mark for the cache in a request to Messages; may be empty."""
    kept, marked = "", ""
    for part in [body.get("system", ""), *(message["content"] for message in body["messages"])]:
        for block in [part] if isinstance(part, str) else part:
            kept += _text([block])
            if "cache_control" in block:
                marked = kept
    return marked


def _text(content: object) -> str:
    if isinstance(content, str):
        return content
    parts = [
        part if isinstance(part, str) else part.get("text") or part.get("content", "")
        for part in content
    ]
    return "".join(part if isinstance(part, str) else _text(part) for part in parts)


def _common(a: str, b: str) -> int:
    """How many characters two texts begin with in common."""
    if a == b:
        return len(a)
    pairs = enumerate(zip(a, b, strict=False))
    return next((place for place, (one, other) in pairs if one != other), min(len(a), len(b)))


class Cache:
    """Prompts whose first reply has begun; only from then on can another call read them."""

    def __init__(self) -> None:
        self._automatic: dict[str, None] = {}
        self._marked: set[str] = set()
        self._lock = threading.Lock()

    def automatic(self, prompt: str) -> int:
        """Tokens read, where any common beginning of at least 1,024 tokens counts."""
        with self._lock:
            known = [prompt] if prompt in self._automatic else list(self._automatic)
        shared = max((_common(prompt, old) for old in known), default=0)
        read = tokens(prompt[:shared])
        return read // STEP * STEP if read >= 1024 else 0

    def marked(self, part: str, least: int) -> tuple[int, int]:
        """Tokens read and written, where the part before a mark counts as a whole."""
        whole = tokens(part)
        if whole < least:
            return 0, 0
        with self._lock:
            return (whole, 0) if part in self._marked else (0, whole)

    def begun(self, prompt: str, marked: str | None) -> None:
        """Keeps a prompt, or its marked part."""
        with self._lock:
            if marked is None:
                self._automatic[prompt] = None
            else:
                self._marked.add(marked)
