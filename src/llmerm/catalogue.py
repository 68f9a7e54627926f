"""A catalogue: the classes of one kind by name, built in, registered, or from other packages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from typing import ClassVar, Generic, Protocol, TypeVar, cast

from llmerm.errors import ArgumentError, UnknownNameError
from llmerm.extras import explained


class Named(Protocol):
    """What can be in a catalogue: a dataclass with a name of its own."""

    name: ClassVar[str]


Part = TypeVar("Part", bound=Named)
Registered = TypeVar("Registered", bound=type[Named])


@dataclass(frozen=True)
class Catalogue(Generic[Part]):
    """The subclasses of one class by their names; each is imported when it is asked for.

    Attributes:
        kind: what they are, in words, for errors.
        base: what all of them are subclasses of.
        group: the entry-point group through which other packages offer theirs.
        built_in: "module:Class" by name.
        registered: the classes that were registered in this process, by name.
    """

    kind: str
    base: type[Part]
    group: str
    built_in: Mapping[str, str]
    registered: dict[str, type[Part]] = field(default_factory=dict)

    def names(self) -> tuple[str, ...]:
        """The names that `get` knows, in alphabetical order."""
        return tuple(sorted({*self.built_in, *self.registered, *self._offered()}))

    def get(self, name: str, parameters: Mapping[str, object]) -> Part:
        """The one of this name at these parameters; what is left out takes its default.

        Raises:
            UnknownNameError: if there is none of this name.
            ArgumentError: if it has no such parameter, or needs one that is not given.
            MissingExtraError: if it needs a package that is not installed.
        """
        found = self.find(name)
        accepted = [part for part in fields(found) if part.init]  # type: ignore[arg-type]
        known = ", ".join(part.name for part in accepted) or "none"
        for unknown in parameters.keys() - {part.name for part in accepted}:
            raise ArgumentError(
                f"the {self.kind} {name} has no parameter {unknown!r}. It accepts: {known}."
            )
        for part in accepted:
            if part.default is part.default_factory is MISSING and part.name not in parameters:
                raise ArgumentError(
                    f"the {self.kind} {name} needs the parameter {part.name!r}. "
                    f"It accepts: {known}."
                )
        return found(**parameters)

    def find(self, name: str) -> type[Part]:
        """The class of this name. Raises as `get`."""
        with explained(f"the {self.kind} {name!r}"):
            if name in self.built_in:
                module, _, attribute = self.built_in[name].partition(":")
                return cast("type[Part]", getattr(import_module(module), attribute))
            if name in self.registered:
                return self.registered[name]
            if name in (offered := self._offered()):
                return self._loaded(offered[name])
        raise UnknownNameError(self.kind, name, self.names())

    def register(self, part: Registered) -> Registered:
        """Makes a subclass known under its `name`, in place of an earlier one of yours.

        Raises:
            ArgumentError: if the library itself has one of this name.
        """
        if part.name in self.built_in:
            raise ArgumentError(
                f"the name {part.name!r} belongs to a built-in {self.kind}. Choose another `name`."
            )
        self.registered[part.name] = cast("type[Part]", part)
        return part

    def _offered(self) -> dict[str, EntryPoint]:
        return {point.name: point for point in entry_points(group=self.group)}

    def _loaded(self, point: EntryPoint) -> type[Part]:
        found = point.load()
        if isinstance(found, type) and issubclass(found, self.base):
            return found
        raise ArgumentError(
            f"the entry point {point.name!r} = {point.value!r} is no subclass of "
            f"{self.group}.{self.base.__name__}. Ask the package that offers it in the group "
            f"{self.group!r}."
        )
