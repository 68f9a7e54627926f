"""A rule written as a module of its own: it runs anywhere, and says where it comes from."""

from __future__ import annotations

import ast
import os
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

import llmerm
from llmerm.errors import ArgumentError, NoProgramError
from llmerm.rule_file import original

RULE = "def f(x): return x % 2"


def bare(*arguments, cwd):
    """The finished process of a Python that has the standard library alone."""
    command = [sys.executable, "-I", "-S", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=cwd)


def verified(source, samples):
    """The result of scoring one program."""
    return llmerm.verify(source, samples)


@pytest.fixture(scope="module")
def learned():
    """A rule that was learned, with some samples to train on."""
    return llmerm.fit([(i, i % 2) for i in range(80)], proposer="enumerate")


def test_an_exported_rule_runs_without_the_library(learned, tmp_path):
    """A bare interpreter imports it, calls it, and runs its own test."""
    path = learned.export(tmp_path / "rule.py")
    done = bare(path, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "does as it did" in done.stdout
    call = "import sys; sys.path[:0] = ['.']; import rule; print(rule.f(7), rule.f(8))"
    assert bare("-c", call, cwd=tmp_path).stdout == "1 0\n"
    tree = ast.parse(path.read_text())
    assert not [node for node in ast.walk(tree) if isinstance(node, (ast.Import, ast.ImportFrom))]


def test_pytest_collects_its_test_and_a_changed_rule_fails_it(learned, tmp_path):
    """The test is one that can fail."""
    path = learned.export(tmp_path / "rule.py")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(path)]
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=60, cwd=tmp_path, env=environment
    )
    assert "1 passed" in done.stdout, done.stdout
    text = path.read_text()
    assert text.count("% 2") == 1
    path.write_text(text.replace("% 2", "% 3"))
    assert bare(path, cwd=tmp_path).returncode == 1


@pytest.mark.parametrize(
    "source",
    [
        "def test_one(s, test=1): return s % 2\ndef f(x): return test_one(x)",
        "def test_parity(x): return x % 2",
    ],
)
def test_pytest_takes_no_function_of_the_program_for_a_test(source, tmp_path):
    """A helper, or the function itself, may be called test_something."""
    path = verified(source, [(i, i % 2) for i in range(40)]).export(tmp_path / "rule.py")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(path)]
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=60, cwd=tmp_path, env=environment
    )
    assert "1 passed" in done.stdout, done.stdout
    assert "error" not in done.stdout


def test_its_docstring_has_scores_certificate_and_provenance(learned, tmp_path):
    """What the result says, and no date: the same result gives the same file."""
    path = learned.export(tmp_path / "rule.py")
    told = ast.get_docstring(ast.parse(path.read_text()))
    facts = (str(learned.certificate), learned.provenance.data, "verified, held-out error 0")
    assert all(fact in told for fact in facts)
    assert "Python 3.11 or later alone" in told
    again = learned.export(tmp_path / "again.py")
    assert again.read_text() == path.read_text()


def test_the_examples_are_the_programs_own_answers_on_inputs_to_train_on(learned, tmp_path):
    """Each answer is there, and no input of the held-out part."""
    train, held_out = llmerm.Samples.of([(i, i % 2) for i in range(80)]).split()
    assert set(learned.examples) <= set(train.inputs)
    assert not set(learned.examples) & set(held_out.inputs)
    tree = ast.parse(learned.export(tmp_path / "rule.py").read_text())
    (test,) = [node for node in tree.body if getattr(node, "name", "") == "test_rule"]
    (rows,) = [node.iter for node in ast.walk(test) if isinstance(node, ast.For)]
    pairs = ast.literal_eval(rows)
    assert len(pairs) == 8
    assert {y for _, y in pairs} == {0, 1}
    assert all(y == x % 2 and x in learned.examples for x, y in pairs)


def test_examples_may_be_chosen(learned, tmp_path):
    """All that are given are taken."""
    text = learned.export(tmp_path / "rule.py", examples=range(1000, 1020)).read_text()
    assert text.count("(10") == 20


def test_examples_may_be_arrays_or_rows_of_a_frame(learned, tmp_path):
    """They are written as plain values."""
    path = learned.export(tmp_path / "rule.py", examples=np.arange(4))
    assert "(3, 1)," in path.read_text()
    assert bare(path, cwd=tmp_path).returncode == 0
    samples = [({"a": i, "b": -i}, i % 2) for i in range(40)]
    frame = pd.DataFrame({"a": [5, 6], "b": [1.5, 2.0]})
    path = verified("def f(x): return x['a'] % 2", samples).export(
        tmp_path / "a.py", examples=frame
    )
    assert "({'a': 5, 'b': 1.5}, 1)," in path.read_text()


