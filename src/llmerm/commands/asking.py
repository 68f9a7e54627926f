"""Which proposer the options of a command stand for."""

from __future__ import annotations

from llmerm.errors import ArgumentError
from llmerm.proposers.base import Proposer
from llmerm.proposers.model_proposer import ModelProposer
from llmerm.proposers.registry import resolve


def proposer(
    names: list[str] | None, *, anonymise: bool, max_prompt_samples: int | None
) -> Proposer | str:
    """The proposer that the names stand for, asked in the way the options say.

    Raises:
        ArgumentError: if the options are for models, and it asks none.
    """
    spec: object = names[0] if names and len(names) == 1 else names or "auto"
    if not anonymise and max_prompt_samples is None:
        return resolve(spec).proposer if names and len(names) > 1 else str(spec)
    found = resolve(spec).proposer
    if not isinstance(found, ModelProposer):
        raise ArgumentError(
            f"--anonymise and --max-prompt-samples are for models, {found.name!r} is none."
        )
    return found.asking(anonymise=anonymise, max_prompt_samples=max_prompt_samples)
