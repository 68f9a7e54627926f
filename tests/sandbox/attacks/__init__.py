"""Hostile candidates, one in a file: `<group>/<name>.py`.

A file's docstring says what the candidate tries, and in its last line how it may end: "Runs.",
"Fails: <reasons>." or "Runs or fails: <reasons>."; "Works bare." says that the attack is harmless
and succeeds in a plain interpreter, so that what stops it is the sandbox. A candidate that got
what it wanted answers ESCAPED. Where a file cannot hold the source itself, it builds it and calls
it SOURCE.

Each "llmerm-" gets a mark of this run, so that two runs do not meet in one path; `NR_name` is the
number of that system call on this machine, -1 where it has none.
"""

from __future__ import annotations

import ast
import re
import secrets
from pathlib import Path
from typing import NamedTuple

ESCAPED = "ESCAPED"
_RUN = f"llmerm-{secrets.token_hex(4)}-"
MARK = f"{_RUN}attack"  # in every path that an attack would create
SECRET_FILE = Path(f"/tmp/{_RUN}secret")
_CALL = re.compile(r"\bNR_(\w+)")
_END = re.compile(r"(?P<runs>Runs)?(?: or )?(?:fails: (?P<reasons>[^.]+))?\.", re.IGNORECASE)


class Attack(NamedTuple):
    """A source, whether it may run to its end, and the reasons that a `Failed` may have."""

    source: str
    runs: bool
    reasons: frozenset[str]
    works_bare: bool


def _read(path: Path) -> Attack:
    text = path.read_text(encoding="utf-8")
    docstring = ast.get_docstring(ast.parse(text)) or ""
    end = _END.match(docstring.splitlines()[-1])
    assert end, f"{path} does not say how it ends"
    reasons = frozenset((end["reasons"] or "").split(", ")) - {""}
    return Attack(_source(text), bool(end["runs"]), reasons, docstring.endswith("Works bare."))


def _source(text: str) -> str:
    text = _CALL.sub(lambda name: str(_number(name[1])), text.replace("llmerm-", _RUN))
    if "\nSOURCE = " not in text:
        return text
    names: dict[str, str] = {}
    exec(text, names)
    return names["SOURCE"]


def _number(call: str) -> int:
    try:
        from seccompy import syscall_nr

        return syscall_nr(call)
    except (ImportError, ValueError):  # not Linux; or not on this architecture
        return -1


ATTACKS = {
    f"{path.parent.name}:{path.stem}": _read(path)
    for path in sorted(Path(__file__).parent.glob("*/*.py"))
}
