import socket

import pytest

from app.listener import UNANSWERED_MS, listen, url_of
from app.settings import InvalidSetting, Settings


@pytest.mark.parametrize(
    ("host", "shown"), [("127.0.0.1", "127.0.0.1"), ("localhost", "127.0.0.1"), ("0.0.0.0", "127.0.0.1")]
)
def test_the_printed_address_is_one_that_can_be_opened(host, shown):
    with listen(Settings(host=host, port=0, open=True)) as listener:
        port = listener.getsockname()[1]

        assert url_of(listener) == f"http://{shown}:{port}"
        socket.create_connection((shown, port), timeout=5).close()


def test_a_vanished_peer_is_given_up_by_the_system():
    option = getattr(socket, "TCP_USER_TIMEOUT", None)
    if option is None:
        pytest.skip("this system has no TCP_USER_TIMEOUT")
    with listen(Settings(port=0)) as listener:
        client = socket.create_connection(listener.getsockname(), timeout=5)
        listener.setblocking(True)
        accepted, _ = listener.accept()
        with client, accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, option) == UNANSWERED_MS


@pytest.mark.parametrize("host", ["nowhere.invalid", "192.0.2.1", "a" * 300, "not an address"])
def test_a_host_that_is_none_of_ours_is_a_setting_at_fault(host):
    with pytest.raises(InvalidSetting, match="host"):
        listen(Settings(host=host, port=0, open=True))
