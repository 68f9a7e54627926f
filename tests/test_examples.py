"""The scripts in examples/ run as they are, and say what the README says."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[1] / "examples"
SHOWN = {
    "quickstart": ["x[:len(x) // 2].count('1') % 2", "10,000 fresh samples: 1.0", "n = 200: 1.0"],
    "custom_task": ["verified", "accuracy on fresh samples: 1.0"],
    "own_proposer": ["verified", "from thresholds"],
    "string_format": [
        "x[0] + '. ' + ",
        "['K. Johnson']",
        "at most 85.38%",
        "x['site'].upper()",
        "x['number']",
    ],
    "sensor_threshold": ["x['vibration'] > ", "with confidence 0.95"],
    "probes": ["x == x[::-1]", "longer: 1.0", "near_misses: 1.0", "renamed: 1.0", "shuffled: "],
    "real_table": ["x['petal length (cm)']", "'malignant' if", "with confidence 0.95"],
}


def test_every_example_is_run_here():
    """No script is left out."""
    assert {path.stem for path in EXAMPLES.glob("*.py")} == SHOWN.keys()
    assert len(SHOWN) >= 6


@pytest.mark.parametrize("name", SHOWN)
def test_an_example_shows_what_it_promises(name):
    """It ends well, without warnings, and prints the rule."""
    command = [sys.executable, "-W", "error", str(EXAMPLES / f"{name}.py")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    for part in SHOWN[name]:
        assert part in done.stdout
