"""Ledgers of several drivers made one: all of it, nothing twice, nothing of another draw."""

from __future__ import annotations

import json
import sqlite3

import pytest
from typer.testing import CliRunner

import llmerm
from llmerm.cli import app
from llmerm.errors import ArgumentError, LedgerError
from llmerm.ledger import Ledger, Run
from llmerm.merging import Merged, merge
from llmerm.typing import Failed, Proposal, Scored, Usage
from llmerm.uses import Wanted

ODD = "def f(x): return x % 2"


def run_of(seed: int) -> Run:
    return Run("scripted", {}, "train", None, seed)


def written(path, draws, *, seed=0, verdict=None):
    """A ledger with these sources of one run, each at a cent."""
    with Ledger(path) as ledger:
        ledger.begin(run_of(seed))
        for draw, source in draws.items():
            ledger.record(run_of(seed), Proposal(draw, source, usage=Usage(calls=1, usd=0.01)))
            if verdict:
                ledger.judge(run_of(seed), draw, "held", verdict)
    return path


def content(path):
    """Every row of every table, without the times."""
    with sqlite3.connect(path) as connection:
        names = [
            n for (n,) in connection.execute("SELECT name FROM sqlite_master WHERE type='table'")
        ]
        rows = {}
        for name in names:
            columns = [
                c[1] for c in connection.execute(f"PRAGMA table_info({name})") if c[1] != "at"
            ]
            rows[name] = sorted(connection.execute(f"SELECT {', '.join(columns)} FROM {name}"))
    connection.close()
    return rows


def test_all_of_both_is_there(tmp_path):
    """Runs, draws, and what they cost: the sum, where the two have nothing in common."""
    a = written(tmp_path / "a", {0: ODD, 1: "x"})
    b = written(tmp_path / "b", {0: "y"}, seed=1)
    assert merge([a, b], tmp_path / "all") == Merged(runs=2, draws=3)
    with Ledger(tmp_path / "all") as ledger:
        assert [run.seed for run in ledger.runs()] == [0, 1]
        draws = [p for run in ledger.runs() for p in ledger.draws(run).values()]
    assert [p.source for p in draws] == [ODD, "x", "y"]
    assert sum(p.usage.usd for p in draws) == pytest.approx(0.03)


def test_nothing_is_there_twice(tmp_path):
    """What both have counts once, and to merge again changes nothing."""
    a = written(tmp_path / "a", {0: ODD, 1: "x"})
    b = written(tmp_path / "b", {0: ODD, 2: "z"})
    assert merge([a, b], tmp_path / "all") == Merged(runs=1, draws=3)
    before = content(tmp_path / "all")
    assert merge([b, a, a], tmp_path / "all") == Merged()
    assert content(tmp_path / "all") == before


def test_the_ledgers_stay_as_they_are(tmp_path):
    """Byte by byte, as far as SQL sees."""
    a = written(tmp_path / "a", {0: ODD})
    before = content(a)
    merge([a], tmp_path / "all")
    assert content(a) == before


def test_what_is_said_of_another_draw_is_left_out(tmp_path):
    """Of two different draws with one number the first stays, and the other's verdict is not its own."""
    score = Scored(0.0, 0.0, 10.0)
    a = written(tmp_path / "a", {0: ODD, 1: "same"})
    b = written(tmp_path / "b", {0: "another", 1: "same"}, verdict=score)
    with Ledger(b) as ledger:
        ledger.choose(run_of(0), "held", {"draw": 0})
    assert merge([a, b], tmp_path / "all") == Merged(runs=1, draws=2, verdicts=1, clashes=1)
    with Ledger(tmp_path / "all") as ledger:
        assert ledger.draws(run_of(0))[0].source == ODD
        assert set(ledger.verdicts(run_of(0))) == {1}
        assert ledger.selections(run_of(0)) == {}
    a = written(tmp_path / "c", {0: "def f("}, verdict=Failed("syntax_error"), seed=5)
    assert merge([a], tmp_path / "all").verdicts == 1


def test_cells_of_drivers_make_one_sweep(tmp_path):
    """The first outcome of a cell stays."""
    for name, cells in (("a", "01"), ("b", "12")):
        with Ledger(tmp_path / name) as ledger:
            for cell in cells:
                ledger.finish(cell, "{}", json.dumps(name))
    assert merge([tmp_path / "a", tmp_path / "b"], tmp_path / "all").cells == 3
    with Ledger(tmp_path / "all") as ledger:
        assert ledger.finished() == {"0": '"a"', "1": '"a"', "2": '"b"'}


