"""The listener over a real socket: committed before OK, each punch once, nothing bad ever a 5xx."""

from __future__ import annotations

import http.client
import socket
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, urlsplit

import pytest
from sqlalchemy import select

from domain.access import system
from services import reconcile, terminals
from simulators.iclock_terminal import IclockTerminal, PushFaults
from store.db import Database
from store.log import LogEntry
from store.punches import QuarantinedRow, RawRead, Terminal, TerminalContact
from store.terminal_care import TerminalCommand
from tests.cast import build_cast
from tests.push_room import id_of, listening, pushing, truth_of
from tests.servers import wait_for
from tests.services.terminal_room import contacts, count_of, now, row_of, stored

FEW_MINUTES_AGO = timedelta(minutes=5)


def call(
    address: str,
    method: str,
    path: str,
    body: bytes | None = None,
    headers: dict[str, str] | None = None,
) -> tuple[int, str]:
    server = urlsplit(address)
    connection = http.client.HTTPConnection(server.hostname or "", server.port, timeout=30)
    connection.request(method, f"/iclock/{path}", body, headers or {})
    response = connection.getresponse()
    answer = response.status, response.read().decode()
    connection.close()
    return answer


def test_a_finger_on_a_pushing_terminal_is_a_punch_of_its_person(db: Database) -> None:
    build_cast(db)
    with listening(db) as address:
        terminal = pushing(db, address)
        for pin in ("101", "102"):
            terminal.punch(pin)
        assert terminal.step()
        assert stored(db, id_of(db)) == truth_of(terminal)
    assert terminal.options["TimeZone"] == "8"
    assert abs(terminal.clock_offset) < timedelta(seconds=3)


@pytest.mark.parametrize(
    ("fault", "value"), [("lost_replies", 3), ("doubled", True), ("cut_body", 2)]
)
def test_lost_answers_doubled_batches_and_cut_bodies_leave_each_punch_once(
    db: Database, fault: str, value: object
) -> None:
    build_cast(db)
    with listening(db) as address:
        terminal = pushing(db, address)
        for minute in range(30):
            terminal.punch("101", terminal.now() - timedelta(minutes=minute))
        setattr(terminal.faults, fault, value)
        for _ in range(6):
            terminal.step()
        assert terminal.acknowledged == 30
        assert stored(db, id_of(db)) == truth_of(terminal)


def test_an_unknown_serial_is_refused_and_waits_for_approval(sqlite_db: Database) -> None:
    build_cast(sqlite_db)
    with listening(sqlite_db) as address:
        status, _ = call(address, "GET", "cdata?SN=NOBODY01&options=all")
        assert status == 403
        line = b"101\t2026-11-24 07:21:05\t255\t1\n"
        assert call(address, "POST", "cdata?SN=NOBODY01&table=ATTLOG", line)[0] == 403
        assert call(address, "GET", "registry?SN=NOBODY01")[0] == 403
        assert call(address, "GET", "cdata?SN=%27+OR+1")[0] == 403
        with sqlite_db.read() as session:
            (stranger,) = terminals.waiting_for_approval(session, now())
        assert (stranger.serial, stranger.address) == ("NOBODY01", "127.0.0.1")
        terminals.approve(sqlite_db, now(), system("test"), "NOBODY01", "UPT1-BARU", "UPT1")
        assert call(address, "POST", "cdata?SN=NOBODY01&table=ATTLOG", line) == (200, "OK: 1")
    assert count_of(sqlite_db, RawRead) == 1


def test_a_flood_of_strangers_is_written_down_only_so_often(sqlite_db: Database) -> None:
    build_cast(sqlite_db)
    with listening(sqlite_db) as address:
        for number in range(130):
            assert call(address, "GET", f"cdata?SN=FLOOD{number:04d}")[0] == 403
    assert count_of(sqlite_db, LogEntry) == 100


