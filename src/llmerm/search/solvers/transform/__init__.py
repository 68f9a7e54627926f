"""The solver for programs that turn text into text."""

from llmerm.search.solvers.transform.solver import Transform

__all__ = ["Transform"]
