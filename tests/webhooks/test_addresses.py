"""Where a webhook may go, and where not."""

import pytest

from app.errors import InvalidInput
from app.webhooks.addresses import destination, look_up, may_be_reached

PUBLIC = ["8.8.8.8", "93.184.216.34", "2606:4700:4700::1111", "2a00:1450:4001:80b::200e"]
PRIVATE = ["127.0.0.1", "127.8.8.8", "10.1.2.3", "172.16.0.1", "192.168.1.1", "100.64.0.1", "::1", "fd12::1"]
NEVER = [
    "168.63.129.16",
    "100.100.100.200",
    "fd00:ec2::254",
    "0.0.0.0",
    "169.254.169.254",
    "192.0.0.8",
    "192.88.99.1",
    "198.18.0.1",
    "203.0.113.9",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::1",
    "2002:7f00:1::1",
    "2001:0:7f00:1::",
    "2001:db8::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "localhost",
    "2130706433",
]


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_reached(address: str) -> None:
    assert may_be_reached(address, private=False)
    assert may_be_reached(address, private=True)


@pytest.mark.parametrize("address", PRIVATE)
def test_a_private_address_is_reached_only_with_the_setting(address: str) -> None:
    assert not may_be_reached(address, private=False)
    assert may_be_reached(address, private=True)


@pytest.mark.parametrize("address", NEVER)
def test_what_is_no_host_of_anybody_is_never_reached(address: str) -> None:
    assert not may_be_reached(address, private=False)
    assert not may_be_reached(address, private=True)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "ftp://example.com/",
        "//example.com/",
        "https:///path",
        "http://anna:secret@example.com/",
        "http://example.com@127.0.0.1/",
        "http://example.com\\@127.0.0.1/",
        "http://example.com/a b",
        "http://example.com/\r\nX-Evil: 1",
        "http://example.com/\r\nx",
        " http://example.com/",
        "http://example.com/ä",
        "http://example.com/#part",
        "http://example.com:0/",
        "http://example.com:99999/",
        "http://[fe80::1%25eth0]/",
        "http://[::1/",
        "http://example.com/" + "x" * 2_000,
        None,
    ],
)
def test_a_url_that_is_none_or_hides_something_is_refused(url: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        destination(url)
    assert refused.value.data["field"] == "url"


@pytest.mark.parametrize(
    ("url", "host_header", "at"),
    [
        ("https://example.com", "example.com", "https://9.9.9.9:443/"),
        ("http://Example.com:8080/a?b=%20c", "example.com:8080", "http://9.9.9.9:8080/a?b=%20c"),
        ("https://bücher.example/x", "xn--bcher-kva.example", "https://9.9.9.9:443/x"),
        ("https://[2606:4700::1]:444/", "[2606:4700::1]:444", "https://9.9.9.9:444/"),
    ],
)
def test_a_url_is_taken_apart(url: str, host_header: str, at: str) -> None:
    place = destination(url)
    assert (place.host_header, place.at("9.9.9.9")) == (host_header, at)


def test_what_everybody_is_shown_is_no_key_to_the_receiver() -> None:
    assert destination("https://hooks.example.com/T0/s3cr3t?k=v").shown == "https://hooks.example.com/…"


@pytest.mark.parametrize("spelling", ["localhost", "127.1", "2130706433", "0x7f.1", "::1"])
async def test_every_spelling_of_this_machine_is_seen_through(spelling: str) -> None:
    found = await look_up(spelling, 80)
    assert found
    assert not any(may_be_reached(address, private=False) for address in found)


async def test_a_name_that_is_none_is_told_as_an_error() -> None:
    with pytest.raises(OSError, match=r"not known|resolution"):
        await look_up("no-such-host.invalid", 80)