BAD_BODIES = {
    "not text at all": ("ATTLOG", bytes(range(256)) * 20),
    "a NUL in the ID": ("ATTLOG", b"10\x001\t2026-11-24 07:21:05\t255\t1\n"),
    "31 February": ("ATTLOG", b"101\t2026-02-31 07:21:05\t255\t1\n"),
    "the next century": ("ATTLOG", b"101\t2099-01-01 07:21:05\t255\t1\n"),
    "a number too large": ("ATTLOG", b"101\t2026-11-24 07:21:05\t99999999999999\t1\n"),
    "an endless ID": ("ATTLOG", b"1" * 5000 + b"\t2026-11-24 07:21:05\t255\t1\n"),
    "an ID of forty letters": ("ATTLOG", b"1" * 40 + b"\t2026-11-24 07:21:05\t255\t1\n"),
    "nothing": ("ATTLOG", b""),
    "half a line": ("ATTLOG", b"101\t2026-11-24 07:2"),
    "an operation log of rubbish": ("OPERLOG", b"OPLOG\tx\tNaN\n\xff\xfe USER PIN\n"),
    "options of rubbish": ("options", b"=,,=\x00,\xff"),
    "a table nobody knows": ("WHATEVER", b"x\n" * 10),
    "no table": ("", b"x\n"),
    "a picture": ("ATTPHOTO", b"PIN=1\nSN=1\nsize=3\nCMD=uploadphoto\x00\xff\xd8\xff"),
    "templates": ("BIODATA", b"BIODATA Pin=1\tNo=0\tTmp=QUJD\n"),
    "push 3.x events": ("rtlog", b"time=2026-11-24 07:21:05\tpin=101\tevent=0\n"),
}


@pytest.mark.parametrize("name", BAD_BODIES)
def test_bad_content_is_taken_and_never_a_server_error(db: Database, name: str) -> None:
    build_cast(db)
    table, body = BAD_BODIES[name]
    with listening(db) as address:
        pushing(db, address)
        status, answer = call(address, "POST", f"cdata?SN=PUSH0001&table={table}", body)
        assert status == 200
        assert answer.startswith("OK")
        good = b"101\t2026-11-24 07:21:05\t255\t1\n"
        assert call(address, "POST", "cdata?SN=PUSH0001&table=ATTLOG", good) == (200, "OK: 1")
    assert ("101", "2026-11-24 07:21:05") in stored(db, id_of(db))


@pytest.mark.parametrize(
    "path",
    [
        "getrequest?SN=PUSH0001&INFO=%00%00,%ff,9999999999999,888888888888888888,,",
        "getrequest?SN=PUSH0001&INFO=",
        "getrequest?SN=PUSH0001&INFO=" + "9" * 3000,
        "cdata?SN=PUSH0001&options=all&pushver=%00;DROP",
        "cdata?SN=PUSH0001&options=all&pushver=99999999999.9",
        "ping?SN=PUSH0001",
        "push?SN=PUSH0001",
        "some/path/of/3.x?SN=PUSH0001&x=%00",
    ],
)
def test_no_question_is_a_server_error(db: Database, path: str) -> None:
    build_cast(db)
    with listening(db) as address:
        pushing(db, address)
        assert call(address, "GET", path)[0] == 200
        assert call(address, "POST", path.replace("cdata", "devicecmd"), b"\xff\x00")[0] == 200


def test_templates_and_secrets_are_not_even_in_the_raw_bytes(sqlite_db: Database) -> None:
    build_cast(sqlite_db)
    body = (
        b"USER PIN=101\tName=BUDI\tPri=0\tPasswd=1234\tCard=998877\n"
        b"FP PIN=101\tFID=1\tSize=3\tValid=1\tTMP=U0VDUkVU\n"
        b"BIODATA Pin=101\tTmp=U0VDUkVU\n"
    )
    with listening(sqlite_db) as address:
        pushing(sqlite_db, address)
        assert call(address, "POST", "cdata?SN=PUSH0001&table=OPERLOG", body) == (200, "OK: 3")
        for table in ("BIODATA", "FP", "USERPIC", "ATTPHOTO"):
            call(address, "POST", f"cdata?SN=PUSH0001&table={table}", body)
    sqlite_db.engine.dispose()
    whole = open(sqlite_db.engine.url.database or "", "rb").read()  # noqa: SIM115
    assert b"U0VDUkVU" not in whole
    from store.punch_queries import payload_of

    with sqlite_db.read() as session:
        kept = b"".join(payload_of(read) for read in session.scalars(select(RawRead)))
    assert kept == b"USER PIN=101\tName=BUDI\tPri=0\tPasswd=\tCard="


