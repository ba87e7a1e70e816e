import pytest

from app.settings import PREFIX, InvalidSetting, Settings, load


def test_without_flags_and_variables_the_defaults_hold():
    settings = load([], {})

    assert settings == Settings()
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert settings.database == "sqlite:///agent-kanban.db"
    assert not settings.open
    assert not settings.demo


def test_every_setting_has_a_variable():
    environ = {
        "AGENT_KANBAN_HOST": "0.0.0.0",
        "AGENT_KANBAN_PORT": "9000",
        "AGENT_KANBAN_DATABASE": "sqlite:///other.db",
        "AGENT_KANBAN_LOG_LEVEL": "debug",
        "AGENT_KANBAN_DEMO": "1",
        "AGENT_KANBAN_OPEN": "true",
        "AGENT_KANBAN_ALLOWED_HOSTS": "board.example, kanban.local",
        "AGENT_KANBAN_WEBHOOKS_PRIVATE": "yes",
    }

    settings = load([], environ)

    assert {name.removeprefix(PREFIX).lower() for name in environ} == set(Settings.model_fields)
    assert settings == Settings(
        host="0.0.0.0",
        port=9000,
        database="sqlite:///other.db",
        log_level="debug",
        demo=True,
        open=True,
        allowed_hosts=("board.example", "kanban.local"),
        webhooks_private=True,
    )


def test_every_setting_has_a_flag():
    flags = "--host ::1 --port 9000 --database sqlite:///o.db --log-level error --demo --open --allowed-hosts a.b,c.d"

    settings = load([*flags.split(), "--webhooks-private"], {})

    assert set(settings.model_fields_set) == set(Settings.model_fields)
    assert settings.allowed_hosts == ("a.b", "c.d")


def test_a_flag_wins_over_its_variable():
    environ = {"AGENT_KANBAN_PORT": "1", "AGENT_KANBAN_DEMO": "yes"}

    settings = load(["--port", "2", "--no-demo"], environ)

    assert settings.port == 2
    assert not settings.demo


def test_an_empty_variable_counts_as_none():
    assert load([], {"AGENT_KANBAN_PORT": ""}).port == 8000


@pytest.mark.parametrize(
    ("flags", "environ", "named"),
    [
        (["--port", "http"], {}, "--port"),
        (["--port", "70000"], {}, "--port"),
        (["--port", "-1"], {}, "--port"),
        (["--log-level", "loud"], {}, "--log-level"),
        (["--host", " "], {}, "--host"),
        ([], {"AGENT_KANBAN_PORT": "8000x"}, "AGENT_KANBAN_PORT"),
        ([], {"AGENT_KANBAN_OPEN": "maybe"}, "AGENT_KANBAN_OPEN"),
        (["--prot", "1"], {}, "--prot"),
        (["--port"], {}, "--port"),
        (["surplus"], {}, "surplus"),
    ],
)
def test_a_malformed_setting_is_named_in_one_line(flags, environ, named):
    with pytest.raises(InvalidSetting, match=named) as refusal:
        load(flags, environ)

    assert "\n" not in str(refusal.value)


def test_help_lists_every_setting_with_its_default(capsys):
    with pytest.raises(SystemExit, match="0"):
        load(["--help"], {})

    shown = " ".join(capsys.readouterr().out.split())
    for name, field in Settings.model_fields.items():
        assert f"--{name.replace('_', '-')}" in shown
        assert field.description
        assert field.description in shown
    assert "[8000]" in shown
    assert "AGENT_KANBAN_LOG_LEVEL" in shown
