"""Reading code out of replies: what models really write, and what a hostile one might."""
# ruff: noqa: RUF001 - typographic signs are among what models write

from __future__ import annotations

import json
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from llmerm.program import Program
from llmerm.proposers.extract import MAX_READ, read
from llmerm.proposers.model import Reply
from llmerm.typing import Failed

PARITY = "def f(x):\n    return x.count('1') % 2\n"
INPUTS = ("", "0", "1", "0110", "1110", "10101")


def parity(x):
    """What every readable reply of the table computes."""
    return x.count("1") % 2


def as_json(code, **more):
    """The contract's reply."""
    return json.dumps({"code": code, **more})


FENCE = "```"
WRITTEN = {
    "the contract": as_json(PARITY),
    "json on several lines": json.dumps({"code": PARITY}, indent=2),
    "json after prose": f"Here is the rule I found.\n\n{as_json(PARITY)}",
    "json before prose": f"{as_json(PARITY)}\n\nIt counts the ones, modulo 2.",
    "json in a json fence": f"{FENCE}json\n{as_json(PARITY)}\n{FENCE}",
    "json in a plain fence": f"Sure!\n{FENCE}\n{as_json(PARITY)}\n{FENCE}\nDone.",
    "json with other keys": as_json(PARITY, explanation='parity, as in "odd"', confidence=0.9),
    "json with its code fenced": as_json(f"{FENCE}python\n{PARITY}{FENCE}"),
    "json with its code fenced and prose": as_json(f"Rule:\n{FENCE}py\n{PARITY}{FENCE}\nok"),
    "json with Windows line ends": as_json(PARITY.replace("\n", "\r\n")),
    "json with a key twice": f'{{"code": "", "code": {json.dumps(PARITY)}}}',
    "json twice, the last one counts": f"{as_json('def f(x): return 0')}\nNo:\n{as_json(PARITY)}",
    "json with raw line breaks": f'{{"code": "{PARITY}"}}',
    "json with a trailing comma": f'{{"code": {json.dumps(PARITY)},}}',
    "json with quotes not escaped": '{"code": "def f(x): return x.count("1") % 2"}',
    "json with quotes not escaped and more keys": '{"code": "def f(x): return x.count("1") % 2", "why": "parity"}',
    "json with a regex not escaped": r'{"code": "import re\ndef f(x):\n    return len(re.findall(r"1\d*?", x)) % 2"}'.replace(
        'r"1\\d*?"', "r'1(?!\\d{9})'"
    ),
    "json escaped twice": as_json(PARITY.rstrip().replace("\n", "\\n")),
    "json as a json string": json.dumps(as_json(PARITY)),
    "json with a list of lines": json.dumps({"code": PARITY.split("\n")}),
    "json nested": json.dumps({"answer": {"code": PARITY, "n": 1}}),
    "json with unicode escapes": as_json(PARITY).replace("x", "\\u0078"),
    "json whose end is cut, after the code": as_json(PARITY, why="because it")[:-6],
    "json with upper-case key": json.dumps({"Code": PARITY}),
    "json as a tool call": '<tool_call>\n{"name": "submit", "arguments": '
    + as_json(PARITY)
    + "}\n</tool_call>",
    "a Python dict": str({"code": PARITY}),
    "a Python dict with a long string": '{"code": """\n' + PARITY + '"""}',
    "a Python dict with escapes in a long string": '{"code": """def f(x):\\n    return x.count("1") % 2"""}',
    "json that describes, then a block": as_json("see below") + f"\n{FENCE}python\n{PARITY}{FENCE}",
    "a python fence": f"{FENCE}python\n{PARITY}{FENCE}",
    "a py fence in prose": f"The rule is parity.\n\n{FENCE}py\n{PARITY}{FENCE}\n\nIt is short.",
    "a fence without a language": f"{FENCE}\n{PARITY}{FENCE}",
    "an upper-case fence": f"{FENCE}Python\n{PARITY}{FENCE}",
    "a python3 fence": f"{FENCE}python3\n{PARITY}{FENCE}",
    "a fence with attributes": f"{FENCE}{{.python}}\n{PARITY}{FENCE}",
    "a fence with a title": f'{FENCE}python title="rule.py"\n{PARITY}{FENCE}',
    "a fence of four": f"````python\n{PARITY}````",
    "a fence of tildes": f"~~~python\n{PARITY}~~~",
    "a fence on one line": f"{FENCE}python def f(x): return x.count('1') % 2{FENCE}",
    "a fence after words": f"Answer: {FENCE}python\n{PARITY}{FENCE}",
    "a fence that never ends": f"Answer:\n{FENCE}python\n{PARITY}",
    "a fence that never began": f"{PARITY}{FENCE}",
    "an indented fence": "1. The rule:\n\n"
    + "".join(f"   {line}\n" for line in [f"{FENCE}python", *PARITY.splitlines(), FENCE]),
    "a quoted fence": "".join(
        f"> {line}\n" for line in [f"{FENCE}python", *PARITY.splitlines(), FENCE]
    ),
    "a draft, then the answer": f"{FENCE}python\ndef f(x): return 0\n{FENCE}\nBetter:\n{FENCE}python\n{PARITY}{FENCE}",
    "an answer, then a test": f"{FENCE}python\n{PARITY}{FENCE}\nTest:\n{FENCE}python\nassert f('1') == 1\n{FENCE}",
    "an answer, then a test function": f"{FENCE}python\n{PARITY}{FENCE}\nTest:\n{FENCE}python\ndef test_f():\n    assert f('1') == 1\n{FENCE}",
    "an answer, then its output": f"{FENCE}python\n{PARITY}{FENCE}\nOutput:\n{FENCE}\n0\n1\n{FENCE}",
    "an answer, then bash": f"{FENCE}python\n{PARITY}{FENCE}\nRun:\n{FENCE}bash\npython rule.py\n{FENCE}",
    "another language first": f"{FENCE}javascript\nfunction f(x) {{ return 0; }}\n{FENCE}\n{FENCE}python\n{PARITY}{FENCE}",
    "a helper in an earlier block": f"{FENCE}python\ndef ones(s):\n    return s.count('1')\n{FENCE}\nthen\n{FENCE}python\ndef f(x):\n    return ones(x) % 2\n{FENCE}",
    "a helper in a later block": f"{FENCE}python\ndef f(x):\n    return ones(x) % 2\n{FENCE}\nwith\n{FENCE}python\ndef ones(s):\n    return s.count('1')\n{FENCE}",
    "an import in an earlier block": f"{FENCE}python\nfrom collections import Counter\n{FENCE}\n{FENCE}python\ndef f(x):\n    return Counter(x)['1'] % 2\n{FENCE}",
    "helpers of helpers": f"{FENCE}\nONE = '1'\n{FENCE}\n{FENCE}\ndef g(s): return s.count(ONE)\n{FENCE}\n{FENCE}\ndef f(x): return g(x) % 2\n{FENCE}",
    "a docstring with a fence in it": f'def f(x):\n    """Parity.\n\n    {FENCE}\n    f("1") == 1\n    {FENCE}\n    """\n    return x.count("1") % 2\n',
    "code and nothing else": PARITY,
    "code after prose": f"Sure, here is the function:\n\n{PARITY}",
    "code between prose": f"I think it's parity:\n\n{PARITY}\nIt's (as said) parity.",
    "code before words that are Python": f"{PARITY}\nDone\n",
    "code before a remark that is Python": f"{PARITY}\nx is even\n",
    "code before an open bracket": f"{PARITY}\nNice :(\n",
    "code in parts, with prose between": "First\n\nimport operator\n\nthen the rule:\n\ndef f(x):\n    return operator.mod(x.count('1'), 2)\n\nThat is all.",
    "code after prose that looks like code": f"import is not needed here.\nfrom the examples: n = 5, so\nclass balance is even\n\n{PARITY}",
    "code in tags": f"<code>\n{PARITY}</code>",
    "code right after a tag": f"<answer>{PARITY}</answer>",
    "code that is all indented": "The rule:\n\n    def f(x):\n        return x.count('1') % 2\n\nas said.",
    "tabs": "def f(x):\n\tn = 0\n\tfor c in x:\n\t\tn += c == '1'\n\treturn n % 2\n",
    "tabs and spaces": "def f(x):\n    n = 0\n    for c in x:\n\tn += c == '1'\n    return n % 2\n",
    "Windows line ends": f"Here:\r\n{FENCE}python\r\n" + PARITY.replace("\n", "\r\n") + FENCE,
    "old Mac line ends": f"{FENCE}python\r" + PARITY.replace("\n", "\r") + FENCE,
    "typographic quotes": f"{FENCE}python\ndef f(x):\n    return x.count(‘1’) % 2\n{FENCE}",
    "typographic quotes, no fence": "Rule:\ndef f(x):\n    return x.count(“1”) % 2\n",
    "spaces that do not break": PARITY.replace("    ", "\u00a0" * 4),
    "a byte order mark": "\ufeff" + PARITY,
    "an en dash": f"{FENCE}python\ndef f(x):\n    return (x.count('1') – 0) % 2\n{FENCE}",
    "html escapes": f"{FENCE}python\ndef f(x):\n    return 1 if x.count('1') % 2 &gt; 0 else 0\n{FENCE}".replace(
        "&gt; 0 else", "&gt;= 1 else"
    ),
    "an interactive session": f"{FENCE}python\n>>> def f(x):\n...     return x.count('1') % 2\n...\n>>> f('1')\n1\n{FENCE}",
    "an interactive session without fence": ">>> def f(x):\n...     return x.count('1') % 2\n>>> f('1')\n1\n",
    "a lambda": "f = lambda x: x.count('1') % 2",
    "a lambda inside a line": "The function is `f = lambda x: x.count('1') % 2`.",
    "a lambda inside a line without backticks": "So we take f = lambda x: x.count('1') % 2",
    "a function inside a line": "Answer: def f(x): return x.count('1') % 2",
    "another name": f"{FENCE}python\ndef parity(s):\n    return s.count('1') % 2\n{FENCE}",
    "another name with helpers": f"{FENCE}python\ndef ones(s):\n    return s.count('1')\n\ndef rule(s):\n    return ones(s) % 2\n{FENCE}",
    "a class": f"{FENCE}python\nclass Rule:\n    def __call__(self, x):\n        return x.count('1') % 2\n\nf = Rule()\n{FENCE}",
    "a class used by f": f"{FENCE}python\nclass Counter:\n    def ones(self, x):\n        return x.count('1')\n\ndef f(x):\n    return Counter().ones(x) % 2\n{FENCE}",
    "a decorated function": f"{FENCE}python\nfrom functools import cache\n\n@cache\ndef f(x):\n    return x.count('1') % 2\n{FENCE}",
    "a nested function": f"{FENCE}python\ndef f(x):\n    def ones(s):\n        return s.count('1')\n    return ones(x) % 2\n{FENCE}",
    "recursion": f"{FENCE}python\ndef f(x):\n    return 0 if not x else (int(x[0]) + f(x[1:])) % 2\n{FENCE}",
    "annotations and a docstring": f'{FENCE}python\nimport typing\n\ndef f(x: str) -> typing.Any:\n    """The parity."""\n    return x.count("1") % 2\n{FENCE}',
    "demonstrations": f"{FENCE}python\n{PARITY}\nprint(f(None))\nassert f('1') == 0\nf(None)\nif __name__ == '__main__':\n    main()\n{FENCE}",
    "tests that call what is not there": f"{FENCE}python\n{PARITY}\ndef test_f(x):\n    return f(x)\n\ntest_f_1('1')\nf_test(12)\n{FENCE}\n\n{FENCE}python\ntest_f_2(12)\n{FENCE}",
    "an answer and a broken block": f"{FENCE}python\ndef f(x):\n    def ones(s):\n        return s.count('1')\n    return ones(x) % 2\n{FENCE}\n{FENCE}python\nprint(f('1')\n{FENCE}",
    "json with a fence in a docstring": as_json(
        f'def f(x):\n    """Parity.\n\n    {FENCE}\n    f("1") == 1\n    {FENCE}\n    """\n    return x.count("1") % 2\n'
    ),
    "json with a bare lambda": as_json("lambda x: x.count('1') % 2"),
    "another name than prose says": f"You asked for def f(x): here it is.\n{FENCE}python\ndef rule(s):\n    return s.count('1') % 2\n{FENCE}",
    "a class with one method": f"{FENCE}python\nclass Solution:\n    def parity(self, x: str) -> int:\n        return x.count('1') % 2\n{FENCE}",
    "a class with a method f": f"{FENCE}python\nimport math\n\nclass Solution:\n    def ones(self, x):\n        return x.count('1')\n\n    def f(self, x):\n        return self.ones(x) % 2\n{FENCE}",
    "a class of help in a later block": f"{FENCE}python\ndef f(x):\n    return Ones().count(x) % 2\n{FENCE}\n{FENCE}python\nclass Ones:\n    def count(self, x):\n        return x.count('1')\n{FENCE}",
    "functions of help in a later block": f"{FENCE}python\ndef f(x):\n    return ones(x) % 2\n{FENCE}\n{FENCE}python\ndef one(c):\n    return c == '1'\n\ndef ones(s):\n    return sum(map(one, s))\n{FENCE}",
    "a lambda with help in an earlier block": f"{FENCE}python\ndef ones(s):\n    return s.count('1')\n{FENCE}\n{FENCE}python\nlambda x: ones(x) % 2\n{FENCE}",
    "a class that can be called": f"{FENCE}python\nclass Rule:\n    def __init__(self):\n        self.one = '1'\n    def __call__(self, x):\n        return x.count(self.one) % 2\n{FENCE}",
    "a thought before": f"<think>\nMaybe {FENCE}python\ndef f(x): return 0\n{FENCE}\n</think>\n{PARITY}",
    "a thought of which the beginning is missing": f"def f(x): return 0\n</think>\n\n{as_json(PARITY)}",
    "a thought in upper case": f"<THINKING>def f(x): return 0</THINKING>{FENCE}python\n{PARITY}{FENCE}",
    "a constant at the top": f"{FENCE}python\nTABLE = {{\n    '0': 0,\n    '1': 1,\n}}\n\ndef f(x):\n    return sum(TABLE[c] for c in x) % 2\n{FENCE}",
    "a constant at the top, no fence": "Rule:\nTABLE = {\n    '0': 0,\n    '1': 1,\n}\n\ndef f(x):\n    return sum(TABLE[c] for c in x) % 2\nEnd of it.",
    "a heading": f"# Answer\n\n## Code\n\n{PARITY}",
    "the future after a helper": f"{FENCE}python\nfrom math import floor\n{FENCE}\n{FENCE}python\nfrom __future__ import annotations\n\ndef f(x: str) -> int:\n    return floor(x.count('1')) % 2\n{FENCE}",
    "the future": f"{FENCE}python\nfrom __future__ import annotations\n\ndef f(x):\n    return x.count('1') % 2\n{FENCE}",
}


