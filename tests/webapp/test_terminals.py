"""The terminals' pages: who sees and does what, and that what was done stands in the database."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from services import tickets
from simulators.zk_terminal import ZkTerminal
from store.days import AttendanceDay
from store.db import Database
from store.log import LogEntry
from store.punches import Punch, QuarantinedRow, Terminal, TerminalContact, TerminalId
from store.terminal_care import ClockCorrection, TerminalOutage, TerminalTicket
from tests.webapp.conftest import LogIn
from tests.webapp.office import NOW, Office

STICK = b"7\t2026-11-20 07:21:05\t1\t0\t1\t0\n8\t2026-11-20 07:22:05\t1\t0\t1\t0\n"


def terminal_id(db: Database, name: str = "rsud-lobi") -> int:
    with db.read() as session:
        return session.scalars(select(Terminal.id).where(Terminal.name == name)).one()


def rows(db: Database, table: Any) -> list[Any]:
    with db.read() as session:
        return list(session.scalars(select(table)))


def test_a_terminals_page_shows_its_ledger_and_clock(log_in: LogIn, office_db: Database) -> None:
    igd = terminal_id(office_db, "rsud-igd")
    with office_db.begin() as tx:
        for day in range(5):
            tx.add(
                TerminalContact(
                    terminal_id=igd,
                    at=NOW - timedelta(days=day),
                    source="pull",
                    ok=True,
                    clock_offset=100 * day,
                )
            )
    page = log_in("tono").get(f"/terminals/{igd}").text
    assert "tidak menjawab dalam 10 detik" not in page  # codes become words of one language
    assert "<polyline points=" in page and 'class="chart-off"' in page
    assert "Langkah memasang mesin" in page


def test_a_terminal_of_another_unit_is_not_there(log_in: LogIn, office_db: Database) -> None:
    other = terminal_id(office_db, "disdik-1")
    client = log_in("dewi")
    assert client.get(f"/terminals/{other}").status_code == 404
    for act in ("report", "map", "call", "upload"):
        assert client.post(f"/terminals/{other}/{act}").status_code in (400, 404)
    assert "disdik-1" not in client.get("/terminals").text


def test_a_stick_is_uploaded_and_its_ids_mapped_on_the_page(
    log_in: LogIn, office_db: Database, hadir: Office
) -> None:
    lobby = terminal_id(office_db)
    client = log_in("dewi")
    answer = client.post(
        f"/terminals/{lobby}/upload", data={"file": (io.BytesIO(STICK), "1_attlog.dat")}
    )
    assert answer.status_code == 303
    page = client.get(f"/terminals/{lobby}").text
    assert "2 rekaman baru dari 2" in page
    assert "ID yang belum dikenal" in page
    wrong = client.post(f"/terminals/{lobby}/map", data={"pin": "7", "nip": "1"})
    assert wrong.status_code == 422 and "Tidak ada pegawai dengan NIP itu." in wrong.text
    client.post(f"/terminals/{lobby}/map", data={"pin": "7", "nip": "199003152015031001"})
    assert "1 rekaman menemukan pemiliknya" in client.get(f"/terminals/{lobby}").text
    owners = {punch.pin: punch.employee_id for punch in rows(office_db, Punch)}
    assert owners == {"7": hadir.person["budi"], "8": None}


def test_the_guards_id_is_named_on_the_page_and_taken_back(
    log_in: LogIn, office_db: Database
) -> None:
    lobby = terminal_id(office_db)
    dewi = log_in("dewi")
    dewi.post(f"/terminals/{lobby}/upload", data={"file": (io.BytesIO(STICK), "1_attlog.dat")})
    silent = dewi.post(f"/terminals/{lobby}/outsider", data={"pin": "8", "why": " "})
    assert silent.status_code == 422 and "Tuliskan alasannya." in silent.text
    dewi.post(f"/terminals/{lobby}/outsider", data={"pin": "8", "why": "satpam malam"})
    page = dewi.get(f"/terminals/{lobby}").text
    assert "ID 8 bukan pegawai; 1 rekamannya tidak lagi ditunggu." in page
    assert "ID yang bukan pegawai" in page and "satpam malam" in page
    again = dewi.post(f"/terminals/{lobby}/outsider", data={"pin": "8", "why": "satpam"})
    assert again.status_code == 422 and "tidak sedang menunggu pemilik" in again.text
    dewi.post(f"/terminals/{lobby}/outsider/back", data={"pin": "8"})
    assert "ID 8 menunggu pemiliknya lagi." in dewi.get(f"/terminals/{lobby}").text
    assert log_in("tono").post(f"/terminals/{lobby}/outsider", data={}).status_code == 403


def test_records_that_are_no_scan_are_set_aside_by_who_may(
    log_in: LogIn, office_db: Database
) -> None:
    lobby = terminal_id(office_db)
    garbled = b"7\t2026-02-31 07:21:05\t1\t0\t1\t0\n" + STICK
    dewi, tono = log_in("dewi"), log_in("tono")
    dewi.post(f"/terminals/{lobby}/upload", data={"file": (io.BytesIO(garbled), "1_attlog.dat")})
    assert "Kesampingkan" not in dewi.get(f"/terminals/{lobby}").text
    page = tono.get(f"/terminals/{lobby}").text
    assert "tanggal yang tidak ada" in page and "Kesampingkan" in page
    (row,) = rows(office_db, QuarantinedRow)
    form = {"reason": "impossible_date", "newest": row.id, "why": "kartu uji"}
    assert dewi.post(f"/terminals/{lobby}/set-aside", data=form).status_code == 403
    tono.post(f"/terminals/{lobby}/set-aside", data=form)
    assert "1 rekaman dikesampingkan" in tono.get(f"/terminals/{lobby}").text
    assert "Perlu dicocokkan" not in tono.get(f"/terminals/{lobby}").text


def test_the_owner_at_a_sibling_terminal_is_suggested(
    log_in: LogIn, office_db: Database, hadir: Office
) -> None:
    with office_db.begin() as tx:
        tx.add(
            TerminalId(
                terminal_id=terminal_id(office_db, "rsud-igd"),
                pin="8",
                employee_id=hadir.person["siti"],
                first_day=NOW.date() - timedelta(days=99),
            )
        )
    lobby = terminal_id(office_db)
    client = log_in("dewi")
    client.post(f"/terminals/{lobby}/upload", data={"file": (io.BytesIO(STICK), "1_attlog.dat")})
    page = client.get(f"/terminals/{lobby}").text
    assert "Mungkin Siti Aminah: ID yang sama di mesin lain unit ini." in page
    assert "Siti Aminah" not in log_in("tono").get(f"/terminals/{lobby}").text


def test_a_name_alike_on_a_pushing_terminal_is_suggested(
    log_in: LogIn, office_db: Database
) -> None:
    from services import punches

    lobby = terminal_id(office_db)
    log_lines = b"USER PIN=8\tName=MARIA MAGDALENA K\tPri=0\nUSER PIN=7\tName=ZZZ\tPri=0\n"
    punches.keep(office_db, lobby, "push", log_lines, received_at=NOW, layout="operlog")
    client = log_in("dewi")
    client.post(f"/terminals/{lobby}/upload", data={"file": (io.BytesIO(STICK), "1_attlog.dat")})
    page = client.get(f"/terminals/{lobby}").text
    assert page.count("namanya mirip di mesin") == 1
    assert "Mungkin Maria Magdalena Kusumawardhani" in page


def test_names_are_fetched_from_a_terminal_that_is_called(
    log_in: LogIn, office_db: Database
) -> None:
    called = ZkTerminal("CALL0001")
    called.enroll("8", "SITI AMINAH")
    called.start()
    lobby = terminal_id(office_db)
    with office_db.begin() as tx:
        row = tx.get_one(Terminal, lobby)
        row.host, row.port, row.serial = called.host, called.port, called.serial
    client = log_in("dewi")
    client.post(f"/terminals/{lobby}/upload", data={"file": (io.BytesIO(STICK), "1_attlog.dat")})
    client.post(f"/terminals/{lobby}/names")
    called.stop()
    page = client.get(f"/terminals/{lobby}").text
    assert "1 nama dibaca dari mesin" in page
    assert "Mungkin Siti Aminah: namanya mirip di mesin." in page
    refused = client.post(f"/terminals/{lobby}/names")
    assert refused.status_code == 422 and "tidak terjangkau" in refused.text


def test_days_that_wait_too_long_lead_to_their_paper_list(
    log_in: LogIn, office_db: Database, hadir: Office
) -> None:
    old = NOW.date() - timedelta(days=14)
    with office_db.begin() as tx:
        tx.add(
            AttendanceDay(
                day=old, employee_id=hadir.person["agus"], unit_id=hadir.unit["RSUD"],
                status="awaiting_data", reasons=[], why=[], as_of=NOW,
            )
        )  # fmt: skip
    tickets.watch(office_db, NOW)
    page = log_in("dewi").get("/terminals").text
    assert "hari-hari menunggu data terlalu lama" in page
    assert f"/outages/paper/{hadir.unit['RSUD']}/{old}/" in page


@pytest.mark.parametrize(
    ("content", "name"), [(b"", "x.dat"), (b"\x00\x01", "x.dat"), (b"a;b", "x.csv")]
)
def test_a_file_that_is_none_is_refused_with_a_sentence(
    log_in: LogIn, office_db: Database, content: bytes, name: str
) -> None:
    answer = log_in("dewi").post(
        f"/terminals/{terminal_id(office_db)}/upload", data={"file": (io.BytesIO(content), name)}
    )
    assert answer.status_code == 422
    assert "Isi berkas itu tidak dikenali" in answer.text


def test_a_stick_larger_than_other_forms_is_taken(log_in: LogIn, office_db: Database) -> None:
    lines = b"".join(b"7\t2026-11-%02d 07:%02d:%02d\t1\t0\t1\t0\n" % (d, m, s)
                     for d in range(1, 25) for m in range(60) for s in range(60))  # fmt: skip
    assert len(lines) > 2 << 20
    answer = log_in("dewi").post(
        f"/terminals/{terminal_id(office_db)}/upload", data={"file": (io.BytesIO(lines), "a.dat")}
    )
    assert answer.status_code == 303
    assert len(rows(office_db, Punch.pin)) == 24 * 3600


def test_an_upload_without_the_forms_token_is_refused(
    app: Flask, log_in: LogIn, office_db: Database
) -> None:
    client = log_in("dewi")
    app.config["WTF_CSRF_ENABLED"] = True
    answer = client.post(
        f"/terminals/{terminal_id(office_db)}/upload", data={"file": (io.BytesIO(STICK), "a.dat")}
    )
    assert answer.status_code == 400
    assert rows(office_db, Punch.pin) == []


def test_a_terminal_is_registered_and_its_steps_are_shown(
    log_in: LogIn, office_db: Database
) -> None:
    client = log_in("tono")
    form = {"name": "rsud-baru", "unit": "RSUD", "host": "mesin.example", "port": "4370",
            "comm_key": "0", "serial": "", "networks": "", "layout": "auto"}  # fmt: skip
    refused = client.post("/terminals/new", data=form)
    assert refused.status_code == 422 and "alamat IP seperti 10.20.30.40" in refused.text
    assert 'value="rsud-baru"' in refused.text
    done = client.post("/terminals/new", data={**form, "host": "10.20.30.40"})
    assert done.status_code == 303
    page = client.get(done.location).text
    assert "Langkah memasang mesin" in page and "10.20.30.40:4370" in page


def test_a_waiting_serial_is_approved(log_in: LogIn, office_db: Database) -> None:
    from services import pushes

    with pytest.raises(pushes.NotApproved):
        pushes.recognise(office_db, NOW - timedelta(minutes=5), "BARU0001", "10.4.7.7")
    client = log_in("yusuf")
    assert "BARU0001" in client.get("/terminals").text
    assert "BARU0001" not in log_in("dewi").get("/terminals").text
    page = client.get("/terminals/new?serial=BARU0001").text
    assert 'value="BARU0001"' in page
    form = {"name": "rsud-push", "unit": "RSUD", "host": "", "port": "4370", "comm_key": "0",
            "serial": "BARU0001", "is_push": "y", "networks": "10.4.0.0/16",
            "layout": "auto"}  # fmt: skip
    assert client.post("/terminals/new", data=form).status_code == 303
    pushes.recognise(office_db, NOW, "BARU0001", "10.4.7.7")
    assert "Menunggu persetujuan" not in client.get("/terminals").text


def test_dewi_reports_a_terminal_and_tono_closes_the_ticket(
    log_in: LogIn, office_db: Database
) -> None:
    lobby = terminal_id(office_db)
    dewi, tono = log_in("dewi"), log_in("tono")
    assert dewi.post(f"/terminals/{lobby}/report", data={"words": ""}).status_code == 422
    dewi.post(f"/terminals/{lobby}/report", data={"words": "layar mati"})
    assert "dilaporkan rusak: “layar mati”" in tono.get("/terminals").text
    (ticket,) = rows(office_db, TerminalTicket)
    tono.post(f"/terminals/ticket/{ticket.id}/close", data={"why": "adaptor diganti"})
    assert "adaptor diganti" in dewi.get(f"/terminals/{lobby}").text
    assert "Tidak ada gangguan." in tono.get("/terminals").text
    tickets.watch(office_db, NOW)
    assert "jam meleset: -415 detik" in tono.get("/terminals").text


def test_an_outage_is_declared_and_its_paper_list_printed(
    log_in: LogIn, office_db: Database, hadir: Office
) -> None:
    unit = hadir.unit["RSUD"]
    declared = {"unit": unit, "first": "2026-11-24", "last": "2026-11-25", "why": "petir"}
    assert log_in("dewi").post("/outages", data=declared).status_code == 403
    tono = log_in("tono")
    refused = tono.post("/outages", data={**declared, "last": "2026-12-24"})
    assert refused.status_code == 422 and "Terlalu panjang" in refused.text
    assert tono.post("/outages", data=declared).status_code == 303
    (outage,) = rows(office_db, TerminalOutage)
    dewi = log_in("dewi")
    paper = f"/outages/paper/{unit}/2026-11-24/2026-11-25"
    assert paper in dewi.get("/outages").text
    assert dewi.get(paper).status_code == 200
    sheet = dewi.get(f"{paper}/sheet")
    assert sheet.text.splitlines()[0].lstrip("\ufeff") == (
        "NIP;Nama;Tanggal;Jam Masuk;Jam Pulang;Sumber"
    )
    assert tono.get(paper).status_code == 403  # a technician needs no names
    assert log_in("lina").get(paper).status_code in (403, 404)
    tono.post(f"/outages/{outage.id}/end")
    assert "sudah berakhir" in dewi.get("/outages").text
    actions = [entry.action for entry in rows(office_db, LogEntry)]
    assert {"outage_declared", "paper_exported", "outage_ended"} <= set(actions)


def test_a_wrong_period_is_corrected_on_the_page(log_in: LogIn, office_db: Database) -> None:
    lobby = terminal_id(office_db)
    log_in("dewi").post(
        f"/terminals/{lobby}/upload", data={"file": (io.BytesIO(STICK), "1_attlog.dat")}
    )
    form = {
        "from": "2026-11-20 00:00:00",
        "to": "2026-11-20 23:59:59",
        "ahead": "600",
        "why": "NTP",
    }
    assert log_in("dewi").post(f"/terminals/{lobby}/correct-clock", data=form).status_code == 403
    tono = log_in("tono")
    bad = tono.post(f"/terminals/{lobby}/correct-clock", data={**form, "ahead": "sepuluh"})
    assert bad.status_code == 422 and "Selisih itu terlalu besar." in bad.text
    tono.post(f"/terminals/{lobby}/correct-clock", data=form)
    page = tono.get(f"/terminals/{lobby}").text
    assert "2 rekaman dibetulkan" in page and "Koreksi jam" in page
    assert len(rows(office_db, ClockCorrection)) == 1


def test_a_terminal_is_replaced_and_its_page_leads_to_the_successor(
    log_in: LogIn, office_db: Database
) -> None:
    lobby = terminal_id(office_db)
    client = log_in("yusuf")
    form = {"name": "rsud-lobi-2", "host": "10.20.30.41", "serial": "", "port": "4370",
            "comm_key": "0", "layout": "auto", "why": "terendam banjir"}  # fmt: skip
    assert client.post(f"/terminals/{lobby}/replace", data={**form, "why": ""}).status_code == 422
    done = client.post(f"/terminals/{lobby}/replace", data=form)
    assert done.status_code == 303
    assert "diganti rsud-lobi-2" in client.get(f"/terminals/{lobby}").text
    assert "rsud-lobi-2" in client.get("/terminals").text
