"""How often certificates hold: simulated fits in every way that samples are used.

Run as `python benchmarks/coverage.py --json`; modes can run side by side, in processes here or on a
Dask cluster. Each mode simulates fits from their error rates: the errors of each candidate are
drawn, one candidate is chosen as `fit` would choose it, and its certificate holds if its error rate
is not above the bound. Rates lie where bounds are weakest, just above the bound that no error
gives, unless the mode says otherwise. The coverage is shown with its exact 99 % interval. Modes
that relax a rule are shown for contrast; they should not hold.

Modes "through a ledger" ask the library's own ledger for each fit's place (an SQLite database in
memory) and its own certificate of the choice; only the errors are simulated.

`tightness` compares bounds with scipy's quantiles of the beta distribution (extra `test`).
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from llmerm import certificates, certifying
from llmerm.certificates import anytime_count, clopper_pearson, description_length, kl_upper
from llmerm.ledger import Ledger, Run
from llmerm.losses import ZERO_ONE
from llmerm.samples import Samples
from llmerm.typing import Scored
from llmerm.uses import Wanted

DELTA, M, K = 0.05, 100, 16
HALVES = Samples.of([(i, i % 2) for i in range(2 * M)]).split()
CHUNK = 10_000
Array = np.ndarray
Rates = Callable[[np.random.Generator, int], Array]
Simulate = Callable[[np.random.Generator, int], Array]
"""(generator, fits) -> for each fit whether its certificate held."""


@dataclass(frozen=True)
class Mode:
    """One way of using the samples, and how many fits are simulated.

    Attributes:
        name: what is done.
        simulate: whether each of so many fits is covered.
        runs: how many fits.
        holds: whether the rule that is followed is valid; False for counter-examples.
    """

    name: str
    simulate: Simulate
    runs: int = 400_000
    holds: bool = True


_BOUNDS: dict[tuple[int, int, float], Array] = {}  # no `cache`, as a cluster cannot be sent one


def bounds(samples: int, count: int, delta: float = DELTA) -> Array:
    """The bound for 0, 1, ... errors."""
    case = samples, count, delta
    if case not in _BOUNDS:
        each = (clopper_pearson(e, samples, delta=delta, count=count) for e in range(samples + 1))
        _BOUNDS[case] = np.array(list(each))
    return _BOUNDS[case]


def above(count: int, samples: int = M, delta: float = DELTA) -> float:
    """An error rate just above the bound for no errors: there, no error is one too few."""
    return float(bounds(samples, count, delta)[0]) * (1 + 1e-9)


def looked_up(errors: Array, paid: Array) -> Array:
    """The bound of each fit, for its errors and the count that it pays for."""
    found = np.empty(len(errors))
    for count in np.unique(paid):
        found[paid == count] = bounds(M, int(count))[errors[paid == count]]
    return found


def best_of(rates: Rates, count: int) -> Simulate:
    """All candidates are scored, the best is chosen, and `count` is paid for."""

    def simulate(rng: np.random.Generator, runs: int) -> Array:
        rate = rates(rng, runs)
        return is_covered(rng.binomial(M, rate), rate, count)

    return simulate


def is_covered(errors: Array, rate: Array, count: int) -> Array:
    """Whether the first candidate with the least errors has no higher rate than its bound."""
    rows, chosen = np.arange(len(errors)), errors.argmin(axis=1)
    return bounds(M, count)[errors[rows, chosen]] >= rate[rows, chosen]


def equal(k: int, rate: float | None = None) -> Rates:
    """Candidates of the same rate, where the bound for k is weakest."""
    return lambda rng, runs: np.full((runs, k), rate or above(k))


def mixed(rng: np.random.Generator, runs: int) -> Array:
    """Three proposers in turn: one just above the bound, one of any quality, one that guesses."""
    turn = np.arange(K) % 3
    any_quality = rng.beta(1, 5, (runs, K))
    return np.where(turn == 0, above(K), np.where(turn == 1, any_quality, 0.5))


def unequal(rng: np.random.Generator, runs: int) -> Array:
    """Rates from a third of the weakest one to three times it."""
    return np.broadcast_to(above(K) * np.geomspace(1 / 3, 3, K), (runs, K))


def stratified(rng: np.random.Generator, runs: int) -> Array:
    """Half of the samples have each label; candidates err in their own way on the two."""
    lean = np.linspace(0, 1, K)
    rate = np.full((runs, K), above(K))
    one, other = (rng.binomial(M // 2, rate * (1 + side * lean)) for side in (1, -1))
    return is_covered(one + other, rate, K)


def same_points(rng: np.random.Generator, runs: int) -> Array:
    """Candidates that err together: each point has one difficulty for all of them."""
    rate = np.full((runs, K), above(K)) * np.linspace(1, 1.5, K)
    difficulty = np.sort(rng.random((runs, M)), axis=1)
    errors = np.array([[np.searchsorted(d, r) for r in rate[0]] for d in difficulty])
    return is_covered(errors, rate, K)


def series(places: int, count: Callable[[Array, Array], Array], worst: Callable[[int], int],
           *, each: int = 1) -> Simulate:  # fmt: skip
    """Places are scored in turn until one shows no error; a place is a candidate, or a whole fit.

    Args:
        places: how many there are at most.
        count: (place that is chosen, places scored), both from 1 -> what is paid for.
        worst: place -> the count above whose bound its rates lie.
        each: candidates at each place.
    """
    rate = np.array([above(worst(j)) for j in range(1, places + 1)])

    def simulate(rng: np.random.Generator, runs: int) -> Array:
        errors = rng.binomial(M, rate[:, None], (runs, places, each)).min(axis=2)
        chosen, least = errors.argmin(axis=1), errors.min(axis=1)
        scored = np.where(least == 0, chosen + 1, places)
        return looked_up(least, count(chosen + 1, scored)) >= rate[chosen]

    return simulate


@dataclass(frozen=True)
class Counted:
    """Fits on the same samples until one shows no error, each counted by the library's own ledger.

    The ledger is a real one, in memory; the certificate is made as `fit` makes it, from simulated
    errors. Each fit is another run on another split, and the one that is kept is resumed.

    Attributes:
        each: the candidates of the first, second ... fit, planned before any of them.
        one_series: whether the ledger is told that the splits are of the same samples.
    """

    each: tuple[int, ...]
    one_series: bool = True

    def __call__(self, rng: np.random.Generator, runs: int) -> Array:
        """Whether the certificate that each user keeps holds."""
        rates = self.rates()
        least = [
            rng.binomial(M, r, (runs, k)).min(axis=1) for r, k in zip(rates, self.each, strict=True)
        ]
        users = np.stack(least, axis=1).tolist()
        with Ledger(":memory:") as ledger:
            kept = [self.kept(ledger, user, errors) for user, errors in enumerate(users)]
        return np.array([bound >= rates[fit] for fit, bound in kept])

    def rates(self) -> list[float]:
        """Of all candidates of a fit: just above what its certificate says of no error."""
        if not self.one_series:
            return [above(anytime_count(1, each=k)) for k in self.each]
        return [above(anytime_count(j, each=k)) for j, k in enumerate(self.each, 1)]

    def kept(self, ledger: Ledger, user: int, errors: list[int]) -> tuple[int, float]:
        """The fit with the least errors of those up to the first without any, and its bound."""
        made = errors[: errors.index(0) + 1] if 0 in errors else errors
        bounds = [self.bound(ledger, user, fit, least) for fit, least in enumerate(made)]
        best = made.index(min(made))
        resumed = self.bound(ledger, user, best, made[best])
        assert resumed == bounds[best], "a run that was resumed got another bound"
        return best, resumed

    def bound(self, ledger: Ledger, user: int, fit: int, errors: int) -> float:
        """What the certificate of one fit says."""
        k, run = self.each[fit], Run("simulated", {}, f"{user}: {fit}", None, fit)
        data = f"{user}" if self.one_series else f"{user}, split {fit}"
        wanted = Wanted(held_out=f"{user}: {fit}", data=data, loss=ZERO_ONE.name, k=k)
        verdict, use = Scored(0.0, errors / M, 0.0), ledger.use(run, wanted)
        return certifying.certificate(
            verdict, HALVES, ZERO_ONE, delta=DELTA, k=k, why="simulated", use=use
        ).bound


def duplicates(count_distinct: bool) -> Simulate:
    """A thousand candidates on five samples, most of them equal there."""
    k, samples, rate = 1_000, 5, 0.73
    patterns = np.arange(2**samples)
    wrong = np.array([bin(one).count("1") for one in patterns])
    law = rate**wrong * (1 - rate) ** (samples - wrong)

    def simulate(rng: np.random.Generator, runs: int) -> Array:
        seen = rng.multinomial(k, law, size=runs) > 0
        least = np.where(seen, wrong, samples).min(axis=1)
        counts = seen.sum(axis=1) if count_distinct else np.full(runs, k)
        table = {int(c): bounds(samples, int(c)) for c in np.unique(counts)}
        return np.array([table[c][e] >= rate for c, e in zip(counts, least, strict=True)])

    return simulate


def feedback(rng: np.random.Generator, runs: int) -> Array:
    """Five rounds of ten guesses at coin flips; the last program is a vote weighted by scores.

    It has seen scores and counts itself as one of 51, which does not pay for what it learned.
    """
    rounds = 5 * 10
    right = 2 * rng.binomial(1, 0.5, (runs, rounds, M)) - 1
    votes = right.sum(axis=2)
    errors = ((right * votes[:, :, None]).sum(axis=1) <= 0).sum(axis=1)
    return bounds(M, rounds + 1)[errors] >= 0.5


def by_length(rng: np.random.Generator, runs: int) -> Array:
    """Programs of 1, 2, 3 ... bits, made from the samples that certify them; any without error."""
    lengths = np.arange(1, 31)
    bound = np.array([description_length(0, M, bits=b, delta=DELTA) for b in lengths])
    rate = bound * (1 + 1e-9)
    rate[rate >= 1] = 1
    return ~(rng.binomial(M, rate, (runs, len(rate))) == 0).any(axis=1)


def combined(rng: np.random.Generator, runs: int) -> Array:
    """The least of a bound on the training part and one on the held-out part, delta / 2 each."""
    rate = above(1, delta=DELTA / 2)
    table = bounds(M, 1, DELTA / 2)
    errors = rng.binomial(M, rate, (runs, 2))
    return table[errors].min(axis=1) >= rate


def fresh(rng: np.random.Generator, runs: int) -> Array:
    """One program of error rate 0.05, on samples that chose nothing."""
    return bounds(M, 1)[rng.binomial(M, 0.05, runs)] >= 0.05


def sealed(uses: int, declared: int, rate: float) -> Simulate:
    """Programs of one rate shown the same sealed samples: whether all their intervals hold.

    Args:
        uses: how many programs are shown them.
        declared: how many share delta.
        rate: where an interval at this level misses most often.
    """
    level = DELTA / declared
    ends = [certificates.interval(errors, M, delta=level) for errors in range(M + 1)]
    holds = np.array([low <= rate <= high for low, high in ends])
    return lambda rng, runs: holds[rng.binomial(M, rate, (runs, uses))].all(axis=1)


def within(rng: np.random.Generator, runs: int) -> Array:
    """A regression with normal errors: how often they exceed 2."""
    missed, labels = 0.04550026389635842, [0.0] * M
    found = [
        certificates.within(list(row), labels, t=2.0, delta=DELTA).bound
        for row in rng.normal(size=(runs, M)).tolist()
    ]
    return np.array(found) >= missed


def losses(draw: Simulate, mean: float, *, betting: bool) -> Simulate:
    """One program's losses in [0, 1], on fresh samples."""

    def upper(row: Array) -> float:
        if betting:
            return certificates.betting_upper(row, delta=DELTA)
        return kl_upper(float(row.mean()), len(row), delta=DELTA)

    return lambda rng, runs: np.array([upper(row) >= mean for row in draw(rng, runs)])