@pytest.mark.parametrize("text", WRITTEN.values(), ids=WRITTEN)
def test_the_program_is_read_out_of_what_models_write(text):
    """Run bare, what was read computes the parity on every input."""
    source = read(Reply(text))
    assert isinstance(source, str), source
    namespace = {"__name__": "program"}
    exec(compile(source, "reply", "exec"), namespace)
    function = namespace[Program(source).name]
    assert [function(x) for x in INPUTS] == [parity(x) for x in INPUTS]


def test_a_bare_lambda_that_calls_nothing_is_a_program():
    """It is no demonstration."""
    assert read(Reply(as_json("lambda x: x[0]"))) == "f = lambda x: x[0]\n"


@pytest.mark.parametrize("rest", ["\n\nIt counts the", f"\n\nTest it:\n{FENCE}python\nassert f('1"])
@pytest.mark.parametrize("code", [PARITY, PARITY.replace("f(x)", "rule(x)")])
def test_what_is_complete_is_read_out_of_a_reply_that_was_cut(code, rest):
    """The limit of tokens fell on what comes after the program."""
    assert read(Reply(f"{FENCE}python\n{code}{FENCE}{rest}", "length")) == code


def test_the_table_is_long_enough():
    """It has more than sixty kinds of reply."""
    assert len(WRITTEN) >= 60


