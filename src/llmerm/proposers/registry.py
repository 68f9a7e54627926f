"""Proposers by name: `NAME`, `NAME:ARGUMENT`, or `auto`."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable, Mapping
from importlib import import_module
from importlib.metadata import entry_points
from typing import NamedTuple

from llmerm.errors import ArgumentError, UnknownNameError
from llmerm.proposers.base import Proposer
from llmerm.proposers.mixture import MixtureProposer
from llmerm.proposers.model import Model
from llmerm.samples import Samples
from llmerm.typing import Proposal, Value

GROUP = "llmerm.proposers"
"""The entry-point group in which other packages register proposers."""

_BUILT_IN = {
    "anthropic": "llmerm.proposers.anthropic:Anthropic",
    "enumerate": "llmerm.proposers.enumerator:Enumerate",
    "guided": "llmerm.proposers.guided:Guided",
    "length_first": "llmerm.proposers.length_first:LengthFirst",
    "local": "llmerm.proposers.local:Local",
    "openai": "llmerm.proposers.openai:OpenAI",
    "random_grammar": "llmerm.proposers.random_grammar:RandomGrammar",
    "replay": "llmerm.proposers.replay:ReplayProposer",
}
_KEYS = {"openai": "OPENAI_API_KEY", "anthropic": "ANTHROPIC_API_KEY"}


class Choice(NamedTuple):
    """A proposer and why it was taken."""

    proposer: Proposer
    because: str


def names() -> tuple[str, ...]:
    """The names that `resolve` knows, those of installed packages included.

    >>> "enumerate" in names()
    True
    """
    return tuple(sorted({*_BUILT_IN, *(point.name for point in entry_points(group=GROUP))}))


def resolve(spec: object) -> Choice:
    """The proposer that `spec` names or is.

    Args:
        spec: an object with a `propose` method, a `Model`, a name, "NAME:ARGUMENT" (the argument
            goes to the proposer: a model, a path), or "auto": the provider whose key is set in
            the environment, else "enumerate". A list of these draws from each in turn.

    Raises:
        UnknownNameError: with the nearest names.
    """
    if isinstance(spec, Proposer | Model):
        return Choice(_proposer(spec), "it was passed in")
    if isinstance(spec, list | tuple):
        members = [resolve(member).proposer for member in spec]
        return Choice(MixtureProposer(members), "they were asked for together")
    if not isinstance(spec, str):
        if callable(getattr(spec, "propose", None)):
            return Choice(_Adopted(spec), "it was passed in")
        raise ArgumentError(
            f"`proposer` must be a Proposer or one of {', '.join(names())}, got {spec!r:.60}."
        )
    if spec == "auto":
        return _auto()
    name, _, argument = spec.partition(":")
    if name not in names():
        raise UnknownNameError("proposer", name, [*names(), "auto"])
    make = _load(name)
    try:
        made = make(argument) if argument else make()
    except TypeError as error:
        raise ArgumentError(
            f"the proposer {spec!r} cannot be made: {error}. An argument follows a colon, as in "
            "'replay:run.sqlite'; for more of them make the proposer in Python."
        ) from error
    return Choice(_proposer(made), f"{spec!r} was asked for")


def _proposer(made: Proposer | Model) -> Proposer:
    """A model by itself is asked in the common way."""
    if isinstance(made, Proposer):
        return made
    from llmerm.proposers.model_proposer import ModelProposer  # its readers are loaded on use

    return ModelProposer(made)


class _Adopted(Proposer):
    """Any object with a `propose` method, as a `Proposer`."""

    def __init__(self, thing: object) -> None:
        self._thing = thing
        self.name = str(getattr(thing, "name", type(thing).__name__))

    @property
    def parameters(self) -> Mapping[str, Value]:
        """The object's own, if it has any."""
        found: Mapping[str, Value] = getattr(self._thing, "parameters", {})
        return found

    @property
    def adaptive(self) -> bool:
        """What the object says of itself, if it does."""
        return bool(getattr(self._thing, "adaptive", False))

    def propose(self, train: Samples, k: int, seed: int) -> AsyncIterator[Proposal]:
        """What the object proposes."""
        stream: AsyncIterator[Proposal] = getattr(self._thing, "propose")(train, k, seed)  # noqa: B009 - of unknown type
        return stream


def _load(name: str) -> Callable[..., Proposer | Model]:
    for point in entry_points(group=GROUP, name=name):
        made: Callable[..., Proposer | Model] = point.load()
        return made
    module, _, attribute = _BUILT_IN[name].partition(":")
    found: Callable[..., Proposer | Model] = getattr(import_module(module), attribute)
    return found


def _auto() -> Choice:
    for name, key in _KEYS.items():
        if os.environ.get(key):
            return Choice(_proposer(_load(name)()), f"auto: {key} is set")
    because = f"auto: neither {' nor '.join(_KEYS.values())} is set, so the embedded search"
    return Choice(_proposer(_load("enumerate")()), because)
