"""A program in plain words, one syntax node at a time; what has no words is quoted as code."""

from __future__ import annotations

from llmerm.reading.statements import Reading, read

__all__ = ["Reading", "read"]