def skewed(rng: np.random.Generator, runs: int) -> Array:
    """Mostly small losses: Beta(1/2, 10), of mean 1/21."""
    return rng.beta(0.5, 10, (runs, M))


def coins(rng: np.random.Generator, runs: int) -> Array:
    """All or nothing, of mean 0.032: no loss at all is just too rare to be excused."""
    return (rng.random((runs, M)) < 0.032).astype(float)


def promised(rng: np.random.Generator, runs: int) -> Array:
    """The paper's bound on the excess of the chosen candidate over the best one."""
    rate = np.broadcast_to(np.linspace(0.05, 0.5, K), (runs, K))
    chosen = rng.binomial(M, rate).argmin(axis=1)
    excess = rate[0, chosen] - rate[0].min()
    return excess <= certificates.selection(M, count=K, delta=DELTA).excess


def modes() -> Iterator[Mode]:
    """Every valid way, then the counter-examples."""
    yield Mode("fixed k = 16", best_of(equal(K), K))
    yield Mode("fixed k = 64", best_of(equal(64), 64))
    yield Mode("early stop, the declared k is paid for",
               series(64, lambda j, n: 0 * n + 64, lambda j: 64))  # fmt: skip
    yield Mode("early stop, anytime shares",
               series(64, lambda j, n: j * (j + 1), anytime_count))  # fmt: skip
    yield Mode("5 refits of 16, all 80 declared",
               series(5, lambda j, n: 0 * n + 80, lambda j: 80, each=K))  # fmt: skip
    yield Mode("refits of 16 until one pleases, anytime shares",
               series(5, lambda j, n: K * j * (j + 1), lambda j: anytime_count(j, each=K),
                      each=K))  # fmt: skip
    yield Mode("refits of 16 until one pleases, through a ledger", Counted((K,) * 5), 20_000)
    yield Mode("three proposers refitted in turn, 16, 4 and 64 draws, through a ledger",
               Counted((16, 4, 64, 16, 4, 64)), 20_000)  # fmt: skip
    yield Mode("the best of 64, verified again where it was chosen",
               best_of(equal(64, above(65 * 6)), 65 * 6))  # fmt: skip
    yield Mode("mixture of three proposers", best_of(mixed, K))
    yield Mode("unequal candidates", best_of(unequal, K))
    yield Mode("candidates that err on the same points", same_points, 20_000)
    yield Mode("stratified draws", stratified)
    yield Mode("duplicates, all are paid for", duplicates(count_distinct=False), 20_000)
    yield Mode("fresh samples", fresh)
    yield Mode("sealed samples, one use", sealed(1, 1, 0.37884))
    yield Mode("sealed samples, three uses at once", sealed(3, 3, 0.63214))
    yield Mode("description length, on the training samples", by_length, 2_000_000)
    yield Mode("two bounds combined, delta / 2 each", combined, 2_000_000)
    yield Mode("within t", within, 20_000)
    yield Mode("kl, Beta(1/2, 10)", losses(skewed, 1 / 21, betting=False), 20_000)
    yield Mode("kl, losses of 0 or 1", losses(coins, 0.032, betting=False), 20_000)
    yield Mode("betting, Beta(1/2, 10)", losses(skewed, 1 / 21, betting=True), 20_000)
    yield Mode("betting, losses of 0 or 1", losses(coins, 0.032, betting=True), 20_000)
    yield Mode("selection (the paper's promise)", promised)
    yield Mode("WRONG: the best of 64 as if it were the only one",
               best_of(equal(64, above(1)), 1), holds=False)  # fmt: skip
    yield Mode("WRONG: early stop, the drawn number is paid for",
               series(64, lambda j, n: n, lambda j: j), holds=False)  # fmt: skip
    yield Mode("WRONG: refits until one pleases, those so far are paid for",
               series(5, lambda j, n: K * n, lambda j: K * j, each=K), holds=False)  # fmt: skip
    yield Mode("WRONG: refits until one pleases, each pays for itself",
               series(5, lambda j, n: 0 * n + K, lambda j: K, each=K), holds=False)  # fmt: skip
    yield Mode("WRONG: refits until one pleases, each split a series of its own in the ledger",
               Counted((K,) * 5, one_series=False), 20_000, holds=False)  # fmt: skip
    yield Mode("WRONG: the best of 64, verified again as one program, the second use",
               best_of(equal(64, above(6)), 6), holds=False)  # fmt: skip
    yield Mode("WRONG: sealed samples shown to three programs, one declared",
               sealed(3, 1, 0.37884), holds=False)  # fmt: skip
    yield Mode("WRONG: duplicates counted on the held-out samples", duplicates(count_distinct=True),
               20_000, holds=False)  # fmt: skip
    yield Mode("WRONG: feedback from held-out scores", feedback, 20_000, holds=False)