BAD = "def f(x) return 1"
REJECTED = {
    "nothing": (Reply(""), "empty"),
    "blanks": (Reply(" \n\t"), "empty"),
    "only a thought": (Reply("<think>def f(x): return 1</think>\n"), "empty"),
    "a refusal": (Reply("I cannot help.", "refusal"), "refused"),
    "a refusal with code": (Reply(PARITY, "refusal"), "refused"),
    "nothing before the limit": (Reply("", "length"), "truncated"),
    "a thought that was cut": (Reply("<think>Let me see: def f(x): return 1", "length"), "truncated"),
    "prose that was cut": (Reply("The rule is that", "length"), "truncated"),
    "json that was cut": (Reply(as_json(PARITY)[:-12], "length"), "truncated"),
    "json that was cut, unsaid": (Reply(as_json(PARITY)[:-12]), "truncated"),
    "a block that was cut": (Reply(f"{FENCE}python\ndef f(x):\n    return x.count('1", "length"), "truncated"),
    "f cut after its helper": (Reply(f"{FENCE}python\ndef ones(s):\n    return 1\n\ndef f(x):\n    return ones(", "length"), "truncated"),
    "f cut in its first line": (Reply(f"{FENCE}python\ndef ones(s):\n    return 1\n\ndef", "length"), "truncated"),
    "prose": (Reply("I do not know the rule, sorry."), "no_code"),
    "prose with brackets": (Reply('The labels {0, 1} are "random" (I think).'), "no_code"),
    "prose that is Python": (Reply("Done"), "no_code"),
    "json without code": (Reply('{"answer": 42}'), "no_code"),
    "a body and no function": (Reply("return x.count('1') % 2"), "no_code"),
    "json with prose": (Reply(as_json("A function that counts the ones.")), "syntax_error"),
    "broken json code": (Reply(as_json(BAD)), "syntax_error"),
    "a broken block": (Reply(f"{FENCE}python\n{BAD}\n{FENCE}"), "syntax_error"),
    "a broken f with its helper": (Reply(f"{FENCE}python\ndef ones(s):\n    return 1\n\ndef f(x):\n    return ones(s +* 1)\n{FENCE}"), "syntax_error"),
    "a broken line in f": (Reply("def f(x):\n    n = len(x)\n    return n %% 2\n"), "syntax_error"),
    "a broken helper after f": (Reply(f"{FENCE}python\ndef f(x):\n    return g(x)\n\ndef g(x):\n    return x +\n{FENCE}"), "syntax_error"),
    "another language": (Reply(f"{FENCE}c\nint f(char *x) {{ return 1; }}\n{FENCE}"), "syntax_error"),
    "an expression": (Reply(f"{FENCE}python\nx.count('1') % 2\n{FENCE}"), "no_function"),
    "json with a number as code": (Reply(as_json("42")), "no_function"),
    "two functions that do not know each other": (Reply(f"{FENCE}python\ndef a(x): return 1\ndef b(x): return 0\n{FENCE}"), "no_function"),
    "a class alone": (Reply(f"{FENCE}python\nclass Rule:\n    pass\n{FENCE}"), "no_function"),
    "a class that wants to know more": (Reply("class Rule:\n    def __init__(self, one):\n        self.one = one\n    def rule(self, x):\n        return 1\n"), "no_code"),
    "a class with two methods": (Reply(f"{FENCE}python\nclass Rule:\n    def a(self, x): return 1\n    def b(self, x): return 0\n{FENCE}"), "no_function"),
    "a null byte": (Reply(as_json("def f(x): return '\0'")), "syntax_error"),
    "a lone surrogate": (Reply('{"code": "def f(x): return \'\\ud800\'"}'), "syntax_error"),
    "a source without end": (Reply(as_json(PARITY + "#" * 200_000)), "too_long"),
}  # fmt: skip


