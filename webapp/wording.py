"""Words for codes: what people read for a status, a kind, a desk, a fault (design section 9)."""

from __future__ import annotations

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from domain.cases import CaseKind, CaseStatus, HalfDay, WaitingFor
from domain.messages import MessageClass, OutState
from domain.people import Employment, Role
from domain.shifts import CellFault
from store.board import NOT_DERIVED

STATUS = {
    "present": _l("hadir"),
    "incomplete": _l("absen belum lengkap"),
    "on_leave": _l("cuti"),
    "sick": _l("sakit"),
    "permission": _l("izin"),
    "on_duty": _l("dinas luar"),
    "wfa": _l("bekerja dari mana saja"),
    "study": _l("tugas belajar"),
    "day_off": _l("libur"),
    "awaiting_data": _l("menunggu data mesin"),
    "awaiting_decision": _l("ada kabar, belum diputus"),
    "absent": _l("tanpa keterangan"),
    NOT_DERIVED: _l("belum dihitung"),
}
"""Day statuses in the order in which the board shows them."""

TONE = {
    "present": "good",
    "incomplete": "notice",
    "on_leave": "leave",
    "sick": "leave",
    "permission": "leave",
    "on_duty": "duty",
    "wfa": "duty",
    "study": "duty",
    "day_off": "quiet",
    "awaiting_data": "wait",
    "awaiting_decision": "wait",
    "absent": "alarm",
    NOT_DERIVED: "quiet",
}

KIND = {
    CaseKind.ANNUAL: _l("cuti tahunan"),
    CaseKind.SICK: _l("sakit"),
    CaseKind.MATERNITY: _l("cuti melahirkan"),
    CaseKind.IMPORTANT: _l("cuti alasan penting"),
    CaseKind.LONG: _l("cuti besar"),
    CaseKind.UNPAID: _l("cuti di luar tanggungan negara"),
    CaseKind.PERMISSION: _l("izin tidak masuk"),
    CaseKind.LATE: _l("izin terlambat"),
    CaseKind.EARLY: _l("izin pulang cepat"),
    CaseKind.OUT: _l("izin keluar kantor"),
    CaseKind.DUTY: _l("dinas luar"),
    CaseKind.CORRECTION: _l("koreksi absen"),
}

REASON_IS_PRIVATE = frozenset({CaseKind.SICK, CaseKind.MATERNITY})
"""Illness is only ever 'sakit' on a page; the raw text opens by a recorded click."""

CASE_STATUS = {
    CaseStatus.OPEN: _l("berjalan"),
    CaseStatus.CONFIRMED: _l("tercatat"),
    CaseStatus.REFUSED: _l("ditolak"),
    CaseStatus.POSTPONED: _l("ditangguhkan"),
    CaseStatus.WITHDRAWN: _l("dibatalkan"),
    CaseStatus.LAPSED: _l("kedaluwarsa"),
}

WAITING = {
    WaitingFor.EMPLOYEE: _l("menunggu jawaban pegawai"),
    WaitingFor.SUPERVISOR: _l("menunggu atasan"),
    WaitingFor.KASUBAG: _l("menunggu diteruskan Kasubag"),
    WaitingFor.OPERATOR: _l("menunggu dicatat operator"),
}

DESK = {
    WaitingFor.EMPLOYEE: _l("pegawai"),
    WaitingFor.SUPERVISOR: _l("atasan langsung"),
    WaitingFor.KASUBAG: _l("Kasubag"),
    WaitingFor.OPERATOR: _l("operator"),
}

HALF = {
    HalfDay.FULL: _l("sehari penuh"),
    HalfDay.AM: _l("pagi saja"),
    HalfDay.PM: _l("siang saja"),
}

ROLE = {
    Role.OPERATOR: _l("operator unit"),
    Role.KASUBAG: _l("Kasubag Umum"),
    Role.PIMPINAN: _l("pimpinan unit"),
    Role.BKD: _l("BKD"),
    Role.TECHNICIAN: _l("teknisi"),
    Role.AUDITOR: _l("auditor"),
}

EMPLOYMENT = {
    Employment.PNS: "PNS",
    Employment.CPNS: "CPNS",
    Employment.PPPK: "PPPK",
    Employment.PPPK_PART_TIME: _l("PPPK paruh waktu"),
}

FAULT = {
    "gone": _l("Permohonan atau pesan ini tidak ada."),
    "moved": _l("Sudah diubah orang lain lebih dulu. Muat ulang halaman, lalu periksa lagi."),
    "own_case": _l(
        "Urusan sendiri tidak dapat diteruskan atau dicatat sendiri; mintalah satu "
        "tingkat di atas Anda."
    ),
    "no_reason": _l("Tuliskan alasannya."),
    "no_source": _l("Tuliskan siapa yang mengabari dan lewat apa."),
    "dates": _l("Tanggal selesai lebih awal daripada tanggal mulai."),
    "twin": _l("Permohonan yang sama sudah ada dan masih berjalan."),
    "no_number": _l("Ini bukan nomor HP. Contoh: 08123456789."),
    "own_number": _l("Nomor sendiri diganti dan dikonfirmasi oleh orang lain."),
    "same_number": _l("Nomor ini sudah tercatat untuk pegawai itu."),
    "second_person": _l("Pergantian ini dikonfirmasi oleh orang kedua, bukan pengusulnya."),
    "no_unit": _l("Pegawai ini tidak tercatat di unit mana pun pada hari ini."),
}