def measured(mode: Mode, runs: int) -> dict[str, object]:
    """The share of fits that are covered, with its exact interval."""
    rng, started = np.random.default_rng(0), time.process_time()
    sizes = [min(CHUNK, runs - at) for at in range(0, runs, CHUNK)]
    held = sum(int(mode.simulate(rng, size).sum()) for size in sizes)
    low, high = certificates.interval(held, runs, delta=0.01)
    return {
        "coverage": round(held / runs, 5),
        "interval": [round(low, 5), round(high, 5)],
        "runs": runs,
        "target": 1 - DELTA if mode.holds else None,
        "met": held / runs >= 1 - DELTA if mode.holds else None,
        "seconds": round(time.process_time() - started, 2),
    }


def measured_by_name(name: str) -> dict[str, object]:
    """The figures of a mode, on any executor's worker: modes themselves cannot be sent."""
    (mode,) = (mode for mode in modes() if mode.name == name)
    return measured(mode, mode.runs)


@contextmanager
def engine(scheduler: str | None, workers: int) -> Iterator[Executor]:
    """A Dask cluster's executor, or one of so many processes here."""
    if scheduler is None:
        with ProcessPoolExecutor(workers) as executor:
            yield executor
        return
    from distributed import Client

    with Client(scheduler) as client:
        yield client.get_executor()