def test_a_body_too_large_is_refused_and_the_terminal_tries_again(sqlite_db: Database) -> None:
    build_cast(sqlite_db)
    with listening(sqlite_db) as address:
        pushing(sqlite_db, address)
        server = urlsplit(address)
        with socket.create_connection((server.hostname, server.port or 80), timeout=30) as line:
            line.sendall(
                b"POST /iclock/cdata?SN=PUSH0001&table=ATTLOG HTTP/1.1\r\nHost: x\r\n"
                b"Content-Length: 99999999\r\n\r\n101\t2026"
            )
            assert b" 413 " in line.recv(4096)


def test_a_serial_pinned_to_its_site_is_refused_from_elsewhere(sqlite_db: Database) -> None:
    build_cast(sqlite_db)
    with listening(sqlite_db, trusted="127.0.0.1/32") as address:
        pushing(sqlite_db, address, networks="10.4.0.0/16, 36.80.1.2")
        ask = "getrequest?SN=PUSH0001"
        assert call(address, "GET", ask)[0] == 403  # from the loopback itself
        at_site = {"X-Forwarded-For": "10.4.7.7"}
        assert call(address, "GET", ask, headers=at_site) == (200, "OK")
        # the last proxy is ours and names whom it saw; what stands before it is hearsay
        hearsay = {"X-Forwarded-For": "10.4.7.7, 99.9.9.9"}
        assert call(address, "GET", ask, headers=hearsay)[0] == 403


def test_only_a_trusted_proxy_may_name_the_source(sqlite_db: Database) -> None:
    build_cast(sqlite_db)
    with listening(sqlite_db) as address:
        pushing(sqlite_db, address, networks="10.4.0.0/16")
        forged = {"X-Forwarded-For": "10.4.7.7"}
        assert call(address, "GET", "getrequest?SN=PUSH0001", headers=forged)[0] == 403


def test_two_addresses_for_one_serial_are_noticed_and_one_move_is_not(sqlite_db: Database) -> None:
    build_cast(sqlite_db)
    with listening(sqlite_db, trusted="127.0.0.1/32") as address:
        pushing(sqlite_db, address)
        for last in ("1", "1", "2", "2"):
            call(address, "GET", "ping?SN=PUSH0001", headers={"X-Forwarded-For": f"10.0.0.{last}"})
        assert _codes(sqlite_db) == []
        call(address, "GET", "ping?SN=PUSH0001", headers={"X-Forwarded-For": "10.0.0.1"})
    assert _codes(sqlite_db) == ["two_addresses"]


def _codes(db: Database) -> list[str | None]:
    return [contact.problem_code for contact in contacts(db, id_of(db))]


def test_too_many_calls_are_told_to_wait(sqlite_db: Database) -> None:
    build_cast(sqlite_db)
    with listening(sqlite_db) as address:
        server = urlsplit(address)
        connection = http.client.HTTPConnection(server.hostname or "", server.port, timeout=30)
        seen = set()
        for _ in range(1300):
            connection.request("GET", "/healthz")
            response = connection.getresponse()
            response.read()
            seen.add(response.status)
        connection.close()
    assert seen == {200, 429}


def test_sixty_three_terminals_come_back_at_once_after_hours_of_silence(db: Database) -> None:
    build_cast(db)
    fleet = [pushing(db, "http://127.0.0.1:1", serial=f"BACK{n:04d}") for n in range(63)]
    for number, terminal in enumerate(fleet):
        terminal.faults = PushFaults(lost_replies=number % 3, doubled=number % 5 == 0)
        for minute in range(8):
            terminal.punch(str(100 + minute), terminal.now() - timedelta(minutes=9 + minute))
        assert not terminal.step()  # nobody answers
    with listening(db) as address:
        for terminal in fleet:
            terminal.server = address

        def until_all_is_taken(terminal: IclockTerminal) -> None:
            wait_for(lambda: terminal.step() and terminal.acknowledged == 8, 120)

        with ThreadPoolExecutor(63) as at_once:
            list(at_once.map(until_all_is_taken, fleet))
    for terminal in fleet:
        assert stored(db, id_of(db, terminal.serial)) == truth_of(terminal)