@pytest.mark.parametrize(
    ("source", "samples"),
    [
        ("def f(x): return (x, [x / 3])", [(i, [i, [i / 3]]) for i in range(30)]),
        ("def f(x): return {'a': None, 'b': x > 3}", [(i, {"a": None, "b": i > 3}) for i in range(30)]),
        ("def f(x): return x['k'] + 'é\\u202e'", [({"k": f"'{i}\""}, f"'{i}\"é\u202e") for i in range(30)]),
        ("def f(x):\n    x.append(1)\n    return sum(x)", [([i], i + 1) for i in range(30)]),
        ("def f(x): return float('nan') if x else 0.0", [(i, i / 2) for i in range(30)]),
        ("def parity(s): return s.count('1') % 2", [(f"{i:06b}", f"{i:b}".count("1") % 2) for i in range(30)]),
        ("from __future__ import annotations\nimport math\ndef f(x: int): return math.isqrt(x)", [(i, int(i**0.5)) for i in range(30)]),
        ("'''Mine.'''\nfrom __future__ import annotations\ndef f(x): return x", [(i, i) for i in range(30)]),
        ("def test_rule(): return 1\ndef _same(a, b): return 0\ndef f(x): return [x]", [(i, [i]) for i in range(30)]),
        ("def f(x): return 10 ** 100 // x", [(i, 10**100 // (i or 1)) for i in range(30)]),
        ("def f(x): return x\nif __name__ == '__main__':\n    print(1 / 0)", [(i, i) for i in range(30)]),
        ("def f(x):\n    '''\x0c\x1b[2J'''\n    return x", [(i, i) for i in range(30)]),
        ("f = lambda x: -x", [(i, -i) for i in range(30)]),
    ],
)  # fmt: skip
def test_every_kind_of_program_passes_its_own_test(source, samples, tmp_path):
    """Nested answers, text that is hard to quote, names that are taken, code of its own to run."""
    path = verified(source, samples).export(tmp_path / "rule.py")
    done = bare(path, cwd=tmp_path)
    assert done.returncode == 0, done.stderr + path.read_text()
    assert done.stdout == "the rule does as it did\n"
    assert all(c.isprintable() or c in "\n\t" for c in path.read_text())
    assert (
        bare("-c", "import sys; sys.path[:0] = ['.']; from rule import f", cwd=tmp_path).returncode
        == 0
    )


@pytest.mark.parametrize(
    "hostile", ['"""\nimport os; os.remove("mark")\n"""', "\\", '\\"""', '"' * 7, "\x1b]0;\x07", "\u202e"]
)  # fmt: skip
def test_no_text_gets_out_of_the_docstring(hostile, tmp_path):
    """Whatever a proposer is called, the module's statements stay the same five."""

    class Named(llmerm.ScriptedProposer):
        name = hostile

    samples = [(i, i % 2) for i in range(40)]
    result = llmerm.fit(samples, proposer=Named([RULE]))
    mark = tmp_path / "mark"
    mark.touch()
    text = result.export(tmp_path / "rule.py").read_text()
    kinds = [type(node).__name__ for node in ast.parse(text).body]
    assert kinds == ["Expr", "FunctionDef", "FunctionDef", "If"]
    assert all(c.isprintable() or c == "\n" for c in text)
    assert bare(tmp_path / "rule.py", cwd=tmp_path).returncode == 0
    assert mark.exists()


def test_what_is_not_in_the_standard_library_is_said(tmp_path):
    """A rule that imports a package names it; nothing is promised that does not hold."""
    samples = [(i, i % 2) for i in range(40)]
    source = "def f(x):\n    try:\n        import numpy\n    except ImportError:\n        pass\n    return x % 2"
    told = ast.get_docstring(
        ast.parse(verified(source, samples).export(tmp_path / "r.py").read_text())
    )
    assert "Python 3.11 or later, numpy." in told


def test_a_file_that_is_there_stays_unless_one_says_so(learned, tmp_path):
    """The error names the way out, and nothing is half written."""
    path = tmp_path / "rule.py"
    path.write_text("mine")
    with pytest.raises(ArgumentError, match=r"rule.py exists. .* overwrite=True"):
        learned.export(path)
    assert path.read_text() == "mine"
    learned.export(path, overwrite=True)
    assert "def f" in path.read_text()
    assert os.listdir(tmp_path) == ["rule.py"]


@pytest.mark.parametrize(
    ("path", "says"),
    [("none/rule.py", "there is no folder"), (".", "is a folder"), ("n" * 300 + ".py", "cannot be"), ("\0.py", "null byte")],
)  # fmt: skip
def test_a_path_that_cannot_be_written_is_one_clear_error(learned, tmp_path, path, says):
    """No traceback of the operating system's, no file left behind."""
    with pytest.raises(ArgumentError, match=says):
        learned.export(tmp_path / path)
    assert os.listdir(tmp_path) == []


def test_a_result_without_a_program_has_nothing_to_export(tmp_path):
    """It says why, by counting the reasons."""
    result = llmerm.verify("def f(x): return 1 / 0", [(i, i % 2) for i in range(40)])
    with pytest.raises(NoProgramError, match="1 raised"):
        result.export(tmp_path / "rule.py")


@pytest.mark.parametrize(
    "source",
    [
        RULE,
        "def parity(x):\n    return x % 2",
        "import math\n\n\ndef f(x):\n    return math.sqrt(x)",
        "def g(x): return [x / 3]\nf = g",
        "def _same(x): return x\ndef rule_test(x): return 1\ndef f(x): return float(_same(x))",
        "def f(x): return 1 / (x - 1)",
    ],
)
def test_the_program_is_found_again_in_its_module(source, tmp_path):
    """As it was, whatever the export has added; what is no export stays as it is."""
    result = verified(source, [(i, i % 2) for i in range(1, 41)])
    text = result.export(tmp_path / "rule.py", examples=[1, 2]).read_text()
    assert text != source
    assert original(text) == source
    assert original(f"'A rule of mine.'\n{source}") == f"'A rule of mine.'\n{source}"
