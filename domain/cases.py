"""Cases (permohonan): their kinds, their states and the moves between them."""

from __future__ import annotations

from enum import StrEnum


class CaseKind(StrEnum):
    """What a case asks for (jenis permohonan).

    The leave kinds follow PP 11/2017 jo PP 17/2020 (PNS) and PP 49/2018 (PPPK); the others are
    the permissions and duties of daily practice.
    """

    ANNUAL = "annual"  # cuti tahunan
    SICK = "sick"  # cuti sakit
    MATERNITY = "maternity"  # cuti melahirkan
    IMPORTANT = "important"  # cuti karena alasan penting
    LONG = "long"  # cuti besar
    UNPAID = "unpaid"  # cuti di luar tanggungan negara
    PERMISSION = "permission"  # izin tidak masuk
    LATE = "late"  # izin terlambat
    EARLY = "early"  # izin pulang cepat
    OUT = "out"  # izin keluar kantor
    DUTY = "duty"  # dinas luar, perjalanan dinas
    CORRECTION = "correction"  # koreksi: lupa absen, SALAH, HADIR


class CaseStatus(StrEnum):
    """Where a case stands (keadaan permohonan)."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    POSTPONED = "postponed"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class WaitingFor(StrEnum):
    """Whose move an open case waits for (menunggu siapa)."""

    EMPLOYEE = "employee"
    SUPERVISOR = "supervisor"
    KASUBAG = "kasubag"
    OPERATOR = "operator"


class HalfDay(StrEnum):
    """Which part of a working day is meant; the unit of leave is the half day."""

    FULL = "full"
    AM = "am"
    PM = "pm"
