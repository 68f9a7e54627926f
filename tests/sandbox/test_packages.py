"""With `allow`, candidates may import packages, which changes nothing about the walls."""

from __future__ import annotations

import pickle
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import llmerm
from llmerm.errors import ArgumentError
from llmerm.program import Program
from llmerm.samples import Samples
from llmerm.sandbox import default
from llmerm.sandbox.linux import LinuxSandbox
from llmerm.sandbox.modules import MODULES
from llmerm.sandbox.pool import PooledSession
from llmerm.typing import Failed, Ran, SampleError, Scored
from llmerm.verifier import Verifier

from .conftest import at_level, predictions
from .test_honest import bare

TEXTS = ["0110", "1", "000111", "10101010", "0"]
# Each uses another part of numpy; all answers are numpy's own scalars, or lists of them.
HONEST = {
    "parity": "return np.sum(A) % 2",
    "convolve": "return np.convolve(A, [1, 2, 1]).tolist()",
    "linalg": "return np.linalg.matrix_rank(np.outer(A, A) + np.eye(len(A)))",
    "solve": "return np.linalg.solve(np.eye(len(A)) * 2, A).max()",
    "fft": "return [np.float64(round(v, 6)) for v in np.abs(np.fft.rfft(A))]",
    "polynomial": "return np.polynomial.Polynomial(A)(2.0)",
    "polyfit": "return bool(np.isfinite(np.polyfit(np.arange(8), np.arange(8), 1)).all())",
    "random": "return np.random.default_rng(5).permutation(len(A)).tolist()",
    "strings": "return np.strings.upper(np.array('a' + x))[()]",
    "chars": "return str(np.char.add(x, 'b'))",
    "masked": "return np.ma.masked_equal(A, 0).count()",
    "records": "return np.rec.fromarrays([A, A]).size",
    "unique": "return list(np.unique(A))",
    "text": "return repr(np.array(A)) + str(np.eye(2))",
    "einsum": "return np.einsum('i,i', A, A)",
    "sort": "return np.lexsort((A, A[::-1])).tolist()",
    "quantile": "return np.quantile(A, 0.25)",
    "bool": "return np.any(A)",
    "small": "return {'half': np.float16(0.5), 'byte': np.uint8(255), 'list': [np.True_]}",
    "packed": "return np.packbits(A).tobytes().hex()",
}
HEAD = "import numpy as np\ndef f(x):\n    A = np.array([int(c) for c in x])\n    "


@pytest.fixture(scope="module")
def numpy_session(level: str) -> Iterator[PooledSession]:
    box = replace(at_level(level, cpu_seconds=3.0, memory_mb=256), allow=("numpy",))
    with box.session(TEXTS) as session:
        yield session


@pytest.mark.parametrize("name", HONEST)
def test_same_as_bare(name: str, numpy_session: PooledSession) -> None:
    """A program that uses numpy predicts what it gives outside, as plain values."""
    source = HEAD + HONEST[name]
    got = predictions(numpy_session.run(source))
    assert list(got) == bare(source, TEXTS)
    assert not any(hasattr(answer, "dtype") for answer in got)


REFUSED = {
    "np.arange(3)": "a value of type ndarray: return its tolist()",
    "[np.arange(3)]": "a value of type ndarray: return its tolist()",
    "np.longdouble(1)": "a value of type longdouble",
    "np.complex128(1)": "a value of type complex128",
    "np.datetime64('2020-01-01')": "a value of type datetime64",
    "np.timedelta64(1)": "a value of type timedelta64",
    "np.float64('nan')": "nan is not a finite number",
    "[np.float32('inf')]": "inf is not a finite number",
    "np.str_('\\ud800')": "a string with a lone surrogate",
    "np.str_('x' * 200_000)": "an answer of more than 100,000 characters",
    "type('I', (np.int64,), {})(1)": "a value of type I",
    "type('F', (np.float64,), {})(1)": "a value of type F",
}


@pytest.mark.parametrize("answer", REFUSED)
def test_not_plain(answer: str, numpy_session: PooledSession) -> None:
    """An array, and a scalar that is no plain value, is an error of its own sample."""
    ran = numpy_session.run(f"import numpy as np\ndef f(x): return {answer} if x == '1' else 0")
    error = SampleError("BadValue", REFUSED[answer])
    assert predictions(ran) == (0, error, 0, 0, 0)


def test_matrices_are_multiplied_by_one_thread(numpy_session: PooledSession) -> None:
    """Linear algebra does not wait for threads that a fork does not have."""
    product = (
        "import numpy as np\ndef f(x): return (np.ones((400, 400)) @ np.ones((400, 400)))[0, 0]"
    )
    assert predictions(numpy_session.run(product)) == (400.0,) * len(TEXTS)


def test_nothing_more_can_be_imported(numpy_session: PooledSession) -> None:
    """With numpy loaded, what lies beside it in its folder still cannot be imported."""
    for module in ("scipy", "pytest", "numpy.f2py.crackfortran", "llmerm", "ctypes"):
        outcome = numpy_session.run(f"import {module}\ndef f(x): return 0")
        assert isinstance(outcome, Failed)
        assert outcome.reason == "load_error"


def test_random_numbers_are_the_same_each_time(level: str) -> None:
    """numpy's global generator starts alike in each process; `hash_seed` changes it."""
    box = replace(at_level(level, cpu_seconds=3.0), allow=("numpy",))
    drawn = []
    for seed in (0, 0, 1):
        with box.session(["0"], hash_seed=seed) as session:
            source = "import numpy as np\ndef f(x): return np.random.rand()"
            drawn += [predictions(session.run(source)), predictions(session.run(source))]
    assert len(set(drawn[:4])) == 1
    assert drawn[4] == drawn[5] != drawn[0]


