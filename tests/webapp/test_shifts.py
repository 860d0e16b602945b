"""The shift roster's page: written, published by difference, swapped by two accounts."""

from __future__ import annotations

from datetime import date, time

import pytest
from sqlalchemy import select

from domain.access import system
from services.calendars import seed_patterns
from services.roster.shifts import set_letter
from store.calendars import PatternAssignment, RosterDay, WorkPatternRow
from store.db import Database
from store.log import LogEntry
from tests.webapp.conftest import LogIn
from tests.webapp.office import NOW, Office

LETTERS = (("P", 7, 14), ("S", 14, 21), ("M", 21, 7))


@pytest.fixture
def ward(office_db: Database, hadir: Office) -> str:
    """The hospital's address; Budi and Siti work by shift there, P, S and M have hours."""
    furnish(office_db, hadir)
    return f"/shifts/{hadir.unit['RSUD']}/2026-12"


def furnish(db: Database, hadir: Office) -> None:
    seed_patterns(db)
    with db.begin() as tx:
        shift = tx.scalars(select(WorkPatternRow).where(WorkPatternRow.code == "SHIFT")).one()
        for who in ("budi", "siti"):
            tx.add(
                PatternAssignment(
                    employee_id=hadir.person[who], pattern_id=shift.id, first_day=date(2020, 1, 1)
                )
            )
    for letter, starts, ends in LETTERS:
        set_letter(
            db, NOW, system("test"), hadir.unit["RSUD"], letter, time(starts), time(ends),
            date(2020, 1, 1),
        )  # fmt: skip


def cells(hadir: Office, **letters: str) -> dict[str, str]:
    """budi='P P S' -> the form's cells of the month's first days."""
    return {
        f"{hadir.person[who]}.{day}": letter
        for who, text in letters.items()
        for day, letter in enumerate(text.split(), 1)
    }


def published(db: Database, hadir: Office, who: str) -> str:
    with db.read() as session:
        rows = session.scalars(
            select(RosterDay)
            .where(RosterDay.employee_id == hadir.person[who])
            .order_by(RosterDay.day)
        )
        return " ".join(row.letter for row in rows)


def test_a_draft_is_kept_and_nothing_follows_until_it_is_published(
    log_in: LogIn, ward: str, office_db: Database, hadir: Office
) -> None:
    dewi = log_in("dewi")
    dewi.post(ward, data={**cells(hadir, budi="p S M"), "do": "draft"})
    assert published(office_db, hadir, "budi") == ""
    page = dewi.get(ward).text
    assert "rancangan, belum berlaku" in page and 'value="S"' in page
    dewi.post(ward, data={**cells(hadir, budi="P S M"), "do": "publish"})
    assert published(office_db, hadir, "budi") == "P S M"
    assert "rancangan, belum berlaku" not in dewi.get(ward).text


def test_a_letter_without_hours_is_named_and_what_was_typed_stays(
    log_in: LogIn, ward: str, office_db: Database, hadir: Office
) -> None:
    answer = log_in("dewi").post(ward, data={**cells(hadir, budi="P X M"), "do": "publish"})
    assert answer.status_code == 422 and published(office_db, hadir, "budi") == ""
    assert "“X” huruf ini belum punya jam" in answer.text
    assert 'value="X"' in answer.text and 'aria-invalid="true"' in answer.text


def test_a_letter_gets_hours_and_bad_ones_are_refused(log_in: LogIn, ward: str) -> None:
    dewi = log_in("dewi")
    hours = {"starts": "08:00", "ends": "20:00", "first_day": "2026-12-01"}
    assert dewi.post(f"{ward}/letter", data={"letter": "l", **hours}).status_code == 422
    assert dewi.post(f"{ward}/letter", data={"letter": "D", "starts": "x"}).status_code == 422
    assert dewi.post(f"{ward}/letter", data={"letter": "d", **hours}).status_code == 303
    assert "<strong>D</strong>" in dewi.get(ward).text


