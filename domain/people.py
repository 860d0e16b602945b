"""People, units and posts (pegawai, unit kerja, jabatan)."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What an account may do in the panel (peran)."""

    OPERATOR = "operator"
    KASUBAG = "kasubag"
    PIMPINAN = "pimpinan"
    BKD = "bkd"
    TECHNICIAN = "technician"
    AUDITOR = "auditor"


class Employment(StrEnum):
    """Legal form of employment (jenis kepegawaian); decides which leave law holds."""

    PNS = "pns"
    CPNS = "cpns"
    PPPK = "pppk"
    PPPK_PART_TIME = "pppk_part_time"  # PPPK paruh waktu


class UnitKind(StrEnum):
    """Kind of unit (jenis unit kerja)."""

    PROVINCE = "province"
    AGENCY = "agency"  # SKPD: dinas, badan, biro
    UPT = "upt"
    HOSPITAL = "hospital"
    SCHOOL = "school"


class PostKind(StrEnum):
    """What a post is for in the way of a case (jabatan)."""

    HEAD = "head"
    KASUBAG = "kasubag"
    OPERATOR = "operator"
    SUPERVISOR = "supervisor"


class Capacity(StrEnum):
    """How a person holds a post: definitif, Plt (pelaksana tugas) or Plh (pelaksana harian)."""

    DEFINITIVE = "definitif"
    PLT = "plt"
    PLH = "plh"


class Stage(StrEnum):
    """How far a unit has joined (tahap): watched without SMS, tried on the operator, live."""

    WATCH = "pantau"
    TRIAL = "uji"
    LIVE = "berlaku"
