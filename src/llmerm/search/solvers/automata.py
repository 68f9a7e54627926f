"""Regular languages: the smallest automata that tell the classes apart."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from llmerm.samples import Samples
from llmerm.search.automata import Automata, Automaton, consistent, table_bits
from llmerm.search.bank import Bank
from llmerm.search.candidate import Candidate
from llmerm.search.clock import Clock
from llmerm.search.expression import Expr
from llmerm.search.grammar import UNIT
from llmerm.search.solvers.features import build, candidate, strings

BEGIN_BITS = {2: 6, 3: 7, 4: 9, 5: 12, 6: 15}
"""How far the search has got, in bits, when automata of so many states are looked for."""

TEXTS = 2
HANDED_ON = 3
WORK, FEW_CHARACTERS = 10_000_000, 3
"""Steps for each search; over more characters a fifth, as it ends soon then or not at all."""


class SmallAutomata:
    """Solves "the automaton ends in a state that accepts" for an automaton of at most 6 states.

    Refuses sizes of which some automaton fits any labels: more bits than the samples carry.
    """

    name = "automata"

    def propose(self, bank: Bank, samples: Samples, clock: Clock) -> Iterator[Candidate]:
        """The first automata of the size that is due, for each of the bank's first strings."""
        family = bank.grammar.literals.get("automaton")
        due = [n for n, bits in BEGIN_BITS.items() if bits * UNIT == bank.unit]
        if bank.whole.truth is None or not due or not isinstance(family, Automata):
            return
        if table_bits(due[0], len(family.alphabet)) > bank.whole.trusted_bits:
            return
        for row in range(min(TEXTS, bank.columns["str"].count)):
            text = bank.expr("str", row)
            for found in _fitting(bank, samples, text, family.alphabet, due[0], clock):
                expr = build(bank, "accepts", text, ("automaton", found))
                if expr is not None:
                    yield candidate(bank, expr, self.name)


def _fitting(
    bank: Bank, samples: Samples, text: Expr, alphabet: str, states: int, clock: Clock
) -> Iterator[Automaton]:
    """The automata of exactly so many states; smaller ones were found before."""
    found, truth = strings(text, samples), bank.whole.truth
    if found is None or truth is None or not set().union(*found) <= set(alphabet):
        return
    work = WORK if len(alphabet) <= FEW_CHARACTERS else WORK // 5
    all_ = consistent(
        found, truth.tolist(), alphabet=alphabet, states=states, work=work, clock=clock
    )
    yield from islice((a for a in all_ if len(a.following) == states), HANDED_ON)
