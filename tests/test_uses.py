"""How often samples were used to choose: places in a series, whatever fits again, and where."""

from __future__ import annotations

import random
import subprocess
import sys

import pytest

import llmerm
from llmerm.certificates import anytime_count, clopper_pearson
from llmerm.ledger import Ledger, Run
from llmerm.losses import clipped, within
from llmerm.samples import Samples
from llmerm.uses import Wanted

ODD, ONE = "def f(x): return x % 2", "def f(x): return 1"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "l.sqlite"


def scripted(name="scripted"):
    """A proposer whose runs are its own: runs are known by the name."""
    proposer = llmerm.ScriptedProposer([ONE, ODD])
    proposer.name = name
    return proposer


def place(path, samples, name="scripted", **options):
    """What the certificate of a fit pays for."""
    return llmerm.fit(samples, proposer=scripted(name), ledger=path, **options).certificate


def wanted(held_out="h", data="d", k=4, loss="zero_one"):
    return Wanted(held_out=held_out, data=data, k=k, loss=loss)


def run(seed):
    return Run("p", {}, "t", None, seed)


def positions(path):
    """All places that a ledger has given."""
    with Ledger(path, create=False) as ledger:
        return sorted(use.position for one in ledger.runs() for use in ledger.uses(one))


def test_each_fit_on_the_same_samples_pays_for_its_place(odd, path):
    """The j-th pays for k j (j + 1), so their shares of delta add up to less than delta."""
    found = [place(path, odd, f"proposer {j}", k=4) for j in range(1, 5)]
    assert [one.count for one in found] == [4 * j * (j + 1) for j in range(1, 5)]
    assert [one.method for one in found] == ["clopper-pearson+anytime"] * 4
    assert sum(4 / one.count for one in found) < 1
    assert found[2].bound == pytest.approx(clopper_pearson(0, 40, count=48))


def test_without_a_ledger_the_declared_k_is_paid_for(odd):
    """Nothing can be known of other fits then."""
    found = llmerm.fit(odd, k=4, proposer=scripted()).certificate
    assert (found.count, found.method) == (4, "clopper-pearson+union")


def test_a_certificate_says_which_use_it_is(odd, path):
    """The place, the candidates, and that the series may go on."""
    place(path, odd)
    assert str(place(path, odd, seed=1)).endswith(
        "(0 errors on 40 held-out samples; use number 2 of these samples, chosen among at most 16 "
        "candidates, in a series that may go on)"
    )


def test_another_split_of_the_same_samples_continues_the_series(odd, path):
    """By another seed, another share, or in another order: whoever keeps the best has seen all."""
    shuffled = list(odd)
    random.Random(0).shuffle(shuffled)
    counts = [
        place(path, odd, k=1).count,
        place(path, odd, k=1, seed=1).count,
        place(path, odd, k=1, held_out=0.25).count,
        place(path, shuffled, k=1).count,
    ]
    assert counts == [2, 6, 12, 20]


def test_other_samples_begin_a_series_of_their_own(odd, path):
    """One more sample, or one label that changed, and the fingerprint differs."""
    place(path, odd)
    more = Samples.of([*odd, (81, 1)])
    changed = Samples.of([*list(odd)[:-1], (79, 0)])
    assert [place(path, one, k=1).count for one in (more, changed, odd[:40])] == [2, 2, 2]
    assert place(path, odd, "another", k=1).count == 6


def test_a_run_that_is_resumed_keeps_its_place_and_its_bound(odd, path):
    """The same candidates on the same samples say the same, also after others came between."""
    first = place(path, odd)
    place(path, odd, "another")
    assert place(path, odd) == first
    assert positions(path) == [1, 2]


def test_fewer_candidates_than_were_declared_pay_for_those(odd, path):
    """The larger k could have been chosen from."""
    place(path, odd, k=9)
    again = place(path, odd, k=4)
    assert again.count == anytime_count(1, each=9)
    assert "at most 4 candidates (9 were declared before)" in again.why


