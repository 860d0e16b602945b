"""What push terminals say and what they are told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices import iclock
from devices.errors import TerminalError
from devices.records import PunchRecord


def options_of(answer: str) -> dict[str, str]:
    return dict(line.split("=", 1) for line in answer.splitlines()[1:])


@pytest.mark.parametrize(
    ("minutes", "told"), [(420, "7"), (480, "8"), (540, "9"), (330, "330"), (-210, "-210")]
)
def test_a_terminal_is_told_the_zone_of_its_own_site(minutes: int, told: str) -> None:
    """Whole hours as hours, half ones as minutes; the wrong form moves its clock."""
    answer = iclock.handshake_answer("BLJ77001", utc_offset_minutes=minutes)
    assert answer.startswith("GET OPTION FROM: BLJ77001\n")
    assert options_of(answer)["TimeZone"] == told


def test_no_templates_and_no_photographs_are_asked_for() -> None:
    flags = options_of(iclock.handshake_answer("BLJ77001", utc_offset_minutes=480))["TransFlag"]
    assert flags == "TransData AttLog\tOpLog"


def test_stamps_let_a_terminal_go_on_from_its_own_pointer() -> None:
    usual = options_of(iclock.handshake_answer("BLJ77001", utc_offset_minutes=480))
    repair = options_of(
        iclock.handshake_answer("BLJ77001", utc_offset_minutes=480, send_all_again=True)
    )
    assert (usual["ATTLOGStamp"], repair["ATTLOGStamp"]) == ("None", "0")


@pytest.mark.parametrize(
    ("theirs", "used"),
    [("2.2.14", "2.2.14"), ("2.4.1", "2.4.1"), ("3.1.2", "2.4.1"), ("2.10.0", "2.4.1"),
     ("2.3", "2.3"), ("", "2.2.14"), ("2.4\nX: y", "2.2.14")],
)  # fmt: skip
def test_the_lower_push_version_is_used(theirs: str, used: str) -> None:
    answer = iclock.handshake_answer("BLJ77001", utc_offset_minutes=480, push_version=theirs)
    assert options_of(answer)["PushProtVer"] == used


def test_terminals_do_not_all_come_back_at_once() -> None:
    delays = [iclock.error_delay_s(f"BLJ77{number:03d}") for number in range(200)]
    assert (min(delays), max(delays)) >= (30, 80)
    assert max(delays) <= 90
    assert len(set(delays)) > 40
    assert iclock.error_delay_s("BLJ77001") == delays[1]


@pytest.mark.parametrize("serial", ["", "A", "x" * 41, "../etc", "A B", "A\nB", "1;2"])
def test_what_cannot_be_a_serial_is_not_answered(serial: str) -> None:
    assert not iclock.is_serial(serial)
    with pytest.raises(TerminalError):
        iclock.handshake_answer(serial, utc_offset_minutes=480)


def test_a_batch_of_punches_is_read_key_first_and_verification_second() -> None:
    body = (
        b"101\t2026-11-20 07:31:05\t0\t1\t0\t0\t0\n"
        b"00012\t2026-11-20 07:32:00\t255\t15\t0\t0\t0\r\n"
        b"7 2026-11-20 07:33:00 1 4 0 0 0\n"
        b"8\t2026-11-20 07:34:00\n"
    )
    assert iclock.parse_attlog(body) == (
        [
            PunchRecord("101", "2026-11-20 07:31:05", 1, 0, 1),
            PunchRecord("00012", "2026-11-20 07:32:00", 15, 255, 2),
            PunchRecord("7", "2026-11-20 07:33:00", 4, 1, 3),
            PunchRecord("8", "2026-11-20 07:34:00", 255, 255, 4),
        ],
        [],
    )


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"101\t2026-11-20 07:3", "unreadable_line"),
        (b"101", "unreadable_line"),
        (b"<html>502 Bad Gateway</html>", "unreadable_line"),
        (b"\t2026-11-20 07:31:05\t0\t1", "empty_pin"),
        (b"101\t2026-02-31 07:31:05\t0\t1", "impossible_date"),
        (b"101\t2026-11-20 24:00:00\t0\t1", "impossible_date"),
        (b"101\t2000-01-01 00:00:05\t0\t1", "year_out_of_range"),
        (b"101\t2026-11-20 07:31:05\tx\t1", "bad_column"),
        (b"101\t2026-11-20 07:31:05\t0\t999", "bad_column"),
    ],
)
def test_a_bad_line_is_quarantined_and_the_rest_goes_on(line: bytes, reason: str) -> None:
    body = b"7\t2026-11-20 07:00:00\t0\t1\n" + line + b"\n8\t2026-11-20 07:01:00\t0\t1\n"
    parsed = iclock.parse_attlog(body)
    assert [record.pin for record in parsed.records] == ["7", "8"]
    (bad,) = parsed.quarantine
    assert (bad.place, bad.raw, bad.reason) == (2, line, reason)


@given(st.binary(max_size=300))
def test_no_body_is_an_exception_and_no_line_is_lost(body: bytes) -> None:
    parsed = iclock.parse_attlog(body)
    written = [line for line in body.splitlines() if line.strip(b" \t\0\x1a")]
    assert len(parsed.records) + len(parsed.quarantine) == len(written)
    iclock.parse_operlog(body)
    iclock.parse_options(body)
    iclock.parse_devicecmd(body)
    iclock.parse_info(body.decode("latin-1"))
    assert iclock.scrub("ATTLOG", body).dropped == 0


def test_a_hostile_line_is_only_a_line() -> None:
    assert len(iclock.parse_attlog(b" " * 2_000_000 + b"x").quarantine) == 1


def test_nothing_biometric_and_no_secret_survives_the_scrubbing() -> None:
    body = (
        b"USER PIN=101\tName=BUDI\tPri=0\tPasswd=1234\tCard=[9988]\tGrp=1\n"
        b"FP PIN=101\tFID=6\tSize=1404\tValid=1\tTMP=SklmUzIxAAA\n"
        b"FACE PIN=101\tFID=0\tSIZE=10\tVALID=1\tTMP=AAAA\n"
        b"BIODATA Pin=101\tNo=0\tTmp=AAAA\n"
        b"USERPIC PIN=101\tFileName=101.jpg\tContent=AAAA\n"
        b"OPLOG 4\t14\t2026-11-20 08:00:00\t0\t0\t0\t0\n"
    )
    scrubbed = iclock.scrub("OPERLOG", body)
    assert (scrubbed.lines, scrubbed.dropped) == (6, 4)
    assert scrubbed.body == (
        b"USER PIN=101\tName=BUDI\tPri=0\tPasswd=\tCard=\tGrp=1\n"
        b"OPLOG 4\t14\t2026-11-20 08:00:00\t0\t0\t0\t0"
    )
    assert iclock.scrub("ATTPHOTO", b"PIN=1.jpg\nsize=3\0AAA").body == b""


def test_a_temperature_is_nobodys_business() -> None:
    line = b"101\t2026-11-20 07:31:05\t0\t15\t0\t0\t0\t1\t37.9\t0\t28800\teyJmYWNlIjoi\n"
    assert iclock.scrub("ATTLOG", line).body == b"101\t2026-11-20 07:31:05\t0\t15\t0\t0\t0"


def test_users_and_operations_are_read_from_an_operlog() -> None:
    parsed = iclock.parse_operlog(
        b"USER PIN=101\tName=BUDI SANTOSO\tPri=14\tPasswd=\tCard=\tGrp=1\n"
        b"OPLOG 4\t14\t2026-11-20 08:00:00\t0\t0\n"
        b"USER Name=NOBODY\n"
        b"OPLOG x\n"
    )
    assert parsed.users == [("101", "BUDI SANTOSO", 14)]
    assert parsed.operations == [(4, "14", "2026-11-20 08:00:00", ("0", "0"))]
    assert parsed.unreadable == ["USER Name=NOBODY", "OPLOG x"]


def test_options_and_info_are_read() -> None:
    assert iclock.parse_options(b"FingerFunOn=1,FaceFunOn=0,~DeviceName=F19") == {
        "FingerFunOn": "1",
        "FaceFunOn": "0",
        "~DeviceName": "F19",
    }
    assert iclock.parse_info("Ver 8.0.4,12,24,3456,10.1.2.3,10") == ("Ver 8.0.4", 12, 3456)
    assert iclock.parse_info("Ver 8.0.4") == ("Ver 8.0.4", None, None)


def test_answers_to_commands_are_read_with_their_later_lines() -> None:
    results = iclock.parse_devicecmd(
        b"ID=7&Return=0&CMD=DATA\n"
        b"ID=8&Return=0&CMD=INFO\n~DeviceName=F19\nTransactionCount=3456\n"
        b"ID=9&Return=-1002&CMD=USER\n"
        b"ID=10&Return=0&CMD=VERIFY&AttlogSum=31\n"
    )
    assert results == [
        ("7", 0, "DATA", {}),
        ("8", 0, "INFO", {"~DeviceName": "F19", "TransactionCount": "3456"}),
        ("9", -1002, "USER", {}),
        ("10", 0, "VERIFY", {"AttlogSum": "31"}),
    ]


@pytest.mark.parametrize(
    "command",
    [
        iclock.INFO,
        iclock.CHECK,
        iclock.LOG,
        iclock.query_attlog("2026-11-01 00:00:00", "2026-11-02 00:00:00"),
        iclock.verify_sum("2026-11-01 00:00:00", "2026-11-02 00:00:00"),
        iclock.update_user("101", "BUDI SANTOSO, S.T."),
        iclock.delete_user("101"),
    ],
)
def test_the_short_list_of_commands_may_be_sent(command: str) -> None:
    assert iclock.command_line("42", command) == f"C:42:{command}\n"


@pytest.mark.parametrize(
    "command",
    [
        "CLEAR LOG",
        "CLEAR DATA",
        "SHELL reboot",
        "PutFile x\ty",
        "UPGRADE",
        "REBOOT",
        "SET OPTION IPAddress=1.2.3.4",
        "INFO\nC:43:CLEAR LOG",
        iclock.update_user("101", "BUDI\nC:43:CLEAR LOG"),
        iclock.update_user("101", "BUDI\tPri=14"),
        iclock.delete_user("1\tx"),
        iclock.query_attlog("2026-11-01", "2026-11-02"),
    ],
)
def test_nothing_else_is_ever_sent_to_a_terminal(command: str) -> None:
    with pytest.raises(TerminalError, match="never told"):
        iclock.command_line("42", command)


def test_a_command_id_that_terminals_cut_off_is_refused() -> None:
    with pytest.raises(TerminalError, match="command ID"):
        iclock.command_line("1" * 17, iclock.INFO)