def tightness() -> dict[str, object]:
    """The largest relative difference between bounds and scipy's beta quantiles."""
    try:
        from scipy.stats import beta
    except ImportError:
        return {"skipped": "scipy is not installed"}
    worst = 0.0
    for samples in (1, 10, 100, 1_000, 10_000, 100_000):
        for errors in sorted({0, 1, samples // 100, samples // 10, samples // 2, samples - 1}):
            for count in (1, 16, 1_000):
                exact = beta.isf(DELTA / count, errors + 1, samples - errors)
                found = clopper_pearson(errors, samples, delta=DELTA, count=count)
                worst = max(worst, float(abs(found / exact - 1)))
    return {"largest_relative_difference": worst, "limit": 0.01, "met": worst <= 0.01}


def main() -> None:
    """Measures every mode and prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--workers", type=int, default=1, help="processes, a mode at a time each")
    parser.add_argument("--dask", metavar="ADDRESS", help="a cluster's scheduler, to run there")
    given = parser.parse_args()
    figures: dict[str, dict[str, object]] = {}
    with engine(given.dask, given.workers) as executor:
        names = [mode.name for mode in modes()]
        for name, row in zip(names, executor.map(measured_by_name, names), strict=True):
            figures[name] = row
            print(name, row, file=sys.stderr, flush=True)
    near = tightness()
    targets: dict[str, object] = {
        name: {"value": row["coverage"], "limit": row["target"], "met": row["met"]}
        for name, row in figures.items()
        if row["target"] is not None
    }
    if "met" in near:
        value, limit = near["largest_relative_difference"], near["limit"]
        targets["tightness"] = {"value": value, "limit": limit, "met": near["met"]}
    report = {"figures": figures, "targets": targets}
    print(json.dumps(report, indent=None if given.json else 2))


if __name__ == "__main__":
    main()
