"""The card of a result: the best first, each program once, with reasons and exact intervals."""

from __future__ import annotations

import re
import time
from dataclasses import replace

import pytest
import scipy.stats

import llmerm
from llmerm.candidate import Candidate
from llmerm.program import Program
from llmerm.typing import Failed, Proposal, Scored

DRAFTS = [
    "def f(x): return 1",
    "def f(x): return x % 2 if x > 7 else 1",
    "def f(x",
    "def f(x): return 1",
    "def f(x): return 1 // 0",
]


@pytest.fixture(scope="module")
def result():
    """A fit of five drafts, of which none is right."""
    pairs = [(i, i % 2) for i in range(80)]
    return llmerm.fit(pairs, 9, proposer=llmerm.ScriptedProposer(DRAFTS))


def rows(html):
    """The cells of the candidates' table, as text."""
    table = html[html.index("llmerm-rows") :].partition("<tbody>")[2].partition("</tbody>")[0]
    strip = lambda cell: re.sub(r"<title>.*?</title>|<[^>]+>", "", cell).strip()  # noqa: E731
    return [
        [strip(c) for c in re.findall(r"<td>(.*?)</td>", row, re.S)]
        for row in table.split("</tr>")[:-1]
    ]


def test_candidates_come_in_the_order_of_selection(result):
    """The chosen one first, those without a score last, the same program once."""
    shown = rows(result._repr_html_())
    assert [row[0] for row in shown] == ["1", "0", "2", "4"]
    assert shown[0][-1] == "chosen"
    assert shown[0][1] == f"{result.held_out_error:.4g}"
    assert "drawn 2 times" in shown[1][-1]
    assert shown[2][-1].startswith("syntax_error: ")
    assert shown[3][-1].startswith("raised: ZeroDivisionError")


def test_a_card_counts_the_candidates_by_reason(result):
    """With why the drawing ended."""
    html = result._repr_html_()
    assert "5 candidates (3 scored, 1 syntax_error, 1 raised), the proposer had no more" in html


def test_the_interval_is_the_exact_one(result):
    """Clopper and Pearson's, by scipy."""
    errors, m = round(result.held_out_error * 40), 40
    exact = scipy.stats.binomtest(errors, m).proportion_ci(0.95, method="exact")
    assert errors > 0
    assert f"interval by itself, {exact.low:.3g} to {exact.high:.3g};" in result._repr_html_()


def test_a_card_says_what_the_text_says(result):
    """The certificate's sentence, the constant's error, and where it comes from."""
    html = result._repr_html_()
    for part in (
        str(result.certificate),
        f"best constant, {result.chance_error:.4g}",
        result.provenance.isolation,
    ):
        assert part.replace("'", "&#x27;") in html


def many(result, count):
    """The result with so many candidates, each another program with another error."""

    def one(draw):
        source = f"def f(x): return {draw}"
        error = (draw + 1) / count
        return Candidate(Proposal(draw, source), Program(source), Scored(error, error, 9.0))

    return replace(result, candidates=tuple(map(one, reversed(range(count)))), chosen=count - 1)


def test_of_many_candidates_the_best_are_shown_and_the_others_counted(result):
    """Twenty rows, and where the others are."""
    html = many(result, 1_000)._repr_html_()
    assert [row[0] for row in rows(html)] == [str(draw) for draw in range(20)]
    assert "980 more: result.candidates" in html


def test_ten_thousand_candidates_are_no_burden(result):
    """`benchmarks/notebook.py` has the figure; this fails only where it grew a hundredfold."""
    large = many(result, 10_000)
    started = time.process_time()
    html = large._repr_html_()
    assert time.process_time() - started < 10
    assert len(html) < 100_000


def test_where_nothing_could_be_scored_the_reasons_are_shown(result):
    """No program, no scale; a row with the reason."""
    failed = Candidate(Proposal(0), None, Failed("refused", "it would not"))
    html = replace(result, candidates=(failed,), chosen=None)._repr_html_()
    assert "no candidate could be scored" in html
    assert rows(html) == [["0", "", "", "", "", "refused: it would not"]]
    assert "llmerm-scale" not in html.partition("</style>")[2]


def test_errors_that_are_no_shares_are_shown(odd):
    """Squared errors have no exact interval and may have no bound; infinity is a number to show."""
    pairs = [(float(i), 3.0 * i) for i in range(60)]
    drafts = ["def f(x): return 2.9 * x", "def f(x): return 1e200 * x"]
    result = llmerm.fit(pairs, proposer=llmerm.ScriptedProposer(drafts), loss="squared")
    html = result._repr_html_()
    assert "interval by itself" not in html
    assert f"held-out error {result.held_out_error:.4g}" in html
    assert rows(html)[0][-1] == "chosen"


def test_a_result_without_held_out_samples_shows_the_train_error(odd):
    """And the bound by the program's length."""
    result = llmerm.fit(
        odd, proposer=llmerm.ScriptedProposer(["def f(x): return x % 2"]), held_out=0
    )
    assert "dot: train error 0" in result._repr_html_()
    assert f"certified at most {result.certificate.bound:.3g}" in result._repr_html_()


@pytest.mark.parametrize("part", ["result", "certificate", "samples", "task"])
def test_plain_texts_have_a_few_lines(result, part):
    """As a terminal shows them."""
    things = {
        "result": result, "certificate": result.certificate,
        "samples": llmerm.Samples.of([(i, i % 2) for i in range(80)]), "task": llmerm.tasks.get("parity", n=20),
    }  # fmt: skip
    text = repr(things[part])
    assert len(text.splitlines()) <= 5
    assert len(text) < 500


def test_a_certificate_says_its_bound_and_its_sentence(result):
    """In two lines."""
    bound, sentence = repr(result.certificate).splitlines()
    assert bound.startswith(f"Certificate(bound={result.certificate.bound:.4g}, count=9,")
    assert sentence == str(result.certificate)


def test_a_certificate_that_says_nothing_has_no_picture():
    """It says why."""
    certificate = llmerm.certificates.none("nothing was tried", delta=0.05)
    html = certificate._repr_html_()
    assert "no certificate: nothing was tried" in html
    assert "<svg" not in html
