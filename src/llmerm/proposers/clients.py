"""The SDKs' clients: loaded when one is made, their own retries off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmerm.proposers.endpoint import Endpoint

if TYPE_CHECKING:
    from anthropic import AsyncAnthropic
    from openai import AsyncOpenAI

_CONNECT_SECONDS = 10.0

_ONE_CALL_A_CONNECTION = {"Connection": "close"}
"""For servers on this machine: some close a connection after a stream, just as it is used again.

They are reached past any proxy, too.
"""


def openai_client(endpoint: Endpoint, timeout: float) -> AsyncOpenAI:
    """A client of OpenAI's APIs.

    Args:
        endpoint: where they are, and the key.
        timeout: seconds that a part of an answer may take.

    Raises:
        Fault: if there is no key.
    """
    from openai import AsyncOpenAI, DefaultAsyncHttpxClient, Timeout

    limits = Timeout(timeout, connect=min(_CONNECT_SECONDS, timeout))
    own = endpoint.is_loopback
    return AsyncOpenAI(
        api_key=endpoint.key(),
        base_url=endpoint.url,
        max_retries=0,
        timeout=limits,
        default_headers=_ONE_CALL_A_CONNECTION if own else None,
        http_client=DefaultAsyncHttpxClient(timeout=limits, trust_env=not own),
    )


def anthropic_client(endpoint: Endpoint, timeout: float) -> AsyncAnthropic:
    """A client of Anthropic's API; arguments and errors are those of `openai_client`."""
    from anthropic import AsyncAnthropic, DefaultAsyncHttpxClient, Timeout

    limits = Timeout(timeout, connect=min(_CONNECT_SECONDS, timeout))
    own = endpoint.is_loopback
    return AsyncAnthropic(
        api_key=endpoint.key(),
        base_url=endpoint.url,
        max_retries=0,
        timeout=limits,
        default_headers=_ONE_CALL_A_CONNECTION if own else None,
        http_client=DefaultAsyncHttpxClient(timeout=limits, trust_env=not own),
    )
