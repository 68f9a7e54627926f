"""Coverage in fewer runs than the benchmark takes: each valid way holds, no relaxed one does."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

from llmerm.certificates import interval

PATH = Path(__file__).parents[2] / "benchmarks" / "coverage.py"
SPEC = importlib.util.spec_from_file_location("llmerm_coverage", PATH)
coverage = importlib.util.module_from_spec(SPEC)
sys.modules[SPEC.name] = coverage  # dataclasses look their module up there
SPEC.loader.exec_module(coverage)
MODES = list(coverage.modes())


@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.name)
def test_what_a_mode_says_of_its_rule_is_so(mode):
    """In 2,000 fits a valid rule is not refuted at 99.9 %, and a relaxed one is."""
    found = coverage.measured(mode, 2_000)
    _, high = interval(round(2_000 * found["coverage"]), 2_000, delta=0.001)
    assert (high >= 0.95) == mode.holds


def test_the_modes_are_many_and_their_runs_are_enough():
    """Every way to use samples, and at least 20,000 fits of each in the benchmark."""
    assert sum(mode.holds for mode in MODES) >= 16
    assert sum(not mode.holds for mode in MODES) >= 4
    assert all(mode.runs >= 20_000 for mode in MODES)


def test_bounds_are_within_a_percent_of_the_exact_ones():
    """They agree with scipy's quantiles to far more than that."""
    assert coverage.tightness()["largest_relative_difference"] < 1e-6
