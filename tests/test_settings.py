"""Settings: what each variable does, and what is said about a wrong one."""

import stat
from collections.abc import Mapping
from pathlib import Path

import pytest

import settings
from settings import Settings, SettingsFault

CARRIER = {
    "TWILIO_ACCOUNT_SID": "AC" + "1" * 32,
    "TWILIO_AUTH_TOKEN": "carrier-token",
    "TWILIO_FROM_NUMBER": "+14155550123",
    "MIDWATCH_PUBLIC_URL": "https://pager.example.com",
}

SLACK = {
    "SLACK_BOT_TOKEN": "xoxb-of-the-workspace",
    "SLACK_SIGNING_SECRET": "signed-by-slack",
    "MIDWATCH_PUBLIC_URL": "https://pager.example.com",
}


def test_a_real_carrier_that_could_not_reach_us_is_a_fault(tmp_path: Path) -> None:
    environ = CARRIER | {"MIDWATCH_DATA_DIR": str(tmp_path)}
    del environ["MIDWATCH_PUBLIC_URL"]
    assert list(faults(environ)) == ["MIDWATCH_PUBLIC_URL"]
    assert settings.load(environ | {"TWILIO_API_URL": "http://127.0.0.1:9"}).public_url


def load(data_dir: Path, **environ: str) -> Settings:
    return settings.load({"MIDWATCH_DATA_DIR": str(data_dir), **environ})


def faults(environ: Mapping[str, str]) -> dict[str, str]:
    with pytest.raises(SettingsFault) as raised:
        settings.load(environ)
    return {fault.variable: str(fault) for fault in raised.value.faults}


def test_with_nothing_given_everything_runs_here_with_simulated_phones(tmp_path: Path) -> None:
    loaded = load(tmp_path)
    assert loaded.api_port == 8500
    assert loaded.simulator_url == "http://127.0.0.1:8600"
    assert loaded.twilio_api_url == loaded.simulator_url
    assert loaded.public_url == "http://127.0.0.1:8500"
    assert loaded.phone_calls_per_second == 1.0
    assert loaded.database_url.get_secret_value() == f"sqlite:///{tmp_path}/midwatch.db"
    assert loaded.config_path == settings.EXAMPLE_CONFIG
    assert loaded.twilio_account_sid.startswith("AC")
    assert len(loaded.twilio_account_sid) == 34
    assert not loaded.temporal_external


def test_the_process_environment_does_not_leak_into_one_that_is_handed_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MIDWATCH_API_PORT", "1234")
    assert load(tmp_path).api_port == 8500
    monkeypatch.setenv("MIDWATCH_DATA_DIR", str(tmp_path))
    assert settings.load().api_port == 1234


def test_a_minted_token_is_kept_readable_by_its_owner_alone(tmp_path: Path) -> None:
    first, second = load(tmp_path), load(tmp_path)
    assert first.api_token.get_secret_value() == second.api_token.get_secret_value() != ""
    assert first.twilio_auth_token == second.twilio_auth_token
    assert first.api_token_file == tmp_path / "api-token"
    assert stat.S_IMODE(first.api_token_file.stat().st_mode) == 0o600


def test_no_secret_shows_when_settings_are_printed(tmp_path: Path) -> None:
    loaded = load(tmp_path, TEMPORAL_API_KEY="key-of-the-cloud")
    printed = repr(loaded) + str(loaded)
    assert loaded.api_token.get_secret_value() not in printed
    assert loaded.twilio_auth_token.get_secret_value() not in printed
    assert loaded.slack_bot_token
    assert loaded.slack_bot_token.get_secret_value() not in printed
    assert "key-of-the-cloud" not in printed


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("MIDWATCH_API_PORT", "eighty", "valid integer"),
        ("MIDWATCH_API_PORT", "0", "greater than or equal to 1"),
        ("MIDWATCH_API_PORT", "65536", "65535"),
        ("MIDWATCH_SIMULATOR_PORT", "-1", "greater than or equal to 0"),
        ("MIDWATCH_PHONE_CALLS_PER_SECOND", "0", "above 0"),
        ("MIDWATCH_PHONE_CALLS_PER_SECOND", "inf", "finite"),
        ("MIDWATCH_PUBLIC_URL", "ftp://example.org", "http"),
        ("MIDWATCH_DATABASE_URL", "nonsense", "not a database URL"),
        ("MIDWATCH_DATABASE_URL", "mysql://u:hunter2@h/d", "mysql is not supported"),
        ("TWILIO_FROM_NUMBER", "4155550123", "country code"),
        ("TWILIO_FROM_NUMBER", "+1 (415) 555-0123", "E.164"),
        ("TWILIO_FROM_NUMBER", "+1415", "E.164"),
        ("TWILIO_API_URL", "api.example.org", "http"),
        ("SLACK_API_URL", "slack.example.org", "http"),
    ],
)
def test_a_wrong_value_is_a_fault_that_names_the_variable(
    tmp_path: Path, variable: str, value: str, said: str
) -> None:
    found = faults({"MIDWATCH_DATA_DIR": str(tmp_path), **CARRIER, **SLACK, variable: value})
    assert list(found) == [variable]
    assert said in found[variable]
    assert "hunter2" not in found[variable]


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.touch()
    found = faults(
        {
            "MIDWATCH_DATA_DIR": str(in_the_way / "data"),
            "MIDWATCH_API_PORT": "x",
            "MIDWATCH_SIMULATOR_PORT": "0",
            "MIDWATCH_DATABASE_URL": "x",
            "TWILIO_FROM_NUMBER": "x",
            "TWILIO_AUTH_TOKEN_FILE": str(tmp_path / "absent"),
        }
    )
    assert set(found) == {
        "MIDWATCH_DATA_DIR",
        "MIDWATCH_API_PORT",
        "MIDWATCH_DATABASE_URL",
        "TWILIO_FROM_NUMBER",
        "TWILIO_AUTH_TOKEN_FILE",
        "TWILIO_ACCOUNT_SID",
    }


