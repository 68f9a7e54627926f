"""Certificates: how wrong a program can be on the population, with what confidence.

`of_choice` is what `fit` gives, `of_series` what it gives with a ledger. `best_of`, `anytime`,
`fresh`, `described`, `within`, `best_mean` and `fresh_losses` are for each way in which samples
can be used; `combine` takes the least of several. `clopper_pearson`, `description_length`,
`kl_upper` and `betting_upper` are the bounds themselves, as numbers. `selection` is no certificate
but a promise about choosing. See docs/guarantees.md.
"""

from llmerm.certificates.binomial import clopper_pearson, description_length, interval
from llmerm.certificates.bounded import betting_upper, kl_upper
from llmerm.certificates.certificate import POPULATION, SAMPLED, Certificate, combine, none
from llmerm.certificates.choice import of_choice, of_series
from llmerm.certificates.counted import anytime, best_of, described, fresh
from llmerm.certificates.level import anytime_count
from llmerm.certificates.numeric import best_mean, fresh_losses, within
from llmerm.certificates.selection import Selection, selection

__all__ = [
    "POPULATION",
    "SAMPLED",
    "Certificate",
    "Selection",
    "anytime",
    "anytime_count",
    "best_mean",
    "best_of",
    "betting_upper",
    "clopper_pearson",
    "combine",
    "described",
    "description_length",
    "fresh",
    "fresh_losses",
    "interval",
    "kl_upper",
    "none",
    "of_choice",
    "of_series",
    "selection",
    "within",
]
