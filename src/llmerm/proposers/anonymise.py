"""Samples without telling names, and programs for them brought back to the real data."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace
from typing import Self

from llmerm.errors import LlmermWarning
from llmerm.proposers.renaming import Renaming
from llmerm.proposers.restoring import restored
from llmerm.samples import Samples


@dataclass(frozen=True)
class Anonymised:
    """Samples in which columns, letters and classes have other names, and the way back.

    Columns (keys of dicts) become c1, c2, ...; each letter in the inputs becomes another one, and
    digits and signs stay; classes that are words become k1, k2, ... So a model can neither recall
    data that it has seen, nor guess from names. It is no encryption: numbers, lengths and
    repetitions stay as they are.

    Attributes:
        train: the samples to show.
        renaming: what is called how.
    """

    train: Samples
    renaming: Renaming

    @classmethod
    def of(cls, train: Samples, *, seed: int = 0) -> Self:
        """The samples under other names; the same ones for the same samples and seed.

        A description is left out, with a warning: its words would give the names away.

        >>> hidden = Anonymised.of(Samples.of([({"age": 30}, "old"), ({"age": 3}, "young")]))
        >>> hidden.train[0]
        Sample(x={'c1': 30}, y='k1')
        >>> hidden.restore("def f(x): return 'k1' if x['c1'] > 20 else 'k2'")
        "def f(x): return 'old' if x['age'] > 20 else 'young'"
        """
        if train.description:
            warnings.warn(
                "the description is left out of the anonymised prompt, as its words would give "
                "the names away. Leave `anonymise` off to use it.",
                LlmermWarning,
                stacklevel=2,
            )
        renaming = Renaming.of(train, seed)
        hidden = replace(
            train,
            inputs=tuple(map(renaming.renamed, train.inputs)),
            outputs=tuple(map(renaming.hidden, train.outputs)),
            description=None,
        )
        return cls(hidden, renaming)

    def restore(self, source: str) -> str:
        """The program for the real data that does what `source` does for the anonymised.

        Where that is sure to be right, names are put back in the text; else the program is
        followed by a function that renames its input and brings its label back.

        Args:
            source: a source that `Program` accepts.
        """
        return restored(source, self.renaming)