@pytest.mark.parametrize(
    "variable",
    [
        "MIDWATCH_API_TOKEN",
        "MIDWATCH_DATABASE_URL",
        "TWILIO_ACCOUNT_SID",
        "TWILIO_AUTH_TOKEN",
        "SLACK_BOT_TOKEN",
        "SLACK_SIGNING_SECRET",
    ],
)
def test_a_secret_may_be_a_file(tmp_path: Path, variable: str) -> None:
    value = "sqlite:////tmp/x.db" if variable == "MIDWATCH_DATABASE_URL" else "from-a-file"
    file = tmp_path / "secret"
    file.write_text(value + "\n")
    environ = {"MIDWATCH_DATA_DIR": str(tmp_path / "data"), **CARRIER, **SLACK, f"{variable}_FILE": str(file)}
    environ.pop(variable, None)
    assert settings.load(environ).environment()[variable] == value

    given_twice = faults({**environ, variable: value})
    assert list(given_twice) == [variable]
    assert "given twice" in given_twice[variable]

    file.write_text("\n")
    assert "is empty" in faults(environ)[f"{variable}_FILE"]
    file.unlink()
    assert "No such file" in faults(environ)[f"{variable}_FILE"]


@pytest.mark.parametrize("off", ["0", ""])
def test_without_simulator_and_carrier_nobody_could_be_phoned(tmp_path: Path, off: str) -> None:
    found = faults({"MIDWATCH_DATA_DIR": str(tmp_path), "MIDWATCH_SIMULATOR_PORT": off})
    assert list(found) == ["MIDWATCH_SIMULATOR_PORT"]
    named = [name for name in CARRIER if name.startswith("TWILIO_")]
    assert all(name in found["MIDWATCH_SIMULATOR_PORT"] for name in named)


def test_a_named_carrier_means_no_simulator(tmp_path: Path) -> None:
    loaded = load(tmp_path, **CARRIER)
    assert loaded.simulator_port is None
    assert loaded.twilio_api_url is None
    assert "TWILIO_API_URL" not in loaded.environment()


@pytest.mark.parametrize("missing", list(CARRIER))
def test_half_a_carrier_is_a_fault_and_never_simulated(tmp_path: Path, missing: str) -> None:
    half = {name: value for name, value in CARRIER.items() if name != missing}
    assert list(faults({"MIDWATCH_DATA_DIR": str(tmp_path), **half})) == [missing]


def test_a_simulator_that_is_asked_for_answers_to_the_given_credentials(tmp_path: Path) -> None:
    loaded = load(tmp_path, **CARRIER, MIDWATCH_SIMULATOR_PORT="8601")
    assert loaded.twilio_api_url == "http://127.0.0.1:8601"
    assert loaded.twilio_account_sid == CARRIER["TWILIO_ACCOUNT_SID"]


def test_a_child_process_loads_what_its_parent_resolved(tmp_path: Path) -> None:
    parent = load(tmp_path, TEMPORAL_ADDRESS="temporal.example:7233", TEMPORAL_NAMESPACE="night")
    child = settings.load(parent.environment())
    assert child.environment() == parent.environment()
    assert child.temporal_external
    assert child.environment()["TEMPORAL_NAMESPACE"] == "night"


def test_a_child_keeps_path_but_not_what_was_meant_for_the_parent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/somewhere")
    monkeypatch.setenv("MIDWATCH_API_TOKEN_FILE", "/run/secrets/token")
    monkeypatch.setenv("TEMPORAL_API_KEY", "of another server")
    monkeypatch.setenv("SLACK_BOT_TOKEN_FILE", "/run/secrets/slack")
    environment = load(tmp_path).environment()
    assert environment["PATH"] == "/somewhere"
    assert "MIDWATCH_API_TOKEN_FILE" not in environment
    assert "SLACK_BOT_TOKEN_FILE" not in environment
    assert "TEMPORAL_API_KEY" not in environment


