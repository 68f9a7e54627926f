"""Proposers draft candidate programs; `resolve` finds one by name."""

from importlib import import_module
from typing import TYPE_CHECKING

from llmerm.proposers.base import Proposer
from llmerm.proposers.registry import names, resolve

if TYPE_CHECKING:
    from llmerm.proposers.anthropic import Anthropic
    from llmerm.proposers.enumerator import Enumerate
    from llmerm.proposers.guided import Guided
    from llmerm.proposers.local import Local
    from llmerm.proposers.mixture import MixtureProposer
    from llmerm.proposers.model import Model, Prompt
    from llmerm.proposers.model_proposer import ModelProposer
    from llmerm.proposers.openai import OpenAI
    from llmerm.proposers.pricing import Price

__all__ = [
    "Anthropic",
    "Enumerate",
    "Guided",
    "Local",
    "MixtureProposer",
    "Model",
    "ModelProposer",
    "OpenAI",
    "Price",
    "Prompt",
    "Proposer",
    "names",
    "resolve",
]

_HOMES = {
    "Anthropic": "anthropic",
    "Enumerate": "enumerator",
    "Guided": "guided",
    "Local": "local",
    "MixtureProposer": "mixture",
    "Model": "model",
    "ModelProposer": "model_proposer",
    "OpenAI": "openai",
    "Price": "pricing",
    "Prompt": "model",
}


def __getattr__(name: str) -> object:
    """Loads a proposer when it is first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
