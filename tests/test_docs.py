"""The README says what is true: its commands run as they are pasted, and every setting stands in its table."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from app.settings import PREFIX, Settings
from tests.launching import Launched

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
COMMANDS = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with Launched(tmp_path_factory.mktemp("docs")) as launched:
        yield launched


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_documented(name):
    field = Settings.model_fields[name]
    row = next((line for line in README.splitlines() if line.startswith(f"| `--{name.replace('_', '-')}` ")), "")
    _, _, variable, default, description, _ = [cell.strip() for cell in row.split("|")] if row else [""] * 6

    assert variable == f"`{PREFIX}{name.upper()}`"
    assert default == ("off" if field.annotation is bool else f"`{field.default}`" if field.default else "none")
    assert description == field.description


def test_the_table_names_no_setting_that_is_gone():
    assert len(re.findall(rf"^\| .*`{PREFIX}", README, re.MULTILINE)) == len(Settings.model_fields)


def test_the_continuous_check_runs_the_test_command():
    command = _command(".venv/bin/pytest")

    assert command in (ROOT / ".ci" / "run").read_text()
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


def test_the_upgrade_line_answers_101_and_the_connected_event(server):
    answer = _pasted(server, _command("Sec-WebSocket-Key").replace("--max-time 5", "--max-time 1")).stdout

    assert answer.startswith("HTTP/1.1 101")
    assert '"event":"connected"' in answer


def test_the_first_move_over_rest(server):
    card = json.loads(_pasted(server, _command("HELLO-1/move")).stdout)

    assert (card["ref"], card["column_id"]) == ("HELLO-1", 2)


def test_the_first_move_over_the_socket(server):
    events = [json.loads(line) for line in _pasted(server, _command("websockets")).stdout.splitlines()]

    assert {event["event"] for event in events} == {"connected", "result", "card_moved"}
    assert httpx.get(f"{server.url}/api/v1/cards/HELLO-2").json()["column_id"] == 2


def test_a_card_from_claim_to_finish(server):
    claimed, *said = _pasted(server, _command("claim-next")).stdout.splitlines()[-4:]

    assert json.loads(claimed)["progress"] == {"percent": 60, "text": "tests are green"}
    answers = [json.loads(line) for line in said]
    assert [answer.get("code") for answer in answers] == ["card_claimed", None, "lease_lost"]
    assert answers[1]["done_at"]


def test_what_the_readme_points_at_is_there():
    for target in re.findall(r"\]\((?!https?:)([^)]+)\)", README):
        assert (ROOT / target).exists(), target


def _command(part: str) -> str:
    return next(command.strip() for command in COMMANDS if part in command)


def _pasted(server: Launched, command: str) -> subprocess.CompletedProcess[str]:
    here = command.replace("localhost:8000", f"127.0.0.1:{server.port}").replace(".venv/bin/python", sys.executable)
    return subprocess.run(
        ["bash", "-c", here], capture_output=True, text=True, errors="replace", timeout=30, check=False
    )