@pytest.mark.parametrize(("reply", "reason"), REJECTED.values(), ids=REJECTED)
def test_a_reply_without_a_program_says_why(reply, reason):
    """Each reason is told from the others."""
    failed = read(reply)
    assert isinstance(failed, Failed), failed
    assert failed.reason == reason


def test_a_syntax_error_says_in_which_line():
    """The detail is for the person who reads the report."""
    assert "line 3" in read(Reply(as_json("def f(x):\n    n = 1\n    return n %% 2\n"))).detail


def test_a_detail_is_short_and_printable():
    """A reply cannot write to the terminal by way of its failure."""
    detail = read(Reply("\x1b[2J" + "no " * 1000)).detail
    assert detail.isprintable()
    assert len(detail) < 300


@pytest.mark.parametrize(
    ("code", "kept"),
    [
        (PARITY + "print(f('1'))\n", PARITY),
        ("import sys\nsys.setrecursionlimit(10)\n" + PARITY, "import sys\nsys.setrecursionlimit(10)\n" + PARITY),
        (PARITY + "cache = {}\ncache.update(a=1)\n", PARITY + "cache = {}\ncache.update(a=1)\n"),
        ("f = lambda x: 1; print(f(2))\n", "f = lambda x: 1; print(f(2))\n"),
        (PARITY + "f('1') == 1\nlist(map(f, ['1']))\nassert len(str(f('1'))) == 1\n", PARITY),
        (PARITY + "def test_it():\n    assert f('1') == 0\ntest_it()\n", PARITY + "def test_it():\n    assert f('1') == 0\n"),
        (PARITY + "def main():\n    print(f(input()))\nif __name__ == '__main__':\n    main()\n", PARITY + "def main():\n    print(f(input()))\n"),
        ("if __name__ != '__main__':\n    def f(x): return 1\n", "if __name__ != '__main__':\n    def f(x): return 1\n"),
        ("def main():\n    global n\n    n = 1\nmain()\ndef f(x): return n\n", "def main():\n    global n\n    n = 1\nmain()\ndef f(x): return n\n"),
        ("(f := lambda x: 1)\n", "(f := lambda x: 1)\n"),
        (PARITY + "f.memo = {}\nf.memo.update(a=f('1'))\n", PARITY + "f.memo = {}\nf.memo.update(a=f('1'))\n"),
        ('"""A rule."""\n' + PARITY, '"""A rule."""\n' + PARITY),
        (PARITY + "for x in ('0', '1'):\n    print(f(x))\n", PARITY + "for x in ('0', '1'):\n    print(f(x))\n"),
    ],
)  # fmt: skip
def test_demonstrations_are_dropped_where_that_is_safe(code, kept):
    """What may have an effect that the program needs stays, and so does what shares a line."""
    assert read(Reply(as_json(code))) == kept