def test_a_merged_ledger_replays(tmp_path, odd):
    """A fit finds in it what each driver has paid for, and pays for nothing."""
    for seed in (0, 1):
        proposer = llmerm.ScriptedProposer(["def f(x): return 1", ODD], usage=Usage(calls=1))
        llmerm.fit(odd, k=2, seed=seed, proposer=proposer, ledger=tmp_path / f"{seed}.sqlite")
    merge([tmp_path / "0.sqlite", tmp_path / "1.sqlite"], tmp_path / "all.sqlite")
    for seed in (0, 1):
        proposer = llmerm.ScriptedProposer(["def f(x): return 1", ODD], usage=Usage(calls=1))
        again = llmerm.fit(odd, k=2, seed=seed, proposer=proposer, ledger=tmp_path / "all.sqlite")
        assert proposer.paid == []
        assert again.program.source == ODD


def used(path, fits, *, samples):
    """The places that fits of these samples have got, one fit for each seed."""
    places = []
    for seed in fits:
        proposer = llmerm.ScriptedProposer(["def f(x): return 1", ODD])
        llmerm.fit(samples, k=2, seed=seed, proposer=proposer, ledger=path)
        with Ledger(path) as ledger:
            (last,) = ledger.uses(ledger.runs()[-1])
            places.append(last.position)
    return places


def test_uses_of_held_out_samples_add_up(tmp_path, odd):
    """Each keeps its place; the next one comes after all of them, and nothing is counted twice."""
    a, b, whole = (tmp_path / name for name in ("a", "b", "all"))
    assert used(a, [0, 1], samples=odd) == [1, 2]
    assert used(b, [2, 3, 4], samples=odd) == [1, 2, 3]
    merged = merge([a, b], whole)
    assert (merged.uses, merged.shared_places) == (5, 2)
    again = merge([a, b, a], whole)
    assert (again.uses, again.shared_places) == (0, 2)
    assert used(whole, [5], samples=odd) == [6]


def test_series_that_meet_are_one(tmp_path, odd):
    """Samples that only a third ledger connects count as one series from then on."""
    a, b, c, whole = (tmp_path / name for name in ("a", "b", "c", "all"))
    for path, data in ((a, "one"), (b, "two")):
        with Ledger(path) as ledger:
            ledger.use(run_of(ord(data[0])), Wanted(held_out=data, data=data, loss="l", k=1))
    with Ledger(c) as ledger:
        ledger.use(run_of(7), Wanted(held_out="one", data="two", loss="l", k=1))
    merge([a, b, c], whole)
    with Ledger(whole) as ledger:
        new = ledger.use(run_of(8), Wanted(held_out="two", data="two", loss="l", k=1))
    assert new.position == 4


def test_the_same_run_of_two_drivers_is_one_use(tmp_path, odd):
    """If they drew the same; else both have chosen by the samples, and both count."""
    paths = [
        written(tmp_path / name, {0: source})
        for name, source in (("a", ODD), ("b", ODD), ("c", "another"))
    ]
    for path in paths:
        with Ledger(path) as ledger:
            ledger.use(run_of(0), Wanted(held_out="h", data="d", loss="l", k=1))
    with sqlite3.connect(paths[2]) as connection:
        connection.execute("UPDATE uses SET at = '2001-01-01 00:00:00'")
    connection.close()
    assert merge(paths[:2], tmp_path / "same").uses == 1
    merged = merge([paths[0], paths[2]], tmp_path / "other")
    assert (merged.uses, merged.clashes, merged.shared_places) == (2, 1, 1)


def test_sealed_sets_that_drivers_opened_too_often_are_told(tmp_path):
    """Each driver kept to its own count; together they did not."""
    for name in "ab":
        with Ledger(tmp_path / name) as ledger:
            ledger.unseal("set", f"program {name}", 1)
    merged = merge([tmp_path / "a", tmp_path / "b"], tmp_path / "all")
    assert (merged.openings, merged.overdrawn) == (2, 1)


def test_bad_ledgers_are_refused(tmp_path):
    """Each with what was expected; nothing is made then."""
    a = written(tmp_path / "a", {0: ODD})
    with pytest.raises(ArgumentError, match="no ledger to merge"):
        merge([], tmp_path / "all")
    with pytest.raises(ArgumentError, match="is one of the ledgers"):
        merge([a], a)
    with pytest.raises(LedgerError, match="there is no ledger at"):
        merge([a, tmp_path / "none"], tmp_path / "all")
    (tmp_path / "text").write_text("no database")
    with pytest.raises(LedgerError):
        merge([a, tmp_path / "text"], tmp_path / "all")
    assert not (tmp_path / "all").exists()


def test_the_command_merges(tmp_path):
    """It says what was added, and that draws were paid for twice."""
    a = written(tmp_path / "a", {0: ODD})
    b = written(tmp_path / "b", {0: "another"})
    done = CliRunner().invoke(app, ["merge", str(a), str(b), "-o", str(tmp_path / "all")])
    assert done.exit_code == 0, done.output
    assert "1 runs, 1 draws" in done.output
    assert "paid for twice" in done.output
    asked = ["merge", str(a), "-o", str(tmp_path / "all"), "--json"]
    assert json.loads(CliRunner().invoke(app, asked).stdout)["draws"] == 0
