"""The why of a day as sentences: one function per code of `domain.evidence` and `domain.why`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from domain.cases import CaseKind, CaseStatus, HalfDay, WaitingFor
from domain.evidence import Reason
from webapp import wording
from webapp.language import day_and_clock

Fact = dict[str, Any]

REASON = {
    Reason.NOT_DUE: _l("belum lewat batas waktu bertanya"),
    Reason.NOT_CLOSED_YET: _l("hari kerja belum ditutup"),
    Reason.OPEN_CASE: _l("ada permohonan yang belum diputus"),
    Reason.LAPSED_CASE: _l("ada permohonan yang kedaluwarsa tanpa keputusan"),
    Reason.OPEN_DRAFT: _l("pegawai sedang ditanya lewat SMS dan belum menjawab"),
    Reason.UNREAD_MESSAGE: _l("ada SMS pegawai yang belum terbaca"),
    Reason.PROVISIONAL: _l("surat tugas belum ada"),
    Reason.NO_ROSTER: _l("jadwal jaga belum diterbitkan"),
    Reason.NO_PATTERN: _l("pola kerja belum ditetapkan"),
    Reason.NO_TERMINAL: _l("unit ini belum punya mesin absensi"),
    Reason.NO_MAPPED_ID: _l("ID mesin pegawai ini belum dicocokkan"),
    Reason.OUTAGE: _l("mesin absensi dinyatakan rusak"),
    Reason.NOT_READ_TO_THE_END: _l("data mesin belum terbaca sampai akhir"),
    Reason.CLOCK_UNKNOWN: _l("selisih jam mesin belum diketahui"),
    Reason.UNRESOLVED_RECORDS: _l("ada rekaman mesin yang perlu dicocokkan"),
    Reason.LOW_TRAFFIC: _l("rekaman mesin jauh lebih sedikit daripada biasanya"),
    Reason.DOUBTFUL_SCAN: _l("jam salah satu rekaman diragukan"),
    Reason.SCAN_DURING_LEAVE: _l("ada rekaman pada hari cuti"),
    Reason.NOT_IN_SERVICE: _l("di luar masa dinas"),
}

SOURCE = {
    "pull": _l("ditarik"),
    "push": _l("kiriman mesin"),
    "usb": _l("USB"),
    "csv": _l("sistem lain"),
}


def reason(code: object) -> str:
    """A reason of a day as a sentence; an unknown one shows itself."""
    try:
        return str(REASON[Reason(str(code))])
    except ValueError:
        return str(code)


def sentence(fact: object, zone: ZoneInfo) -> str:
    """One piece of evidence as a sentence; unknown codes show their code and fields."""
    if not isinstance(fact, dict):
        return reason(fact)
    tell = TELL.get(str(fact.get("code")))
    try:
        return tell(fact, zone) if tell else _as_it_is(fact)
    except (KeyError, TypeError, ValueError):  # written by an older version of the rules
        return _as_it_is(fact)


def _as_it_is(fact: Fact) -> str:
    rest = ", ".join(f"{name}: {value}" for name, value in fact.items() if name != "code")
    code = str(fact.get("code", "?"))
    return f"{code} ({rest})" if rest else code


def _moment(text: str | None, zone: ZoneInfo) -> str:
    return day_and_clock(datetime.fromisoformat(text), zone) if text else ""


def _roster(fact: Fact, zone: ZoneInfo) -> str:
    return gettext("Jadwal jaga: %(letter)s.", letter=fact["letter"])


def _pattern(fact: Fact, zone: ZoneInfo) -> str:
    return gettext(
        "Pola kerja %(pattern)s (%(source)s).", pattern=fact["pattern"], source=fact["source"]
    )


def _hours(fact: Fact, zone: ZoneInfo) -> str:
    starts, ends = (datetime.fromisoformat(fact[name]) for name in ("starts", "ends"))
    return gettext("Jam kerja %(start)s–%(end)s.", start=f"{starts:%H.%M}", end=f"{ends:%H.%M}")


def _school_break(fact: Fact, zone: ZoneInfo) -> str:
    return gettext(
        "Libur sekolah: %(name)s (%(source)s).", name=fact["name"], source=fact["source"]
    )


def _holiday(fact: Fact, zone: ZoneInfo) -> str:
    return gettext("Hari libur: %(name)s (%(source)s).", name=fact["name"], source=fact["source"])


def _collective_leave(fact: Fact, zone: ZoneInfo) -> str:
    return gettext("Cuti bersama: %(name)s (%(source)s).", name=fact["name"], source=fact["source"])


def _wfa(fact: Fact, zone: ZoneInfo) -> str:
    return gettext(
        "Bekerja dari mana saja: %(name)s (%(source)s).", name=fact["name"], source=fact["source"]
    )


def _scan(fact: Fact, zone: ZoneInfo) -> str:
    told = gettext(
        "Rekaman %(when)s di mesin %(terminal)s (%(source)s; jam mesin %(local)s).",
        when=_moment(fact["at"], zone),
        terminal=fact["terminal"],
        source=SOURCE.get(fact["source"], fact["source"]),
        local=fact["local"],
    )
    return told + " " + gettext("Jamnya diragukan.") if fact.get("doubtful") else told


def _case(fact: Fact, zone: ZoneInfo) -> str:
    parts = [str(wording.CASE_STATUS[CaseStatus(fact["status"])])]
    if fact.get("waiting_for"):
        parts.append(str(wording.WAITING[WaitingFor(fact["waiting_for"])]))
    if fact.get("half", "full") != "full":
        parts.append(str(wording.HALF[HalfDay(fact["half"])]))
    times = [fact[name].replace(":", ".") for name in ("from", "to") if fact.get(name)]
    if times:
        parts.append("–".join(times))
    if fact.get("provisional"):
        parts.append(gettext("sementara"))
    return gettext(
        "Permohonan %(kind)s: %(state)s.",
        kind=wording.KIND[CaseKind(fact["kind"])],
        state=", ".join(parts),
    )


def _draft(fact: Fact, zone: ZoneInfo) -> str:
    return gettext("Pegawai ditanya lewat SMS dan belum menjawab.")


def _message(fact: Fact, zone: ZoneInfo) -> str:
    return gettext("SMS dari pegawai belum terbaca.")


def _terminal(fact: Fact, zone: ZoneInfo) -> str:
    doubts = []
    if not fact["mapped"]:
        doubts.append(gettext("ID pegawai tidak ada di mesin ini"))
    if fact["unresolved"]:
        doubts.append(gettext("%(n)d rekaman perlu dicocokkan", n=fact["unresolved"]))
    if not fact["clock_known"]:
        doubts.append(gettext("selisih jam tidak diketahui"))
    if fact["traffic_low"]:
        doubts.append(gettext("rekaman jauh lebih sedikit daripada biasanya"))
    if fact["outage"]:
        doubts.append(gettext("dinyatakan rusak"))
    read = (
        gettext("terbaca lengkap sampai %(when)s", when=_moment(fact["complete_up_to"], zone))
        if fact["complete_up_to"]
        else gettext("belum terbukti terbaca lengkap")
    )
    return gettext(
        "Mesin %(terminal)s: %(state)s.",
        terminal=fact["terminal"],
        state="; ".join([read, *doubts]),
    )


def _reasons(fact: Fact, zone: ZoneInfo) -> str:
    return gettext("Menunggu karena: %(why)s.", why="; ".join(map(reason, fact["reasons"])))


TELL: dict[str, Callable[[Fact, ZoneInfo], str]] = {
    "roster": _roster,
    "pattern": _pattern,
    "hours": _hours,
    "school_break": _school_break,
    "holiday": _holiday,
    "collective_leave": _collective_leave,
    "wfa": _wfa,
    "scan": _scan,
    "case": _case,
    "draft": _draft,
    "message": _message,
    "terminal": _terminal,
    "reasons": _reasons,
}
