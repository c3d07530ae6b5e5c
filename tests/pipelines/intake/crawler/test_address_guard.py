"""Only http and https to public addresses, in whatever form the address is written."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.intake.crawler.address_guard import is_public, parse_place, resolve_public, strip_tracking
from pipelines.intake.crawler.crawl_state import FailedError, RefusedError

PRIVATE = [
    "127.0.0.1",
    "127.8.8.8",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.0.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "192.0.0.8",
    "192.0.2.1",
    "192.88.99.1",
    "198.18.0.1",
    "224.0.0.1",
    "239.1.1.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "2001::1",
    "2001:db8::1",
    "3fff::1",
    "fc00::1",
    "fd12::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "not an address",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_that_is_not_of_the_open_internet_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "200.44.32.12", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_an_address_of_the_open_internet_is_public(address: str) -> None:
    assert is_public(address)


@given(st.ip_addresses(v=4))
def test_an_embedded_address_is_judged_by_itself(address: ipaddress.IPv4Address) -> None:
    assert is_public(f"::ffff:{address}") == is_public(str(address))


@given(st.ip_addresses())
def test_what_the_standard_library_calls_private_is_never_public(address: ipaddress.IPv4Address) -> None:
    assert not (is_public(str(address)) and (address.is_private or address.is_multicast))


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("file:///etc/passwd", "only http and https"),
        ("gopher://a.example/", "only http and https"),
        ("javascript:alert(1)", "only http and https"),
        ("//a.example/", "only http and https"),
        ("http://", "no host"),
        ("http:/a", "no host"),
        ("http://user@a.example/", "user name"),
        ("http://user:secret@a.example/", "user name"),
        ("http://a.example:22/", "port 22"),
        ("http://a.example:0/", "port 0"),
        ("http://a.example:99999/", "no web address"),
        ("http://2130706433/", "usual form"),
        ("http://0x7f000001/", "usual form"),
        ("http://0x7f.1/", "usual form"),
        ("http://0177.0.0.1/", "usual form"),
        ("http://127.1/", "usual form"),
        ("http://１２７.0.0.1/", "no web address"),
        ("http://[fe80::1%25eth0]/", "no host"),
        ("http://a.example\\@b.example/", "backslash"),
        ("http://a.example/\r\nHost: b", "control"),
    ],
)
def test_an_address_that_is_unsafe_is_refused_with_its_reason(url: str, reason: str) -> None:
    with pytest.raises(RefusedError, match=reason):
        parse_place(url)


def test_a_place_says_what_the_request_needs() -> None:
    place = parse_place(" HTTPS://Ñandú.example./á b?q=1#part ")
    assert place.url == "https://xn--and-6ma2c.example/%C3%A1%20b?q=1"
    assert (place.host, place.port, place.authority) == ("xn--and-6ma2c.example", 443, place.host)
    assert parse_place("http://a.example:8080/x", [8080]).authority == "a.example:8080"
    assert parse_place("http://[2606:4700::1]/").authority == "[2606:4700::1]"


def test_one_private_address_among_public_ones_refuses_the_host() -> None:
    place = parse_place("https://a.example/")
    with pytest.raises(RefusedError, match=r"10\.0\.0\.1"):
        resolve_public(place, resolve=lambda *_: ["8.8.8.8", "10.0.0.1"])
    assert resolve_public(place, resolve=lambda *_: ["8.8.8.8"]) == ["8.8.8.8"]
    with pytest.raises(FailedError, match="no address"):
        resolve_public(place, resolve=lambda *_: [])


def test_trackers_do_not_make_another_article() -> None:
    assert strip_tracking("https://a.example/n?id=7&utm_source=x#y") == "https://a.example/n?id=7"
    assert strip_tracking("https://a.example/n?b=2&a=%20") == "https://a.example/n?b=2&a=%20"