def test_more_candidates_are_a_new_use(odd, path):
    """And from then on those who ask for as many, or for fewer than that, get its place."""
    counts = [place(path, odd, k=k).count for k in (4, 9, 8, 4)]
    assert counts == [4 * 2, 9 * 6, 9 * 6, 4 * 2]


def test_another_loss_is_a_new_use(odd, path):
    """Each loss has an error of its own, which may be the one that looks better than it is."""
    counts = [place(path, odd, k=1, loss=one).count for one in ("zero_one", within(0.5))]
    assert counts == [2, 6]


def test_bounded_losses_and_misses_pay_for_the_series_too(odd, path):
    """By the same count, whatever the bound is made of."""
    near = place(path, odd, k=1, loss=within(0.5))
    mean = place(path, odd, k=1, loss=clipped("absolute", 1.0))
    none = place(path, odd, k=1, loss="absolute")
    assert (near.method, near.count) == ("clopper-pearson+anytime", 2)
    assert (mean.method, mean.count) == ("kl+anytime", 6)
    assert (none.method, none.bound) == ("none", float("inf"))
    assert "no declared largest value" in none.why


def test_programs_that_are_handed_in_use_the_samples_as_fits_do(odd, path):
    """`verify` on the held-out part of a fit, or on all of its samples, is of its series."""
    place(path, odd)
    held_out = odd.split().held_out
    alone = llmerm.verify(ODD, held_out, ledger=path).certificate
    assert (alone.count, alone.samples) == (6, 40)
    assert "use number 2" in alone.why
    both = llmerm.verify([ONE, ODD + " or 0"], odd[::-1], ledger=path).certificate
    assert (both.count, both.samples) == (2 * 12, 80)
    assert llmerm.verify(ODD, held_out, ledger=path).certificate == alone


def test_nothing_held_out_uses_nothing(odd, path):
    """A program's length pays for all programs at once, so no fit needs a place."""
    whole = place(path, odd, held_out=0)
    assert (whole.method, whole.count) == ("description-length", 1)
    assert positions(path) == []


def test_a_place_is_kept_before_anything_is_scored(odd, path):
    """A run that is killed then has used the samples; resumed, it gets the same place."""
    dying = (
        "import os, sys, llmerm\n"
        "class Box(llmerm.sandbox.Sandbox):\n"
        "    isolation = ''\n"
        "    def session(self, inputs, **options): os._exit(9)\n"
        f"proposer = llmerm.ScriptedProposer([{ONE!r}, {ODD!r}])\n"
        "llmerm.fit([(i, i % 2) for i in range(80)], proposer=proposer, ledger=sys.argv[1],\n"
        "           sandbox=Box())\n"
    )
    died = subprocess.run([sys.executable, "-c", dying, path], timeout=120)
    assert died.returncode == 9
    assert positions(path) == [1]
    assert place(path, odd, "another").count == 16 * 6
    assert place(path, odd).count == 16 * 2


def test_two_processes_at_once_get_different_places(path):
    """None is lost, and none is given twice."""
    code = (
        "import sys\nfrom llmerm.ledger import Ledger, Run\nfrom llmerm.uses import Wanted\n"
        "wanted = Wanted(held_out='h', data='d', loss='zero_one', k=4)\n"
        "with Ledger(sys.argv[1]) as ledger:\n"
        "    for seed in range(int(sys.argv[2]), 60, 3):\n"
        "        ledger.use(Run('p', {}, 't', None, seed), wanted)\n"
    )
    command = [sys.executable, "-c", code, path]
    processes = [subprocess.Popen([*command, str(first)]) for first in range(3)]
    assert [process.wait(120) for process in processes] == [0, 0, 0]
    assert positions(path) == list(range(1, 61))