# --- what a push proves ----------------------------------------------------------------------


def test_a_push_alone_proves_nothing_an_equal_count_everything(db: Database) -> None:
    build_cast(db)
    with listening(db) as address:
        terminal = pushing(db, address)
        terminal.punch("101")
        assert terminal.greet() and terminal.send_new()
        assert row_of(db, id_of(db)).complete_up_to is None
        terminal.poll()  # with INFO: one record
        proven = row_of(db, id_of(db)).complete_up_to
        assert proven is not None
        assert abs(proven - now()) < timedelta(seconds=30)


def test_a_count_that_differs_proves_nothing(db: Database) -> None:
    build_cast(db)
    with listening(db) as address:
        terminal = pushing(db, address)
        terminal.punch("101")
        terminal.acknowledged = 1  # lost on the way, and the terminal believes it was taken
        assert terminal.step()
    assert row_of(db, id_of(db)).complete_up_to is None


def test_a_row_typed_from_paper_does_not_make_up_for_a_lost_record(db: Database) -> None:
    build_cast(db)
    from services import imports

    with listening(db) as address:
        terminal = pushing(db, address)
        terminal.punch("101")
        terminal.acknowledged = 1
        table = b"NIP;Waktu;Sumber\n199001012015011001;2026-11-20 07:30:00;UPT1-PUSH0001\n"
        imports.import_csv(db, now(), system("test"), table, "daftar.csv")
        assert len(stored(db, id_of(db))) == 1
        assert terminal.step()
    assert row_of(db, id_of(db)).complete_up_to is None


def test_a_record_lost_on_the_way_is_found_by_the_sum_and_sent_again(db: Database) -> None:
    build_cast(db)
    with listening(db) as address:
        terminal = pushing(db, address)
        terminal.step()
        for pin in ("101", "102"):
            terminal.punch(pin, terminal.now() - FEW_MINUTES_AGO)
        terminal.acknowledged = 1  # the first never reached us
        assert reconcile.ask_due(db, now()) == 1
        assert reconcile.ask_due(db, now()) == 0  # not again at once
        for _ in range(4):
            terminal.step()
        assert stored(db, id_of(db)) == truth_of(terminal)
    assert [command.split(" Start")[0] for command in terminal.commands] == [
        "VERIFY SUM ATTLOG",
        "DATA QUERY ATTLOG",
        "VERIFY SUM ATTLOG",
    ]
    proven = row_of(db, id_of(db)).complete_up_to
    assert proven is not None and now() - proven < timedelta(minutes=1)


def test_a_fallen_count_proves_nothing_until_a_person_has_said_why(db: Database) -> None:
    build_cast(db)
    with listening(db) as address:
        terminal = pushing(db, address)
        for minute in range(3):
            terminal.punch("101", terminal.now() - timedelta(minutes=minute + 2))
        terminal.step()
        before = row_of(db, id_of(db)).complete_up_to
        assert before is not None
        terminal.records.clear()  # somebody with the menu key
        terminal.acknowledged = 0
        terminal.step()
        assert _codes(db)[-1] == "not_contiguous"
        _sum_is_asked_and_told(db, terminal)
        assert row_of(db, id_of(db)).complete_up_to == before
        terminals.confirm_clear(db, now(), system("test"), "UPT1-PUSH0001", "memori penuh")
        _sum_is_asked_and_told(db, terminal)
        after = row_of(db, id_of(db)).complete_up_to
        assert after is not None and after > before


def _sum_is_asked_and_told(db: Database, terminal: object) -> None:
    with db.begin() as tx:
        tx.get_one(Terminal, id_of(db)).next_pull_at = None
    reconcile.ask_due(db, now() + timedelta(seconds=1))
    terminal.step()  # type: ignore[attr-defined]
    terminal.step()  # type: ignore[attr-defined]


# --- commands --------------------------------------------------------------------------------


