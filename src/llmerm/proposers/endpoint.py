"""Where an API is and what opens it; what may be shown of both."""

from __future__ import annotations

import hashlib
import ipaddress
import os
import re
import secrets
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from llmerm.errors import ArgumentError
from llmerm.proposers.model import Fault
from llmerm.typing import Usage

HIDDEN = "[key]"
"""Stands in messages where a key was."""

_SALT = secrets.token_bytes(32)

_LOOKS_LIKE_A_KEY = re.compile(
    r"\b(?:sk|pk|rk|gsk|xai)-[\w*.-]{4,}|(?<=Bearer )\S+|(?<=Basic )[\w+/=]{8,}"
)


@dataclass(frozen=True)
class Endpoint:
    """A base URL and the key for it; neither can be seen in a `repr`.

    Args:
        url: the base URL, as it was given.
        variable: the environment variable that holds the key where none was passed.
        api_key: the key that was passed, or None.
    """

    url: str = field(repr=False)
    variable: str
    api_key: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if urlsplit(self.url).scheme not in ("http", "https") or not urlsplit(self.url).hostname:
            raise ArgumentError(
                f"`base_url` must start with http:// or https:// and a host, got {self.shown!r}. "
                'For a server on this machine it looks like "http://127.0.0.1:8000/v1".'
            )

    @property
    def host(self) -> str:
        """The host's name, without port, user or password."""
        return urlsplit(self.url).hostname or ""

    @property
    def shown(self) -> str:
        """The base URL without what may be secret: user, password, query and fragment."""
        parts = urlsplit(self.url)
        return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))

    @property
    def is_loopback(self) -> bool:
        """Whether the server is on this machine; it needs no key and costs nothing then."""
        if self.host == "localhost" or self.host.endswith(".localhost"):
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def identity(self) -> str:
        """The same for the same URL and key, in this process; neither can be read out of it."""
        told = f"{self.url}\n{self._found() or ''}".encode(errors="surrogatepass")
        return hashlib.blake2b(told, key=_SALT, digest_size=16).hexdigest()

    def key(self) -> str:
        """The key.

        Raises:
            Fault: if there is none, and the server is not on this machine.
        """
        found = self._found()
        if found is None and not self.is_loopback:
            raise Fault(
                f"there is no key for {self.shown}: set the environment variable {self.variable}, "
                'or pass api_key= ("none" for a server that asks for none), or base_url= for a '
                "server of your own.",
                "fatal",
                usage=Usage(),
            )
        return found or "none"

    def redacted(self, text: str) -> str:
        """The text without the key, the password, and whatever else looks like a key."""
        for secret in self._secrets():
            text = text.replace(secret, HIDDEN)
        return _LOOKS_LIKE_A_KEY.sub(HIDDEN, text)

    def _found(self) -> str | None:
        return self.api_key or os.environ.get(self.variable) or None

    def _secrets(self) -> list[str]:
        parts = urlsplit(self.url)
        held = [self._found(), parts.password, *(value for _, value in parse_qsl(parts.query))]
        secrets = {text for text in held if text and len(text) > 3} - {"none"}
        return sorted(secrets, key=len, reverse=True)