def test_series_that_turn_out_to_share_samples_are_one(path):
    """A use of two data sets comes after all uses of both, and so does each later one."""
    with Ledger(path) as ledger:
        found = [
            ledger.use(run(seed), wanted(held_out, data)).position
            for seed, (held_out, data) in enumerate(
                [("a", "A"), ("b", "B"), ("a", "A"), ("b", "A"), ("b", "B"), ("c", "C")]
            )
        ]
    assert found == [1, 1, 2, 4, 5, 1]


def test_uses_are_read_back_as_they_were_given(path):
    """By run, the oldest first."""
    with Ledger(path) as ledger:
        given = [ledger.use(run(0), wanted(k=k)) for k in (4, 8)]
        other = ledger.use(run(1), wanted())
    with Ledger(path, create=False) as ledger:
        assert ledger.uses(run(0)) == given
        assert ledger.uses(run(1)) == [other]


def test_a_ledger_that_cannot_be_written_gives_no_place(path):
    """An error that names the next step, never a bound that is not paid for."""
    with Ledger(path) as ledger:
        ledger.begin(run(0))
        ledger._file.connection.execute("PRAGMA query_only=ON")
        with pytest.raises(llmerm.errors.LedgerError, match="cannot be written"):
            ledger.use(run(0), wanted())


class Peeking(llmerm.ScriptedProposer):
    """Says of itself that it has looked at held-out scores."""

    adaptive = True


class Adopted:
    """No `Proposer`, but it has what one needs, and says the same."""

    name, adaptive = "adopted", True

    def propose(self, train, k, seed):
        return scripted().propose(train, k, seed)


@pytest.mark.parametrize(
    "proposer",
    [
        Peeking([ODD]),
        [llmerm.ScriptedProposer([ONE]), Peeking([ODD])],
        llmerm.proposers.Guided(Peeking([ODD] * 2), drafts=2),
        Adopted(),
    ],
    ids=["itself", "in a mixture", "as a guide", "adopted"],
)
def test_a_proposer_that_adapts_to_held_out_scores_gets_no_certificate(odd, proposer):
    """Alone or within another one; where nothing is held out, its programs' lengths still pay."""
    found = llmerm.fit(odd, proposer=proposer, k=4)
    assert found.verified
    assert (found.certificate.method, found.certificate.bound) == ("none", 1.0)
    assert "adapts to held-out scores" in str(found.certificate)
    whole = llmerm.fit(odd, proposer=proposer, k=4, held_out=0).certificate
    assert whole.method == "description-length"


def test_a_replay_of_an_adaptive_run_gets_no_certificate_either(odd, path):
    """The ledger remembers what the proposer said of itself."""
    llmerm.fit(odd, proposer=Peeking([ODD]), ledger=path)
    again = llmerm.fit(odd, proposer=f"replay:{path}")
    assert again.verified
    assert again.certificate.method == "none"


def test_a_replay_of_programs_made_from_other_samples_is_refused(odd, path):
    """With another seed of the split, they may have been made from what is now held out."""
    place(path, odd)
    with pytest.raises(llmerm.LlmermError, match="no draws for these training samples"):
        llmerm.fit(odd, proposer=f"replay:{path}", seed=1)
    with pytest.raises(llmerm.LlmermError, match="no draws for these training samples"):
        llmerm.fit(odd, proposer=f"replay:{path}", held_out=0.25)


def test_a_program_is_not_verified_on_samples_that_the_ledger_says_it_was_made_from(odd, path):
    """On all samples of its fit it gets no certificate; on the part that was held out it does."""
    chosen = llmerm.fit(odd, proposer=scripted(), ledger=path).program
    again = llmerm.verify(chosen, odd, ledger=path)
    assert again.verified
    assert again.certificate.method == "none"
    assert "made from a part of these samples" in str(again.certificate)
    renamed = chosen.source.replace("x", "y") + "\n"
    assert llmerm.verify(renamed, odd, ledger=path).certificate.method == "none"
    assert llmerm.verify(chosen, odd.split().held_out, ledger=path).certificate.count > 0
    assert llmerm.verify(chosen, odd[:60], ledger=path).certificate.count > 0
