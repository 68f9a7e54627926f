"""The solvers in use: the library's own, and those that other packages register."""

from __future__ import annotations

from importlib.metadata import entry_points

from llmerm.search.solvers.automata import SmallAutomata
from llmerm.search.solvers.base import Solver
from llmerm.search.solvers.cancellation import Cancellation
from llmerm.search.solvers.cases import Cases
from llmerm.search.solvers.characters import Characters
from llmerm.search.solvers.constants import Constants
from llmerm.search.solvers.covering import Covering
from llmerm.search.solvers.decisions import DecisionLists
from llmerm.search.solvers.elementwise import Elementwise
from llmerm.search.solvers.gf2 import Parity
from llmerm.search.solvers.joins import Joins
from llmerm.search.solvers.partners import Partners
from llmerm.search.solvers.regression import Regression
from llmerm.search.solvers.residues import Residues
from llmerm.search.solvers.shifts import Shifts
from llmerm.search.solvers.substring import Substring
from llmerm.search.solvers.thresholds import Thresholds
from llmerm.search.solvers.transform import Transform
from llmerm.search.solvers.windows import Windows

GROUP = "llmerm.solvers"


def default_solvers() -> tuple[Solver, ...]:
    """The library's solvers and those registered under the entry-point group `llmerm.solvers`.

    >>> [solver.name for solver in default_solvers()][:3]
    ['residues', 'thresholds', 'constants']
    """
    numeric: tuple[Solver, ...] = (Residues(), Thresholds(), Constants(), Cases())
    own: tuple[Solver, ...] = (
        *numeric,
        Elementwise((*numeric, Covering())),
        Joins(),
        Partners(),
        Substring(),
        Shifts(),
        Cancellation(),
        Parity(),
        SmallAutomata(),
        DecisionLists(),
        Covering(),
        Regression(),
        Characters(),
        Windows(),
        Transform(),
    )
    found = sorted(entry_points(group=GROUP), key=lambda entry: entry.name)
    return (*own, *(entry.load()() for entry in found))