WORDS = st.sampled_from(
    ["```", "```python\n", "~~~", '{"code": "', '"}', "def f(x):", "\n", "    ", "return 1", "lambda", "<think>", "</think>",
    "\\n", "'", '"', "(", "{", "[", "`", ">>> ", "x = ", "import ", "f = ", "@", "class A:", "\\", "\ud800", "\0", "é", ">"]
)  # fmt: skip


@given(
    st.lists(WORDS | st.text(max_size=5), max_size=60).map("".join),
    st.sampled_from(["end", "length"]),
)
@settings(deadline=None, max_examples=300)
@example("```" * 3, "end")
@example('{"code": "' * 3, "end")
def test_whatever_the_reply_is_there_is_a_program_or_a_reason(text, stop):
    """It never raises, and what it takes for a program is one."""
    found = read(Reply(text, stop))
    if isinstance(found, str):
        assert Program(found).name
    else:
        assert found.reason in ("empty", "truncated", "no_code", "syntax_error", "no_function")


@given(st.text(max_size=200), st.text(max_size=200))
@settings(deadline=None, max_examples=200)
def test_the_contract_holds_whatever_stands_around_it(before, after):
    """Prose around the JSON object, without keys or thoughts of its own, changes nothing."""
    before, after = (text.replace("<", "").replace("code", "") for text in (before, after))
    before, after = before.rstrip('"'), after.lstrip('"')
    assert read(Reply(before + "\n" + as_json(PARITY) + "\n" + after)) == PARITY