CALENDAR_KIND = {
    "holiday": _l("libur"),
    "collective_leave": _l("cuti bersama"),
    "wfa": _l("bekerja dari mana saja"),
    "school_break": _l("libur sekolah"),
    "ramadan": _l("Ramadan"),
}

STAGE = {"pantau": _l("pantau"), "uji": _l("uji"), "berlaku": _l("berlaku")}

RULE_PROBLEM = {
    "dates": _l("Periksa tanggalnya: mulai tidak sesudah selesai, paling lama setahun."),
    "name": _l("Isi namanya."),
    "source": _l("Isi dasarnya, misalnya nomor SKB atau SE."),
    "weekdays": _l("Hari ditulis dengan angka 1 sampai 7, misalnya 5 untuk Jumat."),
    "windows": _l("Tulis jam presensi seperti 06.30-07.30, 11.00-13.00."),
    "twin": _l("Isi yang sama sudah ada di kalender."),
    "why": _l("Tuliskan alasannya."),
    "gone": _l("Isi kalender ini sudah tidak ada."),
    "pattern": _l("Pola kerja ini tidak ada."),
    "person": _l("NIP ini tidak terdaftar. Periksa ke-18 angkanya."),
}

CELL_FAULT = {
    CellFault.UNKNOWN_LETTER: _l("huruf ini belum punya jam"),
    CellFault.NOT_HERE: _l("hari itu tidak bekerja di unit ini"),
    CellFault.OVERLAP: _l("belum selesai ketika jaga hari berikutnya mulai"),
}

SHIFT_PROBLEM = {
    "letter": _l("Huruf jaga terdiri atas 1 sampai 4 huruf atau angka."),
    "off_letter": _l("L, LD dan OFF berarti libur dan tidak punya jam."),
    "no_hours": _l("Jam mulai dan jam selesai tidak boleh sama."),
    "clock": _l("Tulis jamnya, misalnya 07.30."),
    "day": _l("Tulis tanggalnya, misalnya 24-11-2026."),
    "same_person": _l("Pilih dua orang yang berbeda."),
    "no_days": _l("Tulis tanggalnya, misalnya 5 atau 5, 7."),
    "no_reason": _l("Tuliskan alasannya."),
    "not_published": _l("Jadwal kedua orang pada tanggal itu belum terbit."),
    "same_letters": _l("Jaga keduanya sama pada tanggal itu; tidak ada yang ditukar."),
    "cannot_stand": _l("Sesudah ditukar, dua jaga yang berurutan akan bertumpuk."),
    "gone": _l("Usulan ini tidak ada atau sudah selesai."),
    "own_proposal": _l("Usulan sendiri dikonfirmasi oleh orang lain."),
    "moved": _l("Jadwalnya sudah berubah sejak diusulkan. Usulkan lagi."),
}

LANE = {
    1: _l("jawaban dan permintaan persetujuan"),
    2: _l("pemberitahuan"),
    3: _l("pertanyaan dan peringatan"),
    4: _l("massal"),
}


NOTICE = {
    MessageClass.CUTOFF_QUESTION: _l("ditanya: belum terekam"),
    MessageClass.MORNING_LIST: _l("daftar pagi: belum terekam"),
    MessageClass.ABSENCE_ALERT: _l("diberi tahu: tanpa keterangan"),
    MessageClass.CORRECTION: _l("ralat"),
}
"""What was said about a day, by the class of its message."""

OUT_STATE = {
    OutState.QUEUED: _l("menunggu dikirim"),
    OutState.CLAIMED: _l("menunggu dikirim"),
    OutState.SUBMITTING: _l("sedang dikirim"),
    OutState.SENT: _l("terkirim"),
    OutState.RETRY: _l("menunggu dikirim ulang"),
    OutState.FAILED: _l("gagal"),
    OutState.UNKNOWN: _l("belum pasti terkirim"),
    OutState.DIED: _l("lewat waktunya, tidak dikirim"),
    OutState.WITHHELD: _l("ditahan"),
}


def open_span(first: str) -> str:
    """'mulai 24 Nov 2026': an end is not known yet."""
    return gettext("mulai %(day)s", day=first)


LINE_FAULTS = (
    _l("sudah tercatat dinas pada tanggal itu."),
    _l("perjalanan sendiri diketik kepala unit atau BKD."),
    _l("tidak ada di unit Anda."),
    _l("lebih dari satu orang."),
    _l("Tujuan perjalanan belum diisi."),
    _l("Paling lama 60 hari sekali ketik; bagi menjadi beberapa."),
)
"""What `services.duty` says about a pasted line, here so that the catalogues know it."""


def line_fault(text: str) -> str:
    """'Budi: tidak ada di unit Anda.' with its sentence in the viewer's language."""
    line, colon, said = text.rpartition(": ")
    return f"{line}{colon}{gettext(said)}"


def fault(code: str, sentence: str) -> str:
    """The sentence for a fault of a story, in the viewer's language where its code is known."""
    return str(FAULT.get(code, sentence))
