"""A prompt for a weak model, with the grammar that its replies are held to."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from llmerm.proposers.gbnf import Brought, answers, brought, gbnf, standing_alone
from llmerm.proposers.literals import columns_of, lines
from llmerm.proposers.model import Prompt
from llmerm.samples import Samples
from llmerm.search.goal import Goal
from llmerm.search.grammar import Grammar

MOST_SAMPLES = 12
MOST_CHARACTERS = 1_500
"""What is shown of the samples where there is no description: a small model loses track soon."""


@dataclass(frozen=True, slots=True)
class TypedPrompt(Prompt):
    """A prompt whose replies are programs of one typed expression.

    Attributes:
        grammar: in GBNF; every text of it is a program.
        names: what programs may name, and where it comes from.
    """

    grammar: str = ""
    names: tuple[Brought, ...] = ()

    def completed(self, reply: str) -> str:
        """A reply with the imports and helpers that it relies on in front."""
        return standing_alone(reply, self.names)

    def __str__(self) -> str:
        digest = hashlib.sha256(self.grammar.encode()).hexdigest()
        return f"{self.user}\n(under the grammar with SHA-256 {digest})"


def typed_prompt(train: Samples) -> TypedPrompt | None:
    """How a model that knows little Python is asked: in one sentence, under a grammar.

    The sentence is the description. Where there is none, a few samples stand in its place; but
    from samples alone small models find no rule.

    Returns:
        The prompt, or None where no expression of the grammar has the labels' type, or no sample
        says what that is.

    >>> data = Samples.of([("01", 1), ("11", 0)]).described("the length of x")
    >>> typed_prompt(data).user
    'Write a one-line Python function f(x). x is a str. f(x) returns the length of x.'
    """
    if not len(train):
        return None
    grammar, ways = Grammar.infer(train), answers(Goal.of(train.outputs))
    if not any(op.args[0] in grammar.types for op in ways):
        return None
    return TypedPrompt(
        "", _question(train), grammar=gbnf(grammar, ways), names=brought(grammar.ops)
    )


def _question(train: Samples) -> str:
    told = " ".join((train.description or "").split()).rstrip(".")
    task = f"Write a one-line Python function f(x). x is {_kind(train)}."
    return f"{task} f(x) returns {told}." if told else f"{_shown(train)}\n\n{task}"


def _shown(train: Samples) -> str:
    shown: list[str] = []
    room = MOST_CHARACTERS
    for line in lines(train[:MOST_SAMPLES]):
        room -= len(line)
        if shown and room < 0:
            break
        x, _, y = line.rpartition(" -> ")
        shown.append(f"f({x}) == {y}")
    return "\n".join(shown)


def _kind(train: Samples) -> str:
    columns = columns_of(train.inputs)
    if columns is not None:
        return f"a dict with the keys {', '.join(map(repr, columns))}"
    names = sorted({type(x).__name__ for x in train.inputs})
    return "a " + " or ".join(names)
