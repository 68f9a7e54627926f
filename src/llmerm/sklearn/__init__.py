"""scikit-learn's way in: `ProgramClassifier` and `ProgramRegressor`.

They are estimators like any other: in pipelines, `cross_val_score` and `GridSearchCV`, cloned and
pickled. It needs the extra `sklearn`; `import llmerm` does not load it.
"""

from __future__ import annotations

from llmerm.extras import explained

with explained("llmerm.sklearn"):
    from llmerm.sklearn.classifier import ProgramClassifier
    from llmerm.sklearn.regressor import ProgramRegressor

__all__ = ["ProgramClassifier", "ProgramRegressor"]
