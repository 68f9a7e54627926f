"""What is released: a wheel and an sdist with the package, its data and nothing else."""

from __future__ import annotations

import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from pathlib import Path

import pytest

import llmerm

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src"
pytest.importorskip("hatchling")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with both, built without a network."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=120)
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> Iterator[zipfile.ZipFile]:
    """The wheel, opened."""
    (path,) = built.glob("*.whl")
    with zipfile.ZipFile(path) as opened:
        yield opened


@pytest.fixture(scope="module")
def inside(built: Path) -> set[str]:
    """The sdist's files, from its own folder on."""
    (path,) = built.glob("*.tar.gz")
    with tarfile.open(path) as opened:
        return {member.name.partition("/")[2] for member in opened.getmembers() if member.isfile()}


def metadata(wheel: zipfile.ZipFile) -> Message:
    """What the wheel says of itself."""
    (name,) = (name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
    return message_from_bytes(wheel.read(name))


def package() -> set[str]:
    """The package's files as they lie here."""
    files = (path for path in (SOURCE / "llmerm").rglob("*") if path.is_file())
    return {str(path.relative_to(SOURCE)) for path in files if "__pycache__" not in path.parts}


def test_the_wheel_holds_the_package_alone(wheel):
    """Every module and every data file (`py.typed` too), and nothing beside them."""
    held = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert held == package()
    assert "llmerm/py.typed" in held


def test_the_sdist_holds_all_that_a_clone_holds(inside):
    """Sources, tests, examples, documentation; no caches and no built things."""
    for name in ("pyproject.toml", "mkdocs.yml", ".ci/run", "tests/test_release.py", "LICENSE"):
        assert name in inside
    assert {f"src/{name}" for name in package()} <= inside
    assert not [name for name in inside if re.search(r"cache|\.pyc|\.sqlite|^site/|^dist/", name)]


def test_the_version_stands_in_one_place(wheel):
    """The metadata has what `llmerm.__version__` has; no other file of ours says it."""
    assert metadata(wheel)["Version"] == llmerm.__version__
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert "version" not in project
    assert "version" in project["dynamic"]
    said = f'"{llmerm.__version__}"'
    sources = (SOURCE / "llmerm").rglob("*.py")
    named = [path.name for path in sources if said in path.read_text(encoding="utf-8")]
    assert named == ["version.py"]


def test_the_wheel_is_for_every_python_that_is_tested(wheel):
    """Pure Python, from 3.11 on, with its licence, its command and its README."""
    about = metadata(wheel)
    assert about["Requires-Python"] == ">=3.11"
    assert about["License-Expression"] == "MIT"
    assert "# llmerm" in str(about.get_payload())
    (entry,) = (name for name in wheel.namelist() if name.endswith("entry_points.txt"))
    assert b"llmerm = llmerm.cli:main" in wheel.read(entry)
