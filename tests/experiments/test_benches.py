"""Every experiment at a small size, end to end, against what must come out."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from llmerm.errors import ArgumentError, TaskError, UnknownNameError
from llmerm.experiments import counters
from llmerm.experiments.benches import registry
from llmerm.experiments.benches.base import titled
from llmerm.experiments.outcome import Outcome
from llmerm.experiments.plot import svg
from llmerm.experiments.sweep import sweep
from llmerm.experiments.table import as_csv, as_latex, as_markdown
from llmerm.proposers.scripted import ScriptedProposer
from llmerm.tasks.k_parity import KParity


def measured(bench, options, tmp_path):
    """The bench, its results, its table by row."""
    found = registry.get(bench)
    results = sweep(found.cells(options), ledger=tmp_path / "l.sqlite").results
    table = found.table(results)
    for render in (as_csv, as_markdown, as_latex):
        shown = render(table).replace("\\_", "_")
        assert all(row[0] in shown for row in table.rows)
    assert svg(found.figure(results))
    return found, results, table


def test_the_paper_table_has_a_row_a_task_and_a_column_a_method(options, tmp_path):
    """The search is right, the majority is not."""
    _, _, table = measured("paper-table", options(tasks=("parity", "half_parity")), tmp_path)
    assert table.columns == ("task", "enumerate", "majority")
    assert [row[0] for row in table.rows] == ["parity", "half_parity"]
    for _, search, majority in table.rows:
        assert search.mean == 1.0
        assert abs(majority.mean - 0.5) < 0.1
        assert search.seeds == majority.seeds == 2


def test_the_paper_table_is_about_the_published_tasks(options):
    """All 13 at n = 100; at n = 20 those that exist there."""
    bench = registry.get("paper-table")
    every = bench.cells(options(tasks=(), n=100, seeds=(0,), m=()))
    assert len({cell.title for cell in every}) == 13
    assert {cell.m for cell in every} == {200}
    fewer = bench.cells(options(tasks=(), n=20, seeds=(0,)))
    assert "CycleCount" not in {cell.title for cell in fewer}


def test_data_scaling_has_a_point_for_each_number_of_samples(options, tmp_path):
    """In rising order."""
    found, results, table = measured("data-scaling", options(m=(100, 20)), tmp_path)
    assert table.columns == ("task", "method", "m=20", "m=100")
    (panel,) = found.figure(results).panels
    assert [[x for x, _ in one.points] for one in panel.series] == [[20, 100]] * 2
    assert table.rows[0][3].mean == 1.0


def test_length_generalisation_tests_one_program_at_all_lengths(options, tmp_path):
    """Parity's holds at each; the learned length is there once."""
    chosen = options(methods=("enumerate",), lengths=(40, 12, 20))
    _, results, table = measured("length-generalisation", chosen, tmp_path)
    assert table.columns == ("task", "method", "n=12", "n=20", "n=40")
    assert [mean.mean for mean in table.rows[0][2:]] == [1.0, 1.0, 1.0]
    assert [len(outcome.tests) for _, outcome in results] == [3, 3]


def test_candidates_compares_coverage_with_selection(options, tmp_path):
    """One right program in four, drawn third."""
    right = "def f(x): return x.count('1') % 2"
    wrong = [f"def f(x): return int(x[{i}])" for i in range(3)]
    script = ScriptedProposer([wrong[0], wrong[1], right, wrong[2]])
    _, _, table = measured("candidates", options(methods=(script, "majority")), tmp_path)
    rows = {
        k: (cover.mean, first.mean, chosen.mean) for _, _, k, cover, first, chosen in table.rows
    }
    assert rows == {1: (0.25, 0.0, 0.0), 2: (0.5, 0.0, 0.0), 4: (1.0, 1.0, 1.0)}


def test_description_length_sorts_rules_by_the_bits_of_their_programs(options, tmp_path):
    """More positions cost more bits."""
    chosen = options(tasks=("k_parity:k=4", "k_parity:k=1"), methods=("enumerate",), m=(120,))
    found, results, table = measured("description-length", chosen, tmp_path)
    assert [row[0] for row in table.rows] == ["k_parity k=1", "k_parity k=4"]
    assert table.rows[0][2] < table.rows[1][2]
    (series,) = found.figure(results).panels[0].series
    assert [x for x, _ in series.points] == [row[2] for row in table.rows]


