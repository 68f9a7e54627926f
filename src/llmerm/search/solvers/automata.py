"""Regular languages: the smallest automata that tell the classes apart."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from llmerm.samples import Samples
from llmerm.search.automata import Automata, Automaton, consistent, table_bits
from llmerm.search.bank import Bank
from llmerm.search.candidate import Candidate
from llmerm.search.clock import Clock
from llmerm.search.grammar import UNIT
from llmerm.search.solvers.features import build, candidate, strings

BEGIN_BITS = {2: 9, 3: 11, 4: 13, 5: 17, 6: 19}
"""How far the search has got, in bits, when automata of so many states are looked for."""

TEXTS = 2
HANDED_ON = 3
WORK, LITTLE_WORK = 40_000_000, 2_000_000
FEW_CHARACTERS, MOST_CHARACTERS = 3, 200_000
"""Steps for each search: little for the second text, and over more characters than a few."""


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
        much = len(family.alphabet) <= FEW_CHARACTERS
        for row in range(min(TEXTS, bank.columns["str"].count)):
            text, work = bank.expr("str", row), LITTLE_WORK if row or not much else WORK
            found = strings(text, samples)
            for automaton in _fitting(bank, found, family.alphabet, due[0], work, clock):
                expr = build(bank, "accepts", text, ("automaton", automaton))
                if expr is not None:
                    yield candidate(bank, expr, self.name)


def _fitting(
    bank: Bank, texts: list[str] | None, alphabet: str, states: int, work: int, clock: Clock
) -> Iterator[Automaton]:
    """The first automata of exactly so many states; smaller ones were found before."""
    truth = bank.whole.truth
    if texts is None or truth is None or sum(map(len, texts)) > MOST_CHARACTERS:
        return
    if not set().union(*texts) <= set(alphabet):
        return
    all_ = consistent(
        texts, truth.tolist(), alphabet=alphabet, states=states, work=work, clock=clock
    )
    yield from islice((a for a in all_ if len(a.following) == states), HANDED_ON)
