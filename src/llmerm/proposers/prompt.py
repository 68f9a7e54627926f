"""The prompt: the training samples and what is asked of the model, from a template that is data."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.resources import files
from string import Template
from typing import TypeAlias

from llmerm.errors import ArgumentError, UnknownNameError
from llmerm.proposers.literals import described, labels_described, lines
from llmerm.proposers.model import Prompt
from llmerm.samples import Samples
from llmerm.sandbox.child import is_unicode
from llmerm.sandbox.modules import MODULES
from llmerm.values import is_whole
from llmerm.views.text import printable

PromptFunction: TypeAlias = Callable[[Samples], Prompt | str]
"""A user's own way to ask. It is given the training samples; a text alone has no system part."""

_FOLDER = files("llmerm.proposers") / "prompts"
_RULE = "---\n"
"""Stands in a template between the system's part and the user's."""


def templates() -> tuple[str, ...]:
    """The names of the templates that `render` knows.

    >>> templates()
    ('fenced', 'paper')
    """
    names = (entry.name for entry in _FOLDER.iterdir())
    return tuple(sorted(n.removesuffix(".txt") for n in names if n.endswith(".txt")))


def render(
    train: Samples,
    *,
    modules: Sequence[str],
    template: str = "paper",
    max_samples: int | None = None,
) -> Prompt:
    """The prompt that shows `train` and asks for a function: the same for every draw.

    The samples come first, as Python literals, then the task, what may be imported, and last
    `train.description`.

    Args:
        train: the training samples.
        modules: what the sandbox lets a program import.
        template: "paper" (the reply is a JSON object, as in arXiv 2510.14331) or "fenced" (the
            reply is a block of code, for weak models).
        max_samples: show at most this many, each label in its share; None shows all.

    Raises:
        UnknownNameError: if there is no such template.
        ArgumentError: if `max_samples` is below 1.

    >>> prompt = render(Samples.of([("01", 1), ("11", 0)]), modules=["math"])
    >>> [line for line in prompt.shared.splitlines() if "->" in line]
    ["'01' -> 1", "'11' -> 0"]
    """
    shown = subset(train, max_samples)
    system, _, body = _read(template).partition(_RULE)
    text = Template(body).substitute(
        count="for one input" if len(shown) == 1 else f"for {len(shown)} inputs",
        inputs=described(shown.inputs),
        labels=labels_described(shown.outputs),
        samples="\n".join(lines(shown)),
        modules=_importable(modules),
        description=_description(train.description),
    )
    return Prompt(system.strip(), text.strip() + "\n")


def asked(function: PromptFunction, train: Samples) -> Prompt:
    """The prompt that a user's own function makes of the training samples.

    Raises:
        ArgumentError: if it raises, or gives neither a `Prompt` nor a text that says something.

    >>> asked(lambda train: f"{len(train)} samples", Samples.of([(1, 1)]))
    Prompt(system='', shared='1 samples', last='', asks_program=True)
    """
    try:
        made: object = function(train)
    except Exception as error:  # of a user's function, which may raise anything
        raise ArgumentError(
            f"the prompt function raised {error!r:.200}. It is called with the training samples."
        ) from error
    prompt = Prompt("", made) if isinstance(made, str) else made
    if not isinstance(prompt, Prompt) or not prompt.user.strip() or not is_unicode(str(prompt)):
        raise ArgumentError(
            f"the prompt function gave {made!r:.60}, expected a Prompt or a text that is not "
            "empty and has no lone surrogates. Write it as a plain `def` of the training samples."
        )
    return prompt


def subset(train: Samples, max_samples: int | None) -> Samples:
    """At most `max_samples` of the samples, each label in its share; always the same ones."""
    if max_samples is None:
        return train
    if not is_whole(max_samples, 1):
        raise ArgumentError(
            f"`max_prompt_samples` must be an integer of at least 1, got {max_samples!r}. "
            "None shows all samples."
        )
    if max_samples >= len(train):
        return train
    return train.split(max_samples / len(train), seed=0).held_out


def fitting(train: Samples, limit_tokens: int, used_tokens: int) -> int:
    """About how many of the samples a prompt may show to keep below a limit of tokens.

    It estimates low: what surrounds the samples is taken to be dense text.

    Args:
        train: the training samples, all of which the prompt showed.
        limit_tokens: what the server takes, less the room for its reply.
        used_tokens: what the server counted for the whole prompt.

    >>> 25 < fitting(Samples.of([("0" * 100, 0)] * 100), 4_000, 10_000) < 40
    True
    """
    around = len(str(render(train.take(()), modules=MODULES))) // 3
    each = max((used_tokens - around) / max(len(train), 1), 1.0)
    return max(0, min(len(train), int(0.95 * (limit_tokens - around) / each)))


def _read(template: str) -> str:
    if template not in templates():
        raise UnknownNameError("prompt template", template, templates())
    return (_FOLDER / f"{template}.txt").read_text(encoding="utf-8")


def _importable(modules: Sequence[str]) -> str:
    return f"It may import only {', '.join(modules)}." if modules else "It may import nothing."


def _description(description: str | None) -> str:
    """What is known of the rule, with a blank line around; control characters are escaped."""
    if not description or not description.strip():
        return ""
    return f"\nWhat is known of the rule: {printable(description).strip()}\n"