def test_probes_test_what_was_learned_and_learn_from_altered_samples(options, tmp_path):
    """A column for each probe that the task offers."""
    _, _, table = measured("probes", options(methods=("enumerate",), seeds=(0,)), tmp_path)
    assert table.columns == (
        "task", "method", "fresh", "longer", "balance", "near_misses", "noise", "shuffled",
        "renamed",
    )  # fmt: skip
    found = dict(zip(table.columns[2:], table.rows[0][2:], strict=True))
    assert found["fresh"].mean == found["longer"].mean == found["near_misses"].mean == 1.0


def test_sgd_gap_counts_examples(options, tmp_path):
    """SGD needs far more than elimination, and that no fewer than n."""
    chosen = options(tasks=("k_parity:k=2",), methods=(), lengths=(8, 16), seeds=(0, 1, 2))
    _, _, table = measured("sgd-gap", chosen, tmp_path)
    assert [row[:2] for row in table.rows] == [("k_parity k=2", 8), ("k_parity k=2", 16)]
    for _, n, sgd, elimination, erm, _, _ in table.rows:
        assert sgd.mean > 3 * elimination.mean
        assert n <= elimination.mean < n + 8
        assert erm.mean < elimination.mean + 3


@pytest.mark.parametrize("seed", range(5))
def test_counters_stop_where_brute_force_says(seed):
    """Elimination at full rank, ERM at one consistent subset: not one example earlier."""
    task = KParity(n=6, k=2, coordinates=(1, 4))
    rng = np.random.Generator(np.random.PCG64([seed, 6, 2]))
    rows = rng.integers(0, 2, size=(256, 6), dtype=np.uint8)
    labels = rows[:, [1, 4]].sum(axis=1) % 2
    every = [list(s) for size in range(7) for s in combinations(range(6), size)]

    def consistent(m, subsets):
        return sum((rows[:m, s].sum(axis=1) % 2 == labels[:m]).all() for s in subsets)

    for name, subsets in (("gf2_elimination", every), ("erm", [s for s in every if len(s) == 2])):
        m = counters.get(name).examples(task, seed=seed)
        assert consistent(m, subsets) == 1
        assert consistent(m - 1, subsets) > 1


@pytest.mark.parametrize(
    ("bench", "changes", "error", "says"),
    [
        ("paper-tabel", {}, UnknownNameError, "Did you mean 'paper-table'"),
        ("paper-table", {"tasks": ("parrity",)}, UnknownNameError, "Did you mean 'parity'"),
        ("paper-table", {"tasks": ("k_parity:j=2",)}, ArgumentError, "no parameter 'j'"),
        ("paper-table", {"tasks": ("k_parity:k",)}, ArgumentError, "'k' is no parameter"),
        ("paper-table", {"methods": ("mpl",)}, UnknownNameError, "Did you mean 'mlp'"),
        ("paper-table", {"tasks": ("Dyck-2",), "n": 7}, TaskError, "does not exist at n=7"),
        ("paper-table", {"tasks": ("dyck2",), "n": 7}, TaskError, "n"),
        ("sgd-gap", {"methods": ("elimination",)}, UnknownNameError, "gf2_elimination"),
    ],
)
def test_what_does_not_exist_is_refused_before_anything_is_measured(
    options, bench, changes, error, says
):
    """With the nearest names."""
    with pytest.raises(error, match=says):
        registry.get(bench).cells(options(**changes))


def test_a_counter_refuses_what_it_cannot_count(options):
    """Another task, or more subsets than it looks through."""
    with pytest.raises(ArgumentError, match="looks for k-parities, parity is none"):
        counters.get("erm").examples(titled("parity", n=10)[1])
    with pytest.raises(ArgumentError, match="Take a smaller n or k"):
        counters.get("erm").examples(KParity(n=100, k=10))


def test_a_table_of_failures_says_why(options, tmp_path):
    """Each reason once, and no score."""
    bench = registry.get("paper-table")
    results = sweep(bench.cells(options(n=4, m=(500,))), ledger=tmp_path / "l.sqlite").results
    table = bench.table(results)
    assert table.rows[0][1:] == (None, None)
    assert table.note.count("Failed: parity x enumerate (TaskError") == 1
    failed = [one._replace(outcome=Outcome(status="failed", failure="x")) for one in results]
    assert svg(bench.figure(failed))


def test_tables_do_not_depend_on_the_clock(options, tmp_path):
    """Other seconds, same table and figure."""
    bench, results, table = measured("paper-table", options(seeds=(0,)), tmp_path)
    slower = [one._replace(outcome=replace(one.outcome, seconds=99.0)) for one in results]
    assert bench.table(slower) == table
    assert bench.figure(slower) == bench.figure(results)
