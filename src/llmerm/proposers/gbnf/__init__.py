"""The search's grammar as GBNF, the form in which llama.cpp's servers take a grammar."""

from llmerm.proposers.gbnf.answers import answers
from llmerm.proposers.gbnf.bringing import Brought, brought, standing_alone
from llmerm.proposers.gbnf.writer import gbnf

__all__ = ["Brought", "answers", "brought", "gbnf", "standing_alone"]