def test_an_answer_counts_only_for_the_terminal_and_the_question(sqlite_db: Database) -> None:
    build_cast(sqlite_db)
    with listening(sqlite_db) as address:
        pushing(sqlite_db, address)
        pushing(sqlite_db, address, serial="PUSH0002")
        with sqlite_db.begin() as tx:
            tx.get_one(Terminal, id_of(sqlite_db, "PUSH0002")).next_pull_at = now() + timedelta(1)
        reconcile.ask_due(sqlite_db, now())
        _, poll = call(address, "GET", "getrequest?SN=PUSH0001")
        wire_id = poll.split(":")[1]
        assert call(address, "GET", "getrequest?SN=PUSH0002") == (200, "OK")
        answer = f"ID={wire_id}&Return=0&CMD=VERIFY SUM&AttlogSum=0".encode()
        call(address, "POST", "devicecmd?SN=PUSH0002", answer)
        call(address, "POST", "devicecmd?SN=PUSH0001", answer.replace(wire_id.encode(), b"1"))
        assert _open(sqlite_db) == 1
        assert row_of(sqlite_db, id_of(sqlite_db)).complete_up_to is None
        call(address, "POST", "devicecmd?SN=PUSH0001", answer)
        call(address, "POST", "devicecmd?SN=PUSH0001", answer)
        assert _open(sqlite_db) == 0
        assert row_of(sqlite_db, id_of(sqlite_db)).complete_up_to is not None


def _open(db: Database) -> int:
    with db.read() as session:
        return len(
            session.scalars(
                select(TerminalCommand).where(TerminalCommand.answered_at.is_(None))
            ).all()
        )


def test_a_command_without_an_answer_comes_again_and_not_for_ever(sqlite_db: Database) -> None:
    from services import commands

    build_cast(sqlite_db)
    with listening(sqlite_db) as address:
        pushing(sqlite_db, address)
    terminal_id = id_of(sqlite_db)
    at = now()
    reconcile.ask_due(sqlite_db, at)
    told = [
        commands.answer_to_poll(sqlite_db, at + timedelta(minutes=minute), terminal_id)
        for minute in range(0, 90, 5)
    ]
    assert sum(lines.startswith("C:") for lines in told) == 5
    assert _open(sqlite_db) == 0


def test_a_terminal_that_was_retired_is_refused(sqlite_db: Database) -> None:
    build_cast(sqlite_db)
    with listening(sqlite_db) as address:
        pushing(sqlite_db, address)
        terminals.retire(sqlite_db, now(), system("test"), "UPT1-PUSH0001", "rusak")
        assert call(address, "GET", "getrequest?SN=PUSH0001")[0] == 403


def test_lines_in_quarantine_count_as_held(db: Database) -> None:
    build_cast(db)
    with listening(db) as address:
        terminal = pushing(db, address)
        terminal.punch("101")
        terminal.punch("102", datetime(2000, 1, 1, 7, 0))  # noqa: DTZ001 - a dead battery
        assert terminal.step()
    assert count_of(db, QuarantinedRow) == 1
    assert row_of(db, id_of(db)).complete_up_to is not None


def test_every_contact_that_brought_something_stands_in_the_ledger(sqlite_db: Database) -> None:
    build_cast(sqlite_db)
    with listening(sqlite_db) as address:
        terminal = pushing(sqlite_db, address)
        terminal.punch("101")
        assert terminal.step()
        for _ in range(5):
            terminal.step()
    found = contacts(sqlite_db, id_of(sqlite_db))
    assert [(each.source, each.new_punches) for each in found] == [("push", 1), ("push", None)]
    assert all(isinstance(each, TerminalContact) for each in found)


def test_the_zone_told_is_that_of_the_terminals_site(sqlite_db: Database) -> None:
    from store.people import Unit

    cast = build_cast(sqlite_db)
    with sqlite_db.begin() as tx:
        tx.get_one(Unit, cast.unit).time_zone = "Asia/Jayapura"
    with listening(sqlite_db) as address:
        pushing(sqlite_db, address)
        _, options = call(address, "GET", f"cdata?SN=PUSH0001&options=all&x={quote('ü')}")
    assert "TimeZone=9\n" in options
    assert datetime.now(UTC).tzinfo is UTC
