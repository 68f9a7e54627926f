"""scikit-learn's own checks of an estimator."""

from __future__ import annotations

import pytest
from sklearn.utils.estimator_checks import parametrize_with_checks

from llmerm.proposers import Enumerate
from llmerm.sklearn import ProgramClassifier, ProgramRegressor

# Memory ends a search at the same place on any machine. The seconds end one of the checks, three
# words as the labels of blobs, where any program will do.
SHORT = Enumerate(seconds=2.0, max_bytes=1 << 20)


@pytest.mark.filterwarnings("ignore::llmerm.errors.LlmermWarning")
@parametrize_with_checks(
    [ProgramClassifier(k=4, proposer=SHORT), ProgramRegressor(k=4, proposer=SHORT)]
)
def test_scikit_learn_finds_an_estimator_by_its_conventions(estimator, check):
    """Each check that it has for a classifier or a regressor of these tags."""
    check(estimator)
