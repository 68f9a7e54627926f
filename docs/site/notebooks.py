"""The notebooks of examples/ are pages of the site, with the outputs that they hold."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

FOLDER = "notebooks"


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Adds one page for each notebook."""
    for path in sorted((Path(config.config_file_path).parent / "examples").glob("*.ipynb")):
        page = f"{FOLDER}/{path.stem}.md"
        files.append(File.generated(config, page, content=markdown(path)))
    return files


def markdown(path: Path) -> str:
    """The notebook as a page: its text, its code, and what came out."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    origin = f"*This page is the notebook `examples/{path.name}`, as it was run.*"
    title, *rest = (part for cell in cells for part in parts(cell))
    return "\n\n".join([title, origin, *rest])


def parts(cell: dict[str, Any]) -> list[str]:
    """A cell's source, and what it printed and gave; no live lines."""
    source = "".join(cell["source"])
    if cell["cell_type"] == "markdown":
        return [source]
    kept = [output for output in cell["outputs"] if output["output_type"] != "display_data"]
    return [block(source, "python"), *map(shown, kept)]


def shown(output: dict[str, Any]) -> str:
    """What a cell printed or returned, as HTML where it has any."""
    if "text" in output:
        return block("".join(output["text"]))
    data = output["data"]
    if "text/html" in data:
        return f'<div class="notebook-output">{"".join(data["text/html"])}</div>'
    return block("".join(data["text/plain"]))


def block(text: str, language: str = "text") -> str:
    """A block of code, fenced by more ticks than any text here holds."""
    mark = " .notebook-output" if language == "text" else ""
    return f"``````{{ .{language}{mark} }}\n{text.rstrip()}\n``````"