@pytest.mark.parametrize(
    "draw", ["np.random.rand() > 0.5", "np.random.default_rng().random() > 0.5"]
)
def test_a_random_program_is_impure(draw: str, level: str) -> None:
    """A program that draws by numpy's generators is refused by the run that confirms it."""
    samples = Samples.of([(f"{i:08b}", i % 2) for i in range(60)])
    program = Program(f"import numpy as np\ndef f(x): return int({draw})")
    box = replace(at_level(level, cpu_seconds=3.0), allow=("numpy",))
    with Verifier(box, workers=1) as verifier:
        verdict = verifier.verify(program, *samples.split())
        assert isinstance(verdict, Scored), verdict
        again = verifier.confirm(program, *samples.split(), verdict=verdict)
    assert isinstance(again, Failed)
    assert again.reason == "impure"


def test_strict() -> None:
    """One process an input goes together with numpy."""
    with default(strict=True, allow=("numpy",)).session(TEXTS) as session:
        assert predictions(session.run(HEAD + "return np.sum(A)")) == (2, 1, 3, 4, 0)


def test_a_module_in_a_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A part of a package, and a module of the user's own, can be named."""
    (tmp_path / "own_helpers").mkdir()
    (tmp_path / "own_helpers" / "__init__.py").write_text("")
    (tmp_path / "own_helpers" / "bits.py").write_text("def parity(x): return x.count('1') % 2")
    tmp_path.chmod(0o755)
    monkeypatch.syspath_prepend(tmp_path)
    box = LinuxSandbox(allow=("own_helpers.bits",))
    assert box.modules == (*MODULES, "own_helpers.bits")
    assert box.isolation.endswith("with own_helpers.bits")
    with box.session(TEXTS) as session:
        ran = session.run("from own_helpers.bits import parity as g\ndef f(x): return g(x)")
    assert predictions(ran) == tuple(x.count("1") % 2 for x in TEXTS)


def test_a_package_that_does_not_load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When a package fails on import, the error has what it said."""
    (tmp_path / "broken_package.py").write_text("raise RuntimeError('half installed')")
    monkeypatch.syspath_prepend(tmp_path)
    with (
        LinuxSandbox(allow=("broken_package",)).session(TEXTS) as session,
        pytest.raises(llmerm.LlmermError, match="half installed"),
    ):
        session.run("def f(x): return 0")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("no_such_package", r"not installed for .*pip install no_such_package"),
        ("numpy.no_such_part", r"'numpy.no_such_part', which is not installed"),
        ("numpy.version.deeper", "which is not installed"),
        ("os", r"'os', which is of the standard library.*`sandbox.modules`"),
        ("ctypes", "standard library"),
        ("socket", "standard library"),
        ("os.path", "standard library"),
        ("concurrent.futures", "standard library"),
        ("llmerm", "llmerm itself"),
        ("llmerm.sandbox", "llmerm itself"),
        ("", "expected a module"),
        ("numpy-stl", "expected a module"),
        ("../numpy", "expected a module"),
        (3, "expected a module"),
    ],
)
def test_what_cannot_be_allowed(name: str, message: str) -> None:
    """A name that is not installed, or can have no use inside, is refused at once."""
    with pytest.raises(ArgumentError, match=message):
        default(allow=("numpy", name))


def test_one_string_is_no_tuple() -> None:
    """`allow="numpy"` would name its letters, and is refused with what to write."""
    with pytest.raises(ArgumentError, match=r"allow=\('numpy',\)"):
        default(allow="numpy")  # type: ignore[arg-type]


def test_gone_from_this_host(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sandbox that arrives where its package is missing says so when it is used."""
    box = pickle.loads(pickle.dumps(default(allow=("numpy",))))
    monkeypatch.setitem(sys.modules, "numpy", None)
    with pytest.raises(ArgumentError, match="'numpy', which is not installed"):
        box.session(TEXTS)


def test_what_is_told() -> None:
    """The sandbox lists its modules, and says in `isolation` which version they have."""
    box = LinuxSandbox(allow=["math", "numpy", "numpy"])  # type: ignore[arg-type]
    assert box.allow == ("numpy",)
    assert box.modules == (*MODULES, "numpy")
    assert box.isolation.endswith(f"resource limits, with numpy {np.__version__}")
    assert LinuxSandbox().modules == MODULES
    assert box == LinuxSandbox(allow=("numpy",)) != LinuxSandbox()


def test_a_fit_uses_it() -> None:
    """A fit with numpy allowed verifies a program that imports it, and records that it was."""
    samples = llmerm.tasks.get("parity", n=12).sample(60, seed=0)
    proposer = llmerm.ScriptedProposer([HEAD + "return np.sum(A) % 2"])
    result = llmerm.fit(samples, k=1, proposer=proposer, sandbox=default(allow=("numpy",)))
    assert result.status == "verified"
    assert "with numpy" in result.provenance.isolation
    assert result.predict(["0111"]) == [1]
    without = llmerm.fit(samples, k=1, proposer=proposer)
    assert isinstance(without.candidates[0].verdict, Failed)


def test_ran() -> None:
    """`Ran` holds plain values, whichever scalars the program gave."""
    with default(allow=("numpy",)).session([1]) as session:
        ran = session.run("import numpy as np\ndef f(x): return np.int64(x)")
    assert isinstance(ran, Ran)
    assert type(ran.predictions[0]) is int