def test_a_swap_needs_two_accounts_and_is_in_the_log_of_both(
    log_in: LogIn, ward: str, office_db: Database, hadir: Office
) -> None:
    dewi, rahmat = log_in("dewi"), log_in("rahmat")
    dewi.post(ward, data={**cells(hadir, budi="P S L", siti="S P M"), "do": "publish"})
    swap = {"one": hadir.person["budi"], "other": hadir.person["siti"], "days": "1, 2"}
    assert dewi.post(f"{ward}/swap", data=swap).status_code == 422  # no reason
    assert dewi.post(f"{ward}/swap", data={**swap, "why": "arisan"}).status_code == 303
    assert published(office_db, hadir, "budi") == "P S L"

    own = dewi.post(f"{ward}/swap/1", data={"do": "confirm"})
    assert own.status_code == 409 and "orang lain" in own.text
    assert rahmat.post(f"{ward}/swap/1", data={"do": "confirm"}).status_code == 303
    assert published(office_db, hadir, "budi") == "S P L"
    assert published(office_db, hadir, "siti") == "P S M"
    assert rahmat.post(f"{ward}/swap/1", data={"do": "confirm"}).status_code == 409
    with office_db.read() as session:
        for who in ("budi", "siti"):
            actions = session.scalars(
                select(LogEntry.action)
                .where(LogEntry.employee_id == hadir.person[who])
                .order_by(LogEntry.id)
            ).all()
            assert actions[-3:] == ["swap_proposed", "shifts_swapped", "swap_confirmed"]


def test_a_swap_is_not_confirmed_over_a_roster_that_changed_meanwhile(
    log_in: LogIn, ward: str, hadir: Office
) -> None:
    dewi, rahmat = log_in("dewi"), log_in("rahmat")
    dewi.post(ward, data={**cells(hadir, budi="P S", siti="S P"), "do": "publish"})
    swap = {"one": hadir.person["budi"], "other": hadir.person["siti"], "days": "1", "why": "x"}
    dewi.post(f"{ward}/swap", data=swap)
    dewi.post(ward, data={**cells(hadir, budi="M S", siti="S P"), "do": "publish"})
    answer = rahmat.post(f"{ward}/swap/1", data={"do": "confirm"})
    assert answer.status_code == 409 and "sudah berubah" in answer.text


@pytest.mark.parametrize(
    ("days", "said"),
    [("3", "belum terbit"), ("", "Tulis tanggalnya"), ("2", "Jaga keduanya sama"),
     ("1", "bertumpuk")],
)  # fmt: skip
def test_a_swap_that_cannot_be_says_why(
    log_in: LogIn, ward: str, office_db: Database, hadir: Office, days: str, said: str
) -> None:
    set_letter(
        office_db, NOW, system("test"), hadir.unit["RSUD"], "N", time(20), time(9), NOW.date()
    )
    dewi = log_in("dewi")
    dewi.post(ward, data={**cells(hadir, budi="P P", siti="L P"), "do": "publish"})
    if days == "1":
        dewi.post(ward, data={**cells(hadir, budi="P P", siti="N S"), "do": "publish"})
    swap = {"one": hadir.person["budi"], "other": hadir.person["siti"], "days": days, "why": "x"}
    answer = dewi.post(f"{ward}/swap", data=swap)
    assert answer.status_code == 422 and said in answer.text


def test_the_operator_is_told_of_a_month_nobody_published(log_in: LogIn, ward: str) -> None:
    for address in ("/operator", "/shifts"):
        page = log_in("dewi").get(address).text
        assert "Jadwal jaga belum terbit" in page
        assert "RSUD Harapan Mulia, November 2026" in page


def test_readers_see_letters_without_boxes_and_others_see_nothing(
    log_in: LogIn, ward: str, hadir: Office
) -> None:
    log_in("dewi").post(ward, data={**cells(hadir, budi="P"), "do": "publish"})
    page = log_in("hendra").get(ward)
    assert page.status_code == 200 and "Terbitkan" not in page.text
    assert log_in("lina").get(ward).status_code == 404
    assert log_in("lina").post(ward, data={"do": "draft"}).status_code == 404
    assert log_in("tono").get(ward).status_code == 403


def test_a_copy_fills_what_is_empty_from_four_weeks_before(
    log_in: LogIn, ward: str, office_db: Database, hadir: Office
) -> None:
    dewi = log_in("dewi")
    november = ward.replace("2026-12", "2026-11")
    dewi.post(
        november, data={f"{hadir.person['budi']}.{day}": "S" for day in (3, 4)} | {"do": "publish"}
    )
    dewi.post(ward, data={**cells(hadir, budi="P"), "do": "copy"})
    dewi.post(ward, data={**cells(hadir, budi="P S"), "do": "publish"})
    assert published(office_db, hadir, "budi") == "S S P S"
