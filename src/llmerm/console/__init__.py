"""What the command line shows: text, a live line, a module for each kind of outcome."""

from __future__ import annotations

from llmerm.console.live import LiveLine, live_line
from llmerm.console.text import code, plain

__all__ = ["LiveLine", "code", "live_line", "plain"]