HOSTILE = {
    "prose": "I wonder what it is. ",
    "open objects": '{"code": ',
    "open strings": '{"code": "def f(x):',
    "open lists": '{"code": [[[',
    "fences": "```",
    "fences with code": "```python\ndef f(x:\n```\n",
    "programs with something missing": "```python\ndef f(x): return g(x)\n```\n```\ndef f(x) return\n```\n",
    "functions without end": "def f(x):\n",
    "broken functions": "def g(x): return (\n",
    "starts": "import a\nn = (\n",
    "assignments": "a = 1\n",
    "backticks": "`def a` ",
    "inline": "so def f( x\n",
    "thoughts": "<think>",
    "quotes": '"',
    "triple quotes": "{'code': '''",
    "backslashes": '"code": "\\',
    "brackets": "(",
    "tags": "<code ",
    "spaces": " ",
    "lines": "\n",
    "decorators": "@a\n",
    "prompts": ">>> def f(x\n",
    "signs": "“”",
}


@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE)
def test_ten_megabytes_are_read_in_seconds(piece):
    """No reply, however it repeats itself, takes time beyond reason."""
    text = piece * (10_000_000 // len(piece))
    started = time.process_time()
    assert isinstance(read(Reply(text)), Failed)
    assert time.process_time() - started < 20


def test_a_program_at_the_end_of_ten_megabytes_is_found():
    """The end of a long reply is read, as is its beginning."""
    assert MAX_READ < 10_000_000
    noise = "Let me think about it again. " * 350_000
    assert read(Reply(noise + as_json(PARITY))) == PARITY
    assert read(Reply(as_json(PARITY) + noise)) == PARITY
