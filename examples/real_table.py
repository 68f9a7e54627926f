"""A real table: scikit-learn's iris and breast cancer data, written to CSV and learned from.

Needs scikit-learn (`pip install scikit-learn`). The same files work on the command line:
`llmerm fit iris.csv --target species`.
"""

import csv
import tempfile
from pathlib import Path

from sklearn.datasets import load_breast_cancer, load_iris

import llmerm


def write(data: object, path: Path, target: str) -> Path:
    """The data set as a CSV file with its own column names and class names."""
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*data.feature_names, target])
        for row, label in zip(data.data, data.target, strict=True):
            writer.writerow([*row, data.target_names[label]])
    return path


with tempfile.TemporaryDirectory() as folder:
    for data, target in ((load_iris(), "species"), (load_breast_cancer(), "diagnosis")):
        path = write(data, Path(folder) / f"{target}.csv", target)
        samples = llmerm.Samples.from_csv(path, target=target)
        print(llmerm.fit(samples, k=16, proposer="enumerate"), end="\n\n")
