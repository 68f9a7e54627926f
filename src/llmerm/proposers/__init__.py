"""Proposers draft candidate programs; `resolve` finds one by name."""

from llmerm.proposers.base import Proposer
from llmerm.proposers.registry import names, resolve

__all__ = ["Proposer", "names", "resolve"]
