"""Settings from the environment, frozen, asked for per door.

A door calls the function of its name; what is missing or wrong stops that door with one sentence
per fault that says which setting and how to give it. Secrets may come from a file: NAME_FILE.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import urlsplit

TRAINING, PRODUCTION = "training", "production"
TRAINING_SECRET = "training-only-not-a-secret"

Environment = Mapping[str, str]


class SettingsError(Exception):
    """One sentence per fault, for the person who starts the door."""

    def __init__(self, faults: list[str]):
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True)
class Twilio:
    """Access to Twilio; absent as a whole when there is no token."""

    account_sid: str
    auth_token: str
    sender: str
    api_url: str | None


@dataclass(frozen=True)
class Common:
    """What every door that touches the database needs."""

    mode: str
    database_url: str


@dataclass(frozen=True)
class Ringing(Common):
    """A door that also rings for workers."""

    redis_url: str


@dataclass(frozen=True)
class Panel(Ringing):
    """The web panel, its webhooks and API."""

    secret_key: str
    public_url: str
    port: int
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...]
    twilio: Twilio | None


@dataclass(frozen=True)
class Iclock(Ringing):
    """The listener for terminals that push."""

    port: int
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...]


@dataclass(frozen=True)
class Worker(Ringing):
    """RQ workers and the scheduler."""

    public_url: str
    twilio: Twilio | None


@dataclass(frozen=True)
class Modem(Ringing):
    """The modem process."""

    gammu_config: Path


def command(environ: Environment = os.environ) -> Ringing:
    """Settings of the `flask` commands; without REDIS_URL the sweep finds what is not rung."""
    ask = _Asking(environ)
    settings = Ringing(ask.mode(), ask.database_url(), environ.get("REDIS_URL", ""))
    ask.stop_on_faults()
    return settings


def panel(environ: Environment = os.environ) -> Panel:
    """Settings of the web panel."""
    ask = _Asking(environ)
    mode = ask.mode()
    settings = Panel(
        mode,
        ask.database_url(),
        ask.redis_url(),
        ask.secret_key(mode),
        ask.public_url(),
        ask.port("PORT", 8000),
        ask.networks("HADIR_TRUSTED_PROXIES"),
        ask.twilio(mode),
    )
    ask.stop_on_faults()
    return settings


def iclock(environ: Environment = os.environ) -> Iclock:
    """Settings of the terminals' listener."""
    ask = _Asking(environ)
    settings = Iclock(
        ask.mode(),
        ask.database_url(),
        ask.redis_url(),
        ask.port("HADIR_ICLOCK_PORT", 8001),
        ask.networks("HADIR_TRUSTED_PROXIES"),
    )
    ask.stop_on_faults()
    return settings


def worker(environ: Environment = os.environ) -> Worker:
    """Settings of RQ workers and the scheduler."""
    ask = _Asking(environ)
    mode = ask.mode()
    twilio = ask.twilio(mode)
    settings = Worker(
        mode,
        ask.database_url(),
        ask.redis_url(),
        ask.public_url() if twilio else environ.get("HADIR_PUBLIC_URL", ""),
        twilio,
    )
    ask.stop_on_faults()
    return settings


def modem(environ: Environment = os.environ) -> Modem:
    """Settings of the modem process."""
    ask = _Asking(environ)
    mode = ask.mode()
    settings = Modem(mode, ask.database_url(), ask.redis_url(), ask.gammu_config(mode))
    ask.stop_on_faults()
    return settings


