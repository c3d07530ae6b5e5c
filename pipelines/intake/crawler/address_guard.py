"""Which addresses may be asked: http and https, usual ports, hosts whose every address is public.

A name is resolved once; the connection is made to one of the very addresses that were checked, so that a
name which answers differently a moment later (DNS rebinding) gains nothing.
Callers check every redirect anew.
"""

import ipaddress
import socket
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, urlencode, urljoin

from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

from pipelines.intake.crawler.crawl_state import FailedError, RefusedError

Resolve = Callable[[str, int], list[str]]  # host, port → its addresses

PORTS: Final = {"http": 80, "https": 443}
_GLOBAL_V6: Final = ipaddress.IPv6Network("2000::/3")
# Special by the registry, or they embed or relay to another address. Listed here because releases of Python
# disagree on them.
_NEVER: Final = tuple(
    ipaddress.ip_network(text)
    for text in ("192.0.0.0/24", "192.88.99.0/24", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
)
_TRACKING: Final = ("utm_", "fbclid", "gclid", "mc_cid", "mc_eid")


@dataclass(frozen=True)
class Place:
    """An address taken apart. `host` is lower case, an IPv6 literal without brackets; no fragment."""

    url: str
    scheme: str
    host: str
    port: int
    path: str  # with its query

    @property
    def authority(self) -> str:
        """What the Host header says."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """Scheme, host and port: what one robots.txt speaks for."""
        return f"{self.scheme}://{self.authority}"


def parse_place(url: str, ports: Collection[int] = ()) -> Place:
    """Take an address apart with the parser that the connection uses too. Raises RefusedError.

    `ports` are allowed beside 80 and 443. Numbers that some resolvers take for an IPv4 address
    (2130706433, 0x7f.1, 0177.0.0.1) are refused: only the usual four decimal parts are one.
    """
    url = url.strip()
    if any(ord(character) < 32 or character in "\\\x7f" for character in url):
        raise RefusedError("the address holds control characters or a backslash")
    try:
        parts = parse_url(url)
    except (LocationParseError, ValueError) as error:
        raise RefusedError("this is no web address") from error
    if parts.scheme not in PORTS:
        raise RefusedError(
            f"only http and https are read, not {parts.scheme or 'an address without a scheme'}"
        )
    if parts.auth is not None:
        raise RefusedError("the address carries a user name or password")
    host = (parts.host or "").strip("[]").rstrip(".").lower()
    if not host or "%" in host:
        raise RefusedError("the address names no host")
    _refuse_odd_number(host)
    port = PORTS[parts.scheme] if parts.port is None else parts.port
    if port not in {*PORTS.values(), *ports}:
        raise RefusedError(f"port {port} is not read; where it is right, list it in `ports` of the source")
    path = parts.request_uri
    place = Place("", parts.scheme, host, port, path)
    return Place(f"{place.origin}{path}", parts.scheme, host, port, path)


def _refuse_odd_number(host: str) -> None:
    last = host.rpartition(".")[2]
    if ":" in host or not (last.isdecimal() or last.startswith("0x")):
        return
    try:
        ipaddress.IPv4Address(host)
    except ValueError as error:
        raise RefusedError(f"{host} is not an IPv4 address in its usual form") from error


def strip_tracking(url: str) -> str:
    """The address without fragment and without the parameters that only track readers."""
    place = parse_url(url.strip())
    query = parse_qsl(place.query or "", keep_blank_values=True)
    kept = [(name, value) for name, value in query if not name.lower().startswith(_TRACKING)]
    changed = urlencode(kept) if len(kept) < len(query) else place.query
    return place._replace(query=changed or None, fragment=None).url


def join(base: str, url: str) -> str:
    """A link as its page means it. A broken one is handed on, and refused where it is parsed."""
    try:
        return urljoin(base, url.strip())
    except ValueError:
        return url


def look_up(host: str, port: int) -> list[str]:
    """The system resolver's answer. Raises FailedError where the name is unknown or no resolver answers."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise FailedError(f"the name {host} cannot be resolved") from error
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def resolve_public(place: Place, *, resolve: Resolve, allow_private: bool = False) -> list[str]:
    """The addresses of a host. Raises RefusedError where any is not public: a mixed answer is a trick."""
    addresses = resolve(place.host, place.port)
    if not addresses:
        raise FailedError(f"the name {place.host} has no address")
    if not allow_private:
        for address in addresses:
            if not is_public(address):
                raise RefusedError(f"{place.host} leads to {address}, which is not a public address")
    return addresses


def is_public(address: str) -> bool:
    """True for an address of the open internet: not private, loopback, link-local, multicast, reserved."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return is_public(str(parsed.ipv4_mapped))
        if parsed.scope_id is not None or parsed not in _GLOBAL_V6:
            return False
    if any(parsed.version == network.version and parsed in network for network in _NEVER):
        return False
    return parsed.is_global and not parsed.is_multicast and not parsed.is_reserved


def is_loopback(address: str) -> bool:
    """True for an address of this machine; a name is none."""
    parsed = _parse(address)
    return parsed is not None and parsed.is_loopback


def is_nobodys(address: str) -> bool:
    """True for an address that no server has: link-local, multicast, unspecified, or no address at all."""
    parsed = _parse(address)
    return parsed is None or parsed.is_link_local or parsed.is_multicast or parsed.is_unspecified


def _parse(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """An address without its zone; the older kind where it is written as one of the newer."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return None
    mapped = parsed.ipv4_mapped if isinstance(parsed, ipaddress.IPv6Address) else None
    return mapped or parsed
