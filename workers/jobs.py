"""The RQ jobs: three lines each, ids only, quiet when there is nothing left to do."""

from __future__ import annotations

from functools import lru_cache

import config.settings as settings
from devices.zk_attlog import read_terminal
from services import (
    conversation,
    days,
    inbox,
    notices,
    pulls,
    punches,
    reconcile,
    sending,
    tickets,
    twilio_road,
    uncertain,
)
from services.roster import asking
from sms.twilio_gateway import TwilioGateway
from store import schedule_queries
from store.db import Database
from workers.doors import asked_settings, now, open_database, this_process


@lru_cache(maxsize=1)
def _asked() -> settings.Worker:
    return asked_settings(settings.worker)


@lru_cache(maxsize=1)
def _db() -> Database:
    return open_database(_asked())


def answer_inbound() -> int:
    """Answer the messages that wait."""
    return conversation.answer_waiting(_db(), now)


def note_end(job: str, problem: str | None) -> None:
    """Keep that a run of `job` ended, for the health page; `problem` when it failed."""
    with _db().begin() as tx:
        schedule_queries.finished(tx, job, now(), problem)


@lru_cache(maxsize=1)
def _twilio() -> TwilioGateway | None:
    twilio = _asked().twilio
    if twilio is None:
        return None
    return TwilioGateway(
        twilio.account_sid,
        twilio.auth_token,
        twilio.sender,
        status_url=f"{_asked().public_url}/sms/twilio/status",
        api_url=twilio.api_url,
    )


def send_by_twilio() -> int:
    """Send what leaves over Twilio, and look at once for what was lost on the way."""
    gateway = _twilio()
    if gateway is None:
        return 0
    count = twilio_road.send_waiting(_db(), now, gateway, this_process("twilio"))
    if count:
        twilio_road.look_up(_db(), now, gateway)
    return count


def look_up_lost() -> int:
    """Look in Twilio's list for messages whose answer was lost."""
    gateway = _twilio()
    return twilio_road.look_up(_db(), now, gateway) if gateway else 0


def take_in_missed() -> int:
    """Messages to our Twilio number that never reached the webhook."""
    gateway = _twilio()
    return twilio_road.take_in_missed(_db(), now, gateway) if gateway else 0


def settle_messages() -> None:
    """What time does to messages: parts that never came, senders that died, deadlines."""
    inbox.pass_on_stale_parts(_db(), now())
    sending.settle_forgotten(_db(), now())
    uncertain.repeat_due(_db(), now())


def expire_conversations() -> int:
    """Questions nobody answered end with a notice."""
    return conversation.expire(_db(), now())


def remind_deciders() -> int:
    """A second word to supervisors who have not answered."""
    return conversation.remind(_db(), now())


def pull_terminal(terminal_id: int) -> None:
    """Read one terminal."""
    pulls.pull(_db(), now, read_terminal, terminal_id)


def parse_reads() -> int:
    """Take in reads that were stored but not parsed."""
    return punches.parse_waiting(_db(), now())


def ask_terminals_for_sums() -> int:
    """Terminals that push are asked how many records they hold."""
    return reconcile.ask_due(_db(), now())


def watch_terminals() -> None:
    """Faults become tickets, tickets whose fault is gone close."""
    tickets.watch(_db(), now())


def derive_days() -> int:
    """Derive the days some new fact has touched."""
    return days.derive_dirty(_db(), now)


def mark_passing_time() -> int:
    """Days whose cut-off or close has passed are to be derived."""
    return days.mark_passing_time(_db(), now())


def raise_notices() -> None:
    """Questions, lists and alerts that are due."""
    notices.raise_due(_db(), now())


def ask_for_rosters() -> int:
    """Ward heads whose shift roster nobody published are asked for it."""
    return asking.ask_for_rosters(_db(), now())