def test_postgresql_is_reached_by_the_driver_we_ship(tmp_path: Path) -> None:
    loaded = load(tmp_path, MIDWATCH_DATABASE_URL="postgresql://midwatch:p%40ss@db/midwatch")
    assert loaded.database_url.get_secret_value() == "postgresql+psycopg://midwatch:p%40ss@db/midwatch"


def test_a_public_address_loses_its_last_slash(tmp_path: Path) -> None:
    assert load(tmp_path, MIDWATCH_PUBLIC_URL="https://pager.example/").public_url == "https://pager.example"


def test_a_drill_has_its_own_data_and_never_a_real_carrier(tmp_path: Path) -> None:
    operator = {
        "MIDWATCH_DATA_DIR": str(tmp_path),
        "MIDWATCH_DATABASE_URL": "postgresql://db/real",
        "MIDWATCH_API_PORT": "8511",
        "MIDWATCH_SIMULATOR_PORT": "0",
        "TEMPORAL_ADDRESS": "temporal.example:7233",
        **CARRIER,
        **SLACK,
    }
    loaded = settings.load(settings.drill_environment(operator))
    assert loaded.data_dir == tmp_path / "drill"
    assert loaded.config_path == tmp_path / "drill" / "midwatch.yaml"
    assert loaded.database_url.get_secret_value() == f"sqlite:///{tmp_path}/drill/midwatch.db"
    assert loaded.twilio_api_url == loaded.simulator_url is not None
    assert loaded.twilio_account_sid != CARRIER["TWILIO_ACCOUNT_SID"]
    assert loaded.slack_api_url == f"{loaded.simulator_url}/slack/api"
    assert loaded.slack_bot_token
    assert loaded.slack_bot_token.get_secret_value() != SLACK["SLACK_BOT_TOKEN"]
    assert loaded.api_port == 8511
    assert loaded.temporal_external


def test_with_nothing_given_the_simulator_plays_slack_with_credentials_that_are_kept(tmp_path: Path) -> None:
    first, second = load(tmp_path), load(tmp_path)
    assert first.slack_on
    assert first.slack_simulated
    assert first.slack_api_url == "http://127.0.0.1:8600/slack/api"
    assert first.slack_bot_token == second.slack_bot_token
    assert first.slack_signing_secret == second.slack_signing_secret
    moved = first.model_copy(update={"simulator_port": 8777})
    assert moved.slack_api_url == "http://127.0.0.1:8777/slack/api"


def test_a_given_slack_is_not_simulated_while_the_phones_may_be(tmp_path: Path) -> None:
    loaded = load(tmp_path, **SLACK)
    assert loaded.slack_on
    assert not loaded.slack_simulated
    assert loaded.slack_api_url is None
    assert loaded.simulator_port
    assert "SLACK_API_URL" not in loaded.environment()


def test_without_simulator_and_slack_variables_slack_is_off(tmp_path: Path) -> None:
    loaded = load(tmp_path, **CARRIER)
    assert not loaded.slack_on
    assert not any(name.startswith("SLACK_") for name in loaded.environment())
    assert not settings.load(loaded.environment()).slack_on


@pytest.mark.parametrize("missing", list(SLACK))
def test_half_a_slack_is_a_fault_also_beside_a_simulator(tmp_path: Path, missing: str) -> None:
    half = {name: value for name, value in SLACK.items() if name != missing}
    assert list(faults({"MIDWATCH_DATA_DIR": str(tmp_path), **half})) == [missing]


def test_an_address_alone_is_half_a_slack(tmp_path: Path) -> None:
    found = faults({"MIDWATCH_DATA_DIR": str(tmp_path), "SLACK_API_URL": "http://127.0.0.1:9"})
    assert set(found) == {"SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"}


def test_a_slack_elsewhere_on_this_network_needs_no_public_address(tmp_path: Path) -> None:
    named = {name: value for name, value in SLACK.items() if name.startswith("SLACK_")}
    loaded = load(tmp_path, **named, SLACK_API_URL="http://simulator:8600/slack/api/")
    assert loaded.slack_api_url == "http://simulator:8600/slack/api"


def test_a_missing_public_address_is_told_once_for_carrier_and_slack(tmp_path: Path) -> None:
    environ = {"MIDWATCH_DATA_DIR": str(tmp_path), **CARRIER, **SLACK}
    del environ["MIDWATCH_PUBLIC_URL"]
    with pytest.raises(SettingsFault) as raised:
        settings.load(environ)
    assert [fault.variable for fault in raised.value.faults] == ["MIDWATCH_PUBLIC_URL"]
