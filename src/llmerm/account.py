"""A program in plain words, and what it was seen to do on data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from llmerm import reading, sensitivity
from llmerm.program import Program, parse
from llmerm.typing import Prediction, SampleError, Value
from llmerm.views.text import printable

Predict: TypeAlias = Callable[[Sequence[Value]], list[Prediction]]
"""Runs a program in the sandbox."""

SHOWN = 5
"""Different answers that are counted one by one."""


@dataclass(frozen=True)
class Account:
    """A program in plain words. Print it.

    Each sentence of the reading is put together from the program's syntax alone, so it says
    what the code says; `checked` is what the program did when it was run.

    Attributes:
        reading: the program as an outline.
        unread: pieces of code that the outline quotes, because they have no words.
        checked: what was observed on the inputs, a sentence each.
        inputs: on how many inputs.
    """

    reading: tuple[str, ...]
    unread: tuple[str, ...]
    checked: tuple[str, ...]
    inputs: int

    def __str__(self) -> str:
        lines = list(self.reading)
        if self.unread:
            pieces = f"{len(self.unread)} piece{'s' * (len(self.unread) != 1)} of code"
            lines += ["", f"No words for {pieces}, quoted above as code."]
        if self.checked:
            lines += ["", f"Checked on {self.inputs} input{'s' * (self.inputs != 1)}:"]
            lines += [f"- {line}" for line in self.checked]
        return printable("\n".join(lines))


def of(program: Program, inputs: Sequence[Value], predict: Predict) -> Account:
    """The account of a program.

    Args:
        program: what to put in words.
        inputs: what to run it on; may be empty, and then nothing is checked.
        predict: runs it in the sandbox.

    >>> told = of(Program("def f(x): return x['a'] > 3"), [], list)
    >>> told.reading
    ("The answer is whether 'a' of x is more than 3.",)
    """
    tree = parse(program.source)
    told = reading.read(tree, program.name)
    checked = tuple(_checked(program, inputs, predict)) if inputs else ()
    return Account(told.lines, told.unread, checked, len(inputs))


def _checked(program: Program, inputs: Sequence[Value], predict: Predict) -> Iterator[str]:
    answers = predict(inputs)
    yield from _answers(answers)
    named = sensitivity.columns_read(parse(program.source), program.name)
    found = sensitivity.measured(inputs, answers, predict)
    if found is not None:
        yield from _moved(found, named)


def _answers(answers: Sequence[Prediction]) -> Iterator[str]:
    given = [repr(one) for one in answers if not isinstance(one, SampleError)]
    counts = Counter(given)
    if len(counts) <= SHOWN:
        told = ", ".join(f"{answer} for {count}" for answer, count in counts.most_common())
        yield f"it answered {told or 'nothing'}"
    else:
        yield f"it gave {len(counts)} different answers"
    errors = Counter(one.kind for one in answers if isinstance(one, SampleError))
    if errors:
        kinds = ", ".join(kind for kind, _ in errors.most_common())
        yield f"it gave no answer for {sum(errors.values())} of them ({kinds})"


def _moved(found: sensitivity.Sensitivity, named: frozenset[str] | None) -> Iterator[str]:
    if found.failure:
        yield f"its {found.what}s could not be tried one by one: {found.failure}"
        return
    moving = sorted((one for one in found.parts if one.changed), key=lambda one: -one.changed)
    still = [one.name for one in found.parts if not one.changed]
    yield f"with one {found.what} taken from another input, " + _told(found, moving, still)
    if found.same:
        yield f"the same in all inputs, so not tried: {_listed(found.same)}"
    if named is not None and found.what == "column":
        surprises = [one.name for one in found.parts if one.changed and one.name not in named]
        bears_out = "which the runs bear out" if not surprises else f"but {surprises} mattered"
        yield f"by its code it reads {', '.join(sorted(named)) or 'no column'} alone, {bears_out}"


def _told(
    found: sensitivity.Sensitivity, moving: Sequence[sensitivity.Part], still: Sequence[str]
) -> str:
    if not moving:
        return "no answer changed"
    if not still and len(moving) > SHOWN:
        least, most = moving[-1].changed, moving[0].changed
        return f"{least} to {most} of {moving[0].tried} answers changed, whichever {found.what}"
    told = _listed([f"{one.name} (changed {one.changed} of {one.tried})" for one in moving])
    return f"answers changed for {told}" + (f"; none for {_listed(still)}" if still else "")


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - 12} more" if len(names) > 12 else ""
    return ", ".join(names[:12]) + more
