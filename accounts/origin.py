"""From where the present request comes: what the audit and the limits want to know of it."""

import ipaddress
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class Origin:
    address: str | None = None  # IPv4 or IPv6
    request_id: str = ""


NOWHERE = Origin()  # a task, a command
_present: ContextVar[Origin] = ContextVar("origin", default=NOWHERE)

arrive = _present.set
leave = _present.reset
present = _present.get


def network(address: str | None) -> str:
    """Return what counts as one sender: an IPv4 address, or the /64 that an IPv6 one lies in."""
    try:
        parsed = ipaddress.ip_address(address or "")
    except ValueError:
        return ""
    if parsed.version == 4:
        return str(parsed)
    return str(ipaddress.ip_network((parsed, 64), strict=False))


def here() -> str:
    """Return the network that the present request comes from; "" outside a request."""
    return network(present().address)
