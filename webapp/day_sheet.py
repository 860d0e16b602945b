"""One page on paper: why a day of somebody is what it is (lembar alasan), from its evidence."""

from __future__ import annotations

import io
from datetime import datetime
from zoneinfo import ZoneInfo

from flask_babel import gettext
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, ListFlowable, SimpleDocTemplate, Spacer

from domain.people import group_nip
from services.recaps.pdf import words
from store.days import AttendanceDay
from store.messages import Notice, OutboundSms
from store.people import Assignment, Employee
from webapp import evidence, wording
from webapp.language import day_and_clock, long_day

TITLE = ParagraphStyle("title", fontName="Helvetica-Bold", fontSize=14, leading=19)
HEAD = ParagraphStyle("head", fontName="Helvetica-Bold", fontSize=10, leading=16, spaceBefore=8)
TEXT = ParagraphStyle("text", fontName="Helvetica", fontSize=9, leading=12.5)

Told = tuple[Notice, str, OutboundSms | None]


def day_sheet(
    person: Employee, assignment: Assignment, day: AttendanceDay, told: list[Told], zone: ZoneInfo
) -> bytes:
    """The page's bytes; the same day gives the same bytes."""
    file = io.BytesIO()
    paper = SimpleDocTemplate(
        file, pagesize=A4, leftMargin=20 * mm, rightMargin=20 * mm, topMargin=18 * mm,
        bottomMargin=18 * mm, title=f"{person.name} {day.day}", author="Hadir", invariant=1,
    )  # fmt: skip
    nip = group_nip(person.nip) if person.nip else "-"
    story: list[Flowable] = [
        words(gettext("Mengapa hari ini tercatat begini"), TITLE),
        words(f"{person.name} · NIP {nip} · {assignment.unit.name}", TEXT),
        words(gettext("Tanggal %(day)s", day=long_day(day.day)), TEXT),
        words(gettext("Keadaan: %(status)s", status=wording.STATUS[day.status]), HEAD),
        words(_in_numbers(day, zone), TEXT),
        words(gettext("Alasan dan bukti"), HEAD),
        _listed([evidence.sentence(fact, zone) for fact in day.why]),
        words(gettext("Yang sudah disampaikan"), HEAD),
        _listed([told_words(*each, zone) for each in told] or [gettext("Belum ada.")]),
        Spacer(1, 6 * mm),
        words(gettext("Dihitung %(when)s.", when=day_and_clock(day.as_of, zone)), TEXT),
    ]
    paper.build(story)
    return file.getvalue()


def _listed(lines: list[str]) -> ListFlowable:
    return ListFlowable([words(line, TEXT) for line in lines], bulletType="bullet", leftIndent=12)


def _in_numbers(day: AttendanceDay, zone: ZoneInfo) -> str:
    parts = [
        gettext("masuk %(clock)s", clock=_clock(day.first_in, zone)),
        gettext("pulang %(clock)s", clock=_clock(day.last_out, zone)),
        *([gettext("terlambat %(n)d menit", n=day.late_minutes)] if day.late_minutes else []),
        *([gettext("pulang cepat %(n)d menit", n=day.early_minutes)] if day.early_minutes else []),
        gettext("final") if day.final else gettext("belum final"),
    ]
    return "; ".join(parts)


def _clock(at: datetime | None, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%H.%M}" if at else "-"


def told_words(notice: Notice, recipient: str, sms: OutboundSms | None, zone: ZoneInfo) -> str:
    """'24 Nov 10.00 kepada Sri: tanpa keterangan (terkirim)': who was told what, and when."""
    state = wording.OUT_STATE[sms.state] if sms else gettext("tanpa nomor telepon")
    return gettext(
        "%(when)s kepada %(name)s: %(said)s (%(state)s)",
        when=day_and_clock(notice.raised_at, zone),
        name=recipient,
        said=wording.NOTICE[notice.kind],
        state=state,
    )
