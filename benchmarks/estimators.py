"""Programs beside decision trees on scikit-learn's own small tables, by cross-validation.

The score is the mean over five folds: accuracy, or R^2 for diabetes. A program is fitted as
`ProgramClassifier(proposer="enumerate")` is by default: it sees half of a fold's samples, and is
chosen on the other half, which its certificate rests on. A tree sees all of them.

    python benchmarks/estimators.py --json
"""

from __future__ import annotations

import argparse
import json
import time
import warnings

from sklearn import datasets
from sklearn.base import BaseEstimator
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from llmerm.errors import LlmermWarning
from llmerm.sklearn import ProgramClassifier, ProgramRegressor

TABLES = ("iris", "wine", "breast_cancer", "diabetes")


def methods(quantities: bool) -> dict[str, BaseEstimator]:
    """The estimators for such labels."""
    program = ProgramRegressor if quantities else ProgramClassifier
    tree = DecisionTreeRegressor if quantities else DecisionTreeClassifier
    linear = LinearRegression() if quantities else LogisticRegression()
    return {
        "program": program(proposer="enumerate"),
        "program, 30 % held out": program(proposer="enumerate", held_out=0.3),
        "tree of depth 2": tree(max_depth=2, random_state=0),
        "tree": tree(random_state=0),
        "linear model": make_pipeline(StandardScaler(), linear),
    }


def scores(name: str) -> dict[str, dict[str, object]]:
    """Each method's mean score over the folds, those of the folds, and seconds a fit."""
    table = getattr(datasets, f"load_{name}")(as_frame=True)
    found: dict[str, dict[str, object]] = {}
    for method, estimator in methods(name == "diabetes").items():
        start = time.perf_counter()
        folds = cross_val_score(estimator, table.data, table.target, cv=5)
        found[method] = {
            "score": float(folds.mean()),
            "folds": folds.tolist(),
            "seconds_a_fit": (time.perf_counter() - start) / len(folds),
        }
    return found


def main() -> None:
    """Prints the figures, as JSON if asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object, for machines")
    options = parser.parse_args()
    warnings.simplefilter("ignore", LlmermWarning)
    report = {"figures": {name: scores(name) for name in TABLES}, "targets": {}}
    print(json.dumps(report) if options.json else json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
