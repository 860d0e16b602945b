"""Words of a roster as units write them: kinds of unit, employment, posts, zones, terminal IDs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo, available_timezones

from domain.people import Capacity, Employment, PostKind, UnitKind
from domain.roster.sheets import plain

KINDS_SHOWN = "provinsi, SKPD (dinas, badan, biro), UPT, rumah sakit atau sekolah"

# The first word that is found decides: 'UPTD Rumah Sakit' is a hospital, 'Biro Umum' an agency.
_UNIT_KINDS = (
    (UnitKind.HOSPITAL, r"hospital|rumah sakit|rs|rsud|rsj|rsu|rsjd|puskesmas|klinik"),
    (UnitKind.SCHOOL, r"school|sekolah|sma|sman|smk|smkn|slb|slbn|smp|smpn|sd|sdn"),
    (UnitKind.UPT, r"upt|uptd|uptb|unit pelaksana teknis|balai|cabang|cabdin|ruang|ruangan|unit"),
    (
        UnitKind.AGENCY,
        r"agency|skpd|opd|pd|perangkat daerah|dinas|badan|biro|sekretariat|inspektorat|kantor"
        r"|satpol|bkd|bappeda|bpbd|setda|setwan|kecamatan|kelurahan",
    ),
    (UnitKind.PROVINCE, r"province|provinsi|propinsi|pemprov|prov|pemda|pemerintah"),
)
_EMPLOYMENTS = {
    "pns": Employment.PNS,
    "pegawainegerisipil": Employment.PNS,
    "cpns": Employment.CPNS,
    "calonpns": Employment.CPNS,
    "pppk": Employment.PPPK,
    "p3k": Employment.PPPK,
    "pppkpenuhwaktu": Employment.PPPK,
    "pppkparttime": Employment.PPPK_PART_TIME,
    "pppkparuhwaktu": Employment.PPPK_PART_TIME,
    "p3kparuhwaktu": Employment.PPPK_PART_TIME,
    "pppkpw": Employment.PPPK_PART_TIME,
}
_ZONES = {"wib": "Asia/Jakarta", "wita": "Asia/Makassar", "wit": "Asia/Jayapura"}


def unit_kind(written: str) -> UnitKind | None:
    """'Dinas' -> AGENCY, 'RSUD' -> HOSPITAL, 'upt' -> UPT; None when no word is known."""
    words = " ".join(re.findall(r"[a-z]+", written.lower()))
    for kind, pattern in _UNIT_KINDS:
        if re.search(rf"\b(?:{pattern})\b", words):
            return kind
    return None


def employment(written: str) -> Employment | None:
    """'PPPK Paruh Waktu' -> PPPK_PART_TIME; None when it is no form of employment."""
    return _EMPLOYMENTS.get(plain(written))


def time_zone(written: str) -> str | None:
    """'WITA' -> 'Asia/Makassar'; a name like Asia/Jakarta stays. None when there is none such."""
    known = _ZONES.get(plain(written))
    if known is None and written in available_timezones():
        known = ZoneInfo(written).key
    return known


# --- posts -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class PostName:
    """A post of a unit as it is named: `code` is its key in the unit."""

    code: str
    title: str
    kind: PostKind


_CAPACITIES = {
    "plt": Capacity.PLT,
    "pelaksanatugas": Capacity.PLT,
    "plh": Capacity.PLH,
    "pelaksanaharian": Capacity.PLH,
    "definitif": Capacity.DEFINITIVE,
}
_CAPACITY = re.compile(
    r"\b(plt|plh|pelaksana\s+tugas|pelaksana\s+harian|definitif)\b\.?", re.IGNORECASE
)
_KASUBAG = re.compile(r"kasub+ag(ian)?|kasub|kasubag|ktu|(kepala )?(sub bagian|subbagian|subbag)")
_GENERAL = re.compile(r"\b(umum|tu|tata usaha|kepegawaian|ktu)\b")
_TATA_USAHA = re.compile(r"\b(kepala tata usaha|ktu)\b")
_OPERATOR = re.compile(r"\b(operator|admin|administrator)\b")
_LEADS_A_PART = re.compile(
    r"\b(kepala|ka)\s+(seksi|bidang|sub|subbagian|subbag|bagian|ruang|ruangan|instalasi|regu|tim"
    r"|kelompok|gudang|urusan|unit rawat|poli)\b|\b(kasi|kabid|kabag|kasub\w*|karu|kaur|koordinator"
    r"|supervisor|atasan|wakil|sekretaris|ketua|pengawas|manajer|section|wadir|asisten)\b"
)
_HEAD = re.compile(r"\b(head|kepala|pimpinan|direktur|kadis|kaban|karo|inspektur|kepsek|ka)\b")


def post_name(written: str) -> tuple[PostName, Capacity] | None:
    """'Plt Kasubag Umum' -> (the Kasubag's post, PLT); None when it is no post we know.

    Every unit has one head and one Kasubag Umum, whatever they are called there; other posts
    are told apart by their titles.
    """
    capacity = Capacity.DEFINITIVE
    found = _CAPACITY.search(written)
    if found:
        capacity = _CAPACITIES[plain(found[1])]
    title = " ".join(_CAPACITY.sub(" ", written).replace("()", " ").split()).strip(" .,-")
    words = " ".join(re.findall(r"[a-z0-9]+", title.lower()))
    if _OPERATOR.search(words):
        code = "operator" if re.fullmatch(r"(operator|admin)(?!.*\d).*", words) else _slug(words)
        return PostName(code, title, PostKind.OPERATOR), capacity
    if _is_kasubag_umum(words):
        return PostName("kasubag", title, PostKind.KASUBAG), capacity
    if _LEADS_A_PART.search(words):
        return PostName(_slug(words), title, PostKind.SUPERVISOR), capacity
    if _HEAD.search(words):
        return PostName("head", title, PostKind.HEAD), capacity
    return None


def _is_kasubag_umum(words: str) -> bool:
    if _TATA_USAHA.search(words) or words in ("kasubag", "kasubbag"):
        return True
    return bool(_KASUBAG.match(words) and _GENERAL.search(words))


def _slug(words: str) -> str:
    return words.replace(" ", "-")[:80]


# --- terminal IDs ----------------------------------------------------------------------------

_TERMINAL_ID = re.compile(r"(?P<pin>[A-Za-z0-9._-]{1,32})(?:\s*@\s*(?P<terminal>[^@;]{1,60}))?")


@dataclass(frozen=True, order=True)
class TerminalPin:
    """A person's ID at one terminal, or at all of the unit where none is named (ID mesin)."""

    pin: str
    terminal: str | None = None


def terminal_pin(written: str) -> TerminalPin | None:
    """'41' or '41@UPT1-A'; None when it is no ID."""
    found = _TERMINAL_ID.fullmatch(written.strip())
    if found is None:
        return None
    return TerminalPin(found["pin"], found["terminal"].strip() if found["terminal"] else None)
