"""A missing or wrong setting stops its door with a sentence that says which and how."""

from pathlib import Path

import pytest

from config import settings

TRAINING = {
    "HADIR_MODE": "training",
    "DATABASE_URL": "sqlite:////tmp/x.db",
    "REDIS_URL": "redis://127.0.0.1:6379/0",
    "SECRET_KEY": settings.TRAINING_SECRET,
    "HADIR_PUBLIC_URL": "http://127.0.0.1:8000",
}
PRODUCTION = {**TRAINING, "HADIR_MODE": "production", "SECRET_KEY": "k" * 48}


def faults_of(environ: dict[str, str], door=settings.panel) -> str:
    with pytest.raises(settings.SettingsError) as stopped:
        door(environ)
    return str(stopped.value)


def test_training_starts_with_the_training_secret() -> None:
    assert settings.panel(TRAINING).port == 8000


def test_all_faults_are_told_at_once() -> None:
    said = faults_of({})
    for name in ("HADIR_MODE", "DATABASE_URL", "REDIS_URL", "SECRET_KEY", "HADIR_PUBLIC_URL"):
        assert f"{name} is missing" in said


def test_the_mode_has_no_default() -> None:
    assert "there is no default" in faults_of({**TRAINING, "HADIR_MODE": ""})


def test_production_refuses_the_training_secret() -> None:
    assert "SECRET_KEY" in faults_of({**PRODUCTION, "SECRET_KEY": settings.TRAINING_SECRET})
    assert settings.panel(PRODUCTION).mode == "production"


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "key"
    secret.write_text("s" * 40 + "\n")
    environ = {**PRODUCTION, "SECRET_KEY_FILE": str(secret)}
    del environ["SECRET_KEY"]
    assert settings.panel(environ).secret_key == "s" * 40


def test_a_secret_file_that_cannot_be_read_is_named() -> None:
    environ = {**PRODUCTION, "SECRET_KEY_FILE": "/nowhere/key"}
    del environ["SECRET_KEY"]
    assert "/nowhere/key" in faults_of(environ)


def test_twilio_is_absent_without_a_token_and_whole_with_one() -> None:
    assert settings.panel(TRAINING).twilio is None
    assert "TWILIO_FROM is missing" in faults_of({**TRAINING, "TWILIO_AUTH_TOKEN": "t"})


def test_production_refuses_modems_on_a_pty(tmp_path: Path) -> None:
    device = tmp_path / "modem"
    device.symlink_to("/dev/pts/0")
    gammurc = tmp_path / "gammurc"
    gammurc.write_text(f"[gammu]\nmodel = at\ndevice = {device}\n")
    environ = {**PRODUCTION, "GAMMU_CONFIG": str(gammurc)}
    assert "real modems only" in faults_of(environ, settings.modem)
    assert settings.modem({**TRAINING, "GAMMU_CONFIG": str(gammurc)}).gammu_config == gammurc


def test_a_port_that_is_none_is_named() -> None:
    assert "PORT is 'x'" in faults_of({**TRAINING, "PORT": "x"})


def test_a_command_needs_neither_redis_nor_a_secret() -> None:
    asked = settings.command({"HADIR_MODE": "training", "DATABASE_URL": "sqlite:////tmp/x.db"})
    assert asked.redis_url == ""
