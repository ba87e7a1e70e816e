"""What every page loads: one style sheet and one script, kept by browsers as long as they do not change."""

import re

from components import theme
from tests.ui_fixtures import Running


def test_each_file_is_in_exactly_one_bundle() -> None:
    files = {path.name for path in theme._STATIC.iterdir()}
    assert files == {*theme.STYLES, *theme.SCRIPTS}


def test_style_and_script_are_kept_for_good_under_an_address_of_their_content(server: Running) -> None:
    page = server.api.get(server.base_url + "/").text
    addresses = re.findall(r'(?:href|src)="(/assets/[0-9a-f]{16}\.(?:css|js))"', page)
    assert len(addresses) == 2
    for address in addresses:
        answer = server.api.get(server.base_url + address)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]


def test_an_address_that_leads_nowhere_says_so_and_leads_home(server: Running) -> None:
    answer = server.api.get(server.base_url + "/b/NOWHERE")
    assert answer.status_code == 404
    assert "See all boards" in answer.text


def test_a_page_that_is_not_connected_is_small(server: Running) -> None:
    board = server.board("Small")
    for number in range(50):
        server.card(board["board"]["id"], f"Card {number}")
    assert len(server.api.get(f"{server.base_url}/b/{board['board']['key']}").content) < 15_000
