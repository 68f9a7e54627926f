"""What goes wrong where a rule is relaxed, and that real fits follow the rule."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest

import llmerm
from llmerm.certificates import clopper_pearson
from llmerm.samples import Samples

RIGHT, WRONG = "def f(x): return x % 2", "def f(x): return 1"


def coverage(bounds, samples):
    """How often certificates hold if the j-th candidate's error rate is just above the j-th bound.

    They fail where some candidate shows no error: it is chosen, and certified below its rate.
    """
    return math.prod(1 - (1 - bound) ** samples for bound in bounds)


def test_an_early_stop_pays_for_all_that_were_declared(odd):
    """Paying for those drawn so far would hold in 87 % of fits of 8, and in 79 % of fits of 64."""
    k, bounds = 8, []
    for place in range(k):
        script = [WRONG] * place + [RIGHT] * (k - place)
        result = llmerm.fit(odd, k=k, proposer=llmerm.ScriptedProposer(script))
        assert len(result.candidates) == place + 1
        bounds.append(result.certificate.bound)
    assert 0.95 <= coverage(bounds, 40) < 0.952
    assert coverage([clopper_pearson(0, 40, count=j) for j in range(1, 9)], 40) < 0.88
    so_far = [clopper_pearson(0, 100, count=j) for j in range(1, 65)]
    assert coverage(so_far, 100) == pytest.approx(0.787, abs=0.001)


def test_fits_that_are_repeated_until_one_pleases_pay_for_the_whole_series(odd, tmp_path):
    """With a ledger. Each for itself would hold in 78 % of series of 5, those so far in 89 %."""
    k, bounds = 16, []
    for seed in range(5):
        proposer = llmerm.ScriptedProposer([RIGHT])
        result = llmerm.fit(odd, k=k, seed=seed, proposer=proposer, ledger=tmp_path / "l.sqlite")
        bounds += [result.certificate.bound] * k
    assert 0.95 <= coverage(bounds, 40) < 0.96
    itself = [clopper_pearson(0, 40, count=k)] * 5 * k
    assert coverage(itself, 40) == pytest.approx(0.778, abs=0.001)
    so_far = [clopper_pearson(0, 40, count=k * j) for j in range(1, 6) for _ in range(k)]
    assert coverage(so_far, 40) == pytest.approx(0.892, abs=0.002)


def test_the_best_of_64_pays_for_all_of_them(odd):
    """As if it were the only one, the certificate would hold in 4 % of the fits."""
    result = llmerm.verify([WRONG] * 63 + [RIGHT], odd)
    assert result.certificate.errors == 0
    assert 0.95 <= coverage([result.certificate.bound] * 64, len(odd)) < 0.952
    alone = clopper_pearson(0, len(odd))
    assert coverage([alone] * 64, len(odd)) == pytest.approx(0.0375, abs=0.001)


def test_duplicates_are_paid_for(odd):
    """Counting what differs on the held-out samples would hold in about a quarter of fits."""
    script = llmerm.ScriptedProposer([WRONG] * 49 + [RIGHT])
    result = llmerm.fit(odd, k=50, batch_size=50, proposer=script)
    assert len({c.verdict.behaviour for c in result.candidates if c.status == "scored"}) == 2
    assert result.certificate.count == 50
    k, m, rate, runs = 1_000, 5, 0.73, 4_000
    wrong = np.array([pattern.bit_count() for pattern in range(2**m)])
    law = rate**wrong * (1 - rate) ** (m - wrong)
    seen = np.random.default_rng(0).multinomial(k, law, size=runs) > 0
    least, distinct = np.where(seen, wrong, m).min(axis=1), seen.sum(axis=1)
    held = [clopper_pearson(e, m, count=n) >= rate for e, n in zip(least, distinct, strict=True)]
    assert 0.2 < np.mean(held) < 0.28
    assert min(clopper_pearson(e, m, count=k) for e in least) >= rate


class Voter(llmerm.Proposer):
    """Fifty guesses at noise, then their vote, weighted by how well they did on what it sees."""

    name = "voter"

    adaptive = False

    def __init__(self, peeks_at: Samples | None = None) -> None:
        self.peeks_at = peeks_at

    async def propose(self, train, k, seed):
        """The guesses are bits of a hash; the 51st program is the vote."""
        seen = self.peeks_at or train
        rng = random.Random(seed)
        multipliers = [rng.randrange(10**8, 10**9) for _ in range(50)]
        weights = []
        for draw, a in enumerate(multipliers):
            right = sum((x * a % 1_000_003 & 1) == y for x, y in seen)
            weights.append((a, 2 * right - len(seen)))
            yield llmerm.Proposal(draw, f"def f(x): return x * {a} % 1000003 & 1")
        vote = f"sum(w * (2 * (x * a % 1000003 & 1) - 1) for a, w in {weights})"
        yield llmerm.Proposal(50, f"def f(x): return int({vote} > 0)")


def test_a_proposer_learns_nothing_of_held_out_scores():
    """On noise every program is wrong half of the time; with the scores a vote looks better.

    The certificate that counts it as one of 51 holds only because a proposer is given `train`.
    """
    rng = random.Random(5)
    noise = Samples.of([(rng.randrange(10**6), i % 2) for i in range(200)])
    honest = llmerm.fit(noise, k=51, proposer=Voter())
    assert len(honest.candidates) == 51
    assert honest.certificate.bound >= 0.5
    assert honest.status == "abstained"
    held_out = noise.split().held_out
    told = llmerm.fit(noise, k=51, proposer=Voter(peeks_at=held_out))
    assert told.chosen == 50
    assert told.held_out_error < 0.32
    assert told.certificate.bound < 0.5


def test_a_proposer_that_says_it_has_seen_scores_gets_no_certificate():
    """The same vote, by a proposer that keeps the law: to say so of itself."""
    noise = Samples.of([(x * 7919 % 10**6, x % 2) for x in range(200)])
    told = Voter(peeks_at=noise.split().held_out)
    told.adaptive = True
    result = llmerm.fit(noise, k=51, proposer=told)
    assert (result.certificate.method, result.certificate.bound) == ("none", 1.0)
    assert result.status == "abstained"
