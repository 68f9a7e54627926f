"""A result on disk: one JSON file, read back with every part checked."""

from __future__ import annotations

import ast
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, get_type_hints

from pydantic import TypeAdapter

from llmerm import losses
from llmerm.audit import Finding
from llmerm.candidate import Candidate
from llmerm.certificates import Certificate
from llmerm.errors import ArgumentError, DataError, LlmermError
from llmerm.losses import Compare, Loss
from llmerm.provenance import Provenance
from llmerm.typing import Scored, Usage, Value
from llmerm.values import as_value, for_json
from llmerm.written import write

FORMAT = "llmerm result"
VERSION = 1
"""The layout of the file; one of another version is refused."""


@dataclass(frozen=True, kw_only=True)
class Saved:
    """All that a result holds but its sandbox; its loss by name, its examples as literals."""

    candidates: tuple[Candidate, ...]
    chosen: int | None
    certificate: Certificate
    usage: Usage
    seed: int
    stopped: str
    audit: tuple[Finding, ...]
    provenance: Provenance
    chance_error: float
    loss: str
    examples: tuple[str, ...]

    def inputs(self) -> tuple[Value, ...]:
        """The examples as values."""
        return tuple(as_value(ast.literal_eval(text), "an example") for text in self.examples)


PARTS = tuple(field.name for field in fields(Saved) if field.name not in ("loss", "examples"))
"""What a result and its file have alike."""


def save(
    path: str | os.PathLike[str],
    parts: Mapping[str, object],
    *,
    loss: Loss,
    examples: tuple[Value, ...],
    overwrite: bool,
) -> None:
    """Writes `PARTS` of a result, its loss by name and its examples.

    Examples are written as Python literals, so that a tuple is one again; the floats that JSON
    cannot hold as words, which are read back as floats.

    Raises:
        ArgumentError: if the file cannot be written.
    """
    content = Saved(**parts, loss=loss.name, examples=tuple(map(repr, examples)))  # type: ignore[arg-type]
    head = {"format": FORMAT, "version": VERSION}
    text = json.dumps(for_json(head | asdict(content), str), indent=1, allow_nan=False)
    write(path, text + "\n", overwrite=overwrite)


def load(path: str | os.PathLike[str]) -> Saved:
    """The parts of a result that `save` wrote. Nothing in the file is run.

    Raises:
        DataError: if it cannot be read, is no such file, or something in it cannot be.
    """
    content = _content(os.fspath(path))
    try:
        saved = _checked(content)
    except (LlmermError, MemoryError, RecursionError, SyntaxError, ValueError) as error:
        why = str(error).replace("\n", " ")[:300]
        raise DataError(f"{path} holds a result that cannot be read: {why}") from error
    return saved


def _content(path: str) -> dict[str, object]:
    try:
        with open(path, encoding="utf-8") as file:
            content = json.load(file)
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror}. Check the path.") from error
    except (ValueError, RecursionError) as error:
        raise DataError(f"{path} is no JSON ({error}). Expected a file of result.save.") from error
    if not isinstance(content, dict) or content.pop("format", None) != FORMAT:
        raise DataError(f"{path} is no saved result. Expected a file of result.save.")
    version = content.pop("version", None)
    if version != VERSION:
        raise DataError(
            f"{path} is a saved result of version {version!r:.20}, this one reads {VERSION}. "
            "Load it with the llmerm that wrote it."
        )
    return content


def _checked(content: dict[str, object]) -> Saved:
    """The parts with their types checked, if they fit together."""
    found = TypeAdapter(dict[str, object]).validate_python(content.pop("provenance", None))
    hints = get_type_hints(Saved) | {"provenance": object}
    saved = Saved(**_typed(content | {"provenance": _provenance(found)}, hints))  # type: ignore[arg-type]
    saved.inputs()
    if saved.chosen is not None:
        _check_chosen(saved, saved.chosen)
    return saved


def _provenance(content: dict[str, object]) -> Provenance:
    hints = get_type_hints(Provenance) | {"parameters": dict[str, object]}
    typed = _typed(content, hints)
    parameters = as_value(typed["parameters"], "the proposer's parameters")
    return Provenance(**typed | {"parameters": parameters})  # type: ignore[arg-type]


def _typed(content: dict[str, object], hints: Mapping[str, Any]) -> dict[str, object]:
    """The content with each part as its type says; no part may be missing, none be more."""
    if content.keys() != hints.keys():
        odd = sorted(content.keys() ^ hints.keys())
        raise DataError(f"its parts are not those of a result: {', '.join(odd)[:100]}.")
    return {name: TypeAdapter(hint).validate_python(content[name]) for name, hint in hints.items()}


def _check_chosen(saved: Saved, chosen: int) -> None:
    if not 0 <= chosen < len(saved.candidates):
        raise DataError(f"number {chosen} of {len(saved.candidates)} candidates is chosen.")
    best = saved.candidates[chosen]
    if best.program is None or not isinstance(best.verdict, Scored):
        raise DataError(f"the candidate that is chosen, {chosen}, has no score.")
    errors = (best.train_error, best.held_out_error)
    if any(error is not None and not error >= 0 for error in errors):  # NaN is not, either
        raise DataError(f"the chosen candidate has the errors {errors}, expected 0 or more.")


def loss_of(saved: Saved, given: str | Loss | Compare | None) -> Loss:
    """The loss that a saved result was scored with.

    Args:
        saved: the result.
        given: the loss itself, where it is none of the library's own names; else None.

    Raises:
        ArgumentError: if it is needed and not given, or is another one.
    """
    if given is None and saved.loss in losses.NAMES:
        given = saved.loss
    if given is None:
        raise ArgumentError(
            f"the result was scored with the loss {saved.loss!r}, which no file can hold. Pass it "
            "to load(path, loss=...)."
        )
    loss = losses.resolve(given, [])
    if loss.name != saved.loss:
        raise ArgumentError(
            f"`loss` is {loss.name!r}, but the result was scored with {saved.loss!r}. Pass that."
        )
    return loss
