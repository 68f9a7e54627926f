"""The embedded proposer's search: a typed grammar, enumeration in bits, solvers for constants."""

from llmerm.search.candidate import Candidate
from llmerm.search.clock import Clock
from llmerm.search.engine import Enumerator
from llmerm.search.expression import Expr
from llmerm.search.grammar import Grammar
from llmerm.search.op import Op
from llmerm.search.solvers.base import Solver
from llmerm.search.usage import operator_counts

__all__ = ["Candidate", "Clock", "Enumerator", "Expr", "Grammar", "Op", "Solver", "operator_counts"]