class _Asking:
    """Collects the faults of one door, so that all are told at once."""

    def __init__(self, environ: Environment):
        self.environ = environ
        self.faults: list[str] = []

    def stop_on_faults(self) -> None:
        if self.faults:
            raise SettingsError(self.faults)

    def _required(self, name: str, how: str) -> str:
        value = self.secret(name)
        if not value:
            self.faults.append(f"{name} is missing. {how}")
        return value

    def secret(self, name: str) -> str:
        """The value of `name`, or the content of the file that NAME_FILE names."""
        path = self.environ.get(f"{name}_FILE")
        if not path or name in self.environ:
            return self.environ.get(name, "").strip()
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            self.faults.append(f"{name}_FILE names {path}, which cannot be read: {error.strerror}.")
            return ""

    def mode(self) -> str:
        value = self.environ.get("HADIR_MODE", "")
        if value not in (TRAINING, PRODUCTION):
            said = f"is {value!r}" if value else "is missing"
            self.faults.append(
                f"HADIR_MODE {said}. Set it to 'training' or 'production'; there is no default."
            )
        return value

    def database_url(self) -> str:
        value = self._required(
            "DATABASE_URL",
            "Give sqlite:////var/lib/hadir/hadir.db or postgresql://user:password@host/hadir.",
        )
        if value and urlsplit(value).scheme.split("+")[0] not in (
            "sqlite",
            "postgres",
            "postgresql",
        ):
            self.faults.append(
                f"DATABASE_URL starts with {value.split(':')[0]!r}; only sqlite and postgresql "
                "are served."
            )
        return value

    def redis_url(self) -> str:
        value = self._required("REDIS_URL", "Give redis://127.0.0.1:6379/0 or unix:///path.sock.")
        if value and urlsplit(value).scheme not in ("redis", "rediss", "unix"):
            self.faults.append("REDIS_URL must start with redis://, rediss:// or unix://.")
        return value

    def secret_key(self, mode: str) -> str:
        value = self._required(
            "SECRET_KEY",
            "Make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'.",
        )
        if mode == PRODUCTION and value and (value == TRAINING_SECRET or len(value) < 32):
            self.faults.append(
                "SECRET_KEY is the training one or shorter than 32 characters; production needs "
                "its own: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'."
            )
        return value

    def public_url(self) -> str:
        value = self._required(
            "HADIR_PUBLIC_URL",
            "Give the address under which people and Twilio reach the panel, https://hadir.go.id.",
        ).rstrip("/")
        if value and urlsplit(value).scheme not in ("http", "https"):
            self.faults.append("HADIR_PUBLIC_URL must start with https:// (or http:// inside).")
        return value

    def port(self, name: str, default: int) -> int:
        text = self.environ.get(name, "") or str(default)
        if not text.isdigit() or not 0 < int(text) < 65536:
            self.faults.append(f"{name} is {text!r}; give a port between 1 and 65535.")
            return default
        return int(text)

    def networks(self, name: str) -> tuple[IPv4Network | IPv6Network, ...]:
        found = []
        for text in self.environ.get(name, "").replace(",", " ").split():
            try:
                found.append(ip_network(text, strict=False))
            except ValueError:
                self.faults.append(f"{name} holds {text!r}; give addresses like 10.0.0.0/8.")
        return tuple(found)

    def twilio(self, mode: str) -> Twilio | None:
        token = self.secret("TWILIO_AUTH_TOKEN")
        if not token:
            return None
        sid = self._required("TWILIO_ACCOUNT_SID", "It stands beside the token in the console.")
        sender = self._required("TWILIO_FROM", "Give the registered sender or number.")
        api_url = self.environ.get("TWILIO_API_URL") or None
        if api_url and mode == PRODUCTION and not api_url.startswith("https://"):
            self.faults.append("TWILIO_API_URL must start with https:// in production.")
        return Twilio(sid, token, sender, api_url)

    def gammu_config(self, mode: str) -> Path:
        value = self._required(
            "GAMMU_CONFIG", "Name a gammurc file with one section per modem; see docs/deploy.md."
        )
        path = Path(value)
        if not value:
            return path
        if not path.is_file():
            self.faults.append(f"GAMMU_CONFIG names {value}, which is not a file.")
        elif mode == PRODUCTION and _devices_are_simulated(path):
            self.faults.append(
                "GAMMU_CONFIG names a pty or the dummy driver; production takes real modems only."
            )
        return path


def _devices_are_simulated(gammurc: Path) -> bool:
    for line in gammurc.read_text(encoding="utf-8").splitlines():
        key, _, value = (part.strip() for part in line.partition("="))
        if key.lower() == "model" and value.lower() == "dummy":
            return True
        if key.lower() in ("device", "port") and Path(value).resolve().is_relative_to("/dev/pts"):
            return True
    return False
