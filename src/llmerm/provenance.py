"""Where a result comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from llmerm.typing import Value


@dataclass(frozen=True)
class Provenance:
    """Where a result comes from: enough to make it again.

    Attributes:
        proposer: its name, and `parameters` all that decides what it draws.
        chosen_because: why this proposer, where the library chose.
        data: the fingerprint of all samples, `train` and `held_out` the parts' sizes.
        isolation: what the sandbox enforced on this host, layer by layer.
        prompt_hash: of the prompt, for proposers that have one, else None.
    """

    llmerm: str
    python: str
    platform: str
    proposer: str
    parameters: Mapping[str, Value]
    chosen_because: str
    data: str
    train: int
    held_out: int
    k: int
    seed: int
    loss: str
    tolerance: float
    isolation: str
    prompt_hash: str | None = None
