"""The experiments by name."""

from __future__ import annotations

from collections.abc import Mapping

from llmerm.errors import UnknownNameError
from llmerm.experiments.benches.base import Bench
from llmerm.experiments.benches.candidates import Candidates
from llmerm.experiments.benches.data_scaling import DataScaling
from llmerm.experiments.benches.description_length import DescriptionLength
from llmerm.experiments.benches.length_generalisation import LengthGeneralisation
from llmerm.experiments.benches.paper_table import PaperTable
from llmerm.experiments.benches.probes import Probes
from llmerm.experiments.benches.sgd_gap import SgdGap

_BENCHES: Mapping[str, Bench] = {
    bench.name: bench
    for bench in (
        PaperTable(),
        DataScaling(),
        LengthGeneralisation(),
        Candidates(),
        DescriptionLength(),
        SgdGap(),
        Probes(),
    )
}


def names() -> tuple[str, ...]:
    """The names that `get` knows, in the order in which they are best read.

    >>> names()[0]
    'paper-table'
    """
    return tuple(_BENCHES)


def get(name: str) -> Bench:
    """The experiment of this name.

    Raises:
        UnknownNameError: with the nearest names.

    >>> get("data-scaling").question
    'How many samples does each method need?'
    """
    if name not in _BENCHES:
        raise UnknownNameError("bench", name, _BENCHES)
    return _BENCHES[name]
