"""What a docstring's reader should see, where the source alone does not say it."""

from __future__ import annotations

import re

import griffe

SESSION = re.compile(r"^>>> .*(?:\n.+)*", flags=re.MULTILINE)
SYNCHRONOUS = re.compile(r"synchronous\([^,]+, (?P<awaited>\w+).*\)")


class Shown(griffe.Extension):
    """Runnable lines become blocks of code; `fit` is shown as the function that it is."""

    def on_instance(self, *, obj: griffe.Object, **_: object) -> None:
        """Fences the sessions: they stand in no section of their own."""
        if obj.docstring:
            obj.docstring.value = SESSION.sub(r"```pycon\n\g<0>\n```", obj.docstring.value)

    def on_module_members(self, *, mod: griffe.Module, **_: object) -> None:
        """Shows each `name = synchronous("name", awaited)` with the signature of the latter."""
        for name, member in list(mod.attributes.items()):
            made = SYNCHRONOUS.fullmatch(str(member.value))
            if made and made["awaited"] in mod.functions:
                mod.set_member(name, plain(name, mod.functions[made["awaited"]]))


def plain(name: str, awaited: griffe.Function) -> griffe.Function:
    """The function that waits for an async one."""
    docstring = awaited.docstring and griffe.Docstring(
        awaited.docstring.value, parser=awaited.docstring.parser
    )
    return griffe.Function(
        name,
        lineno=awaited.lineno,
        parameters=awaited.parameters,
        returns=awaited.returns,
        docstring=docstring,
    )
