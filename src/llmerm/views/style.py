"""The colours of pages and cards, light and dark, and the style sheet that uses them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

LIGHT: Mapping[str, str] = {
    "ink": "#1f2328", "faint": "#59636e", "line": "#d1d9e0", "paper": "#ffffff",
    "card": "#f6f8fa", "good": "#1a7f37", "fair": "#9a6700", "poor": "#57606a", "blue": "#0969da",
    "word": "#cf222e", "name": "#6639ba", "text": "#0a3069", "number": "#0550ae",
}  # fmt: skip
DARK: Mapping[str, str] = {
    "ink": "#e6edf3", "faint": "#9ea7b3", "line": "#3d444d", "paper": "#14171c",
    "card": "#1e232a", "good": "#3fb950", "fair": "#d29922", "poor": "#9ea7b3", "blue": "#58a6ff",
    "word": "#ff7b72", "name": "#d2a8ff", "text": "#a5d6ff", "number": "#79c0ff",
}  # fmt: skip

_LIGHT_PAGES = (
    '[data-jp-theme-light="true"]',  # JupyterLab, Notebook 7, and pages made of notebooks
    "body.vscode-light",
    '[data-md-color-scheme="default"]',  # Material for MkDocs
    'html[theme="light"]',  # Colab
)
_DARK_PAGES = (
    '[data-jp-theme-light="false"]',
    "body.vscode-dark",
    "body.vscode-high-contrast",
    '[data-md-color-scheme="slate"]',
    'html[theme="dark"]',
)


def colours(selector: str) -> str:
    """CSS that gives what `selector` matches its colours, as variables.

    They follow the page's own theme where the page says which, else the reader's system.
    """
    light, dark = _variables(LIGHT), _variables(DARK)
    in_light = ", ".join(f"{page} {selector}" for page in _LIGHT_PAGES)
    in_dark = ", ".join(f"{page} {selector}" for page in _DARK_PAGES)
    return (
        f"{selector} {{ color-scheme: light; {light} }}\n"
        f"@media (prefers-color-scheme: dark) {{ {selector} {{ color-scheme: dark; {dark} }} }}\n"
        f"{in_light} {{ color-scheme: light; {light} }}\n"
        f"{in_dark} {{ color-scheme: dark; {dark} }}\n"
    )


def _variables(theme: Mapping[str, str]) -> str:
    return " ".join(f"--{name}: {colour};" for name, colour in theme.items())


@cache
def parts() -> str:
    """The style sheet of the parts (code, tables, bars), in whatever colours are set."""
    return (files("llmerm.views") / "parts.css").read_text(encoding="utf-8")


@cache
def sheet() -> str:
    """The whole style sheet of a card: its colours, its frame, its parts."""
    frame = (files("llmerm.views") / "card.css").read_text(encoding="utf-8")
    return colours(".llmerm") + frame + parts()
