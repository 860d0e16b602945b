"""What can be wrong with a row of a roster, each with a sentence for who mends it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FaultCode(StrEnum):
    """Why a row of a roster cannot be taken (kesalahan baris)."""

    NO_COLUMN = "no_column"
    EMPTY = "empty"
    TOO_LONG = "too_long"
    BAD_NIP = "bad_nip"
    DOUBLED_NIP = "doubled_nip"
    UNKNOWN_UNIT = "unknown_unit"
    DOUBLED_UNIT = "doubled_unit"
    UNIT_CIRCLE = "unit_circle"
    SECOND_TOP = "second_top"
    UNKNOWN_KIND = "unknown_kind"
    UNKNOWN_ZONE = "unknown_zone"
    UNKNOWN_PATTERN = "unknown_pattern"
    UNKNOWN_EMPLOYMENT = "unknown_employment"
    UNKNOWN_SUPERVISOR = "unknown_supervisor"
    OWN_SUPERVISOR = "own_supervisor"
    SUPERVISOR_CIRCLE = "supervisor_circle"
    BAD_PHONE = "bad_phone"
    LANDLINE = "landline"
    BAD_TERMINAL_ID = "bad_terminal_id"
    SHARED_TERMINAL_ID = "shared_terminal_id"
    UNKNOWN_POST = "unknown_post"
    UNKNOWN_HOLDER = "unknown_holder"
    BAD_DATE = "bad_date"
    END_BEFORE_START = "end_before_start"
    TWO_HOLDERS = "two_holders"
    SKIPPED_UNIT = "skipped_unit"
    SKIPPED_PERSON = "skipped_person"
    # of a shift roster
    NO_GRID = "no_grid"
    NO_UNIT = "no_unit"
    NO_MONTH = "no_month"
    DOUBLED_DAY = "doubled_day"
    DAY_NOT_IN_MONTH = "day_not_in_month"
    UNKNOWN_PERSON = "unknown_person"
    TWO_PERSONS = "two_persons"
    DOUBLED_PERSON = "doubled_person"
    UNKNOWN_LETTER = "unknown_letter"
    NOT_HERE = "not_here"
    OVERLAP = "overlap"


_SENTENCES = {
    FaultCode.NO_COLUMN: "Kolom ini tidak ada di baris judul; tambahkan. Yang ada: {detail}.",
    FaultCode.EMPTY: "Kosong; harus diisi.",
    FaultCode.TOO_LONG: "Terlalu panjang; paling banyak {detail} huruf.",
    FaultCode.BAD_NIP: "{detail}",
    FaultCode.DOUBLED_NIP: "NIP ini tertulis lebih dari sekali, juga di baris {detail}.",
    FaultCode.UNKNOWN_UNIT: "Tidak ada unit dengan kode ini.",
    FaultCode.DOUBLED_UNIT: "Kode unit ini tertulis lebih dari sekali, juga di baris {detail}.",
    FaultCode.UNIT_CIRCLE: "Unit berputar: {detail}. Perbaiki salah satu induknya.",
    FaultCode.SECOND_TOP: (
        "Hanya satu unit (provinsi) boleh tanpa induk, tetapi juga {detail}; isi kode induknya."
    ),
    FaultCode.UNKNOWN_KIND: "Jenis unit tidak dikenal; isi {detail}.",
    FaultCode.UNKNOWN_ZONE: "Zona waktu tidak dikenal; isi WIB, WITA atau WIT.",
    FaultCode.UNKNOWN_PATTERN: "Pola kerja tidak dikenal; yang ada: {detail}.",
    FaultCode.UNKNOWN_EMPLOYMENT: (
        "Jenis kepegawaian tidak dikenal; isi PNS, CPNS, PPPK atau PPPK paruh waktu."
    ),
    FaultCode.UNKNOWN_SUPERVISOR: "Atasan dengan NIP ini tidak ada di daftar pegawai.",
    FaultCode.OWN_SUPERVISOR: "Pegawai tidak bisa menjadi atasannya sendiri.",
    FaultCode.SUPERVISOR_CIRCLE: "Atasan berputar: {detail}. Perbaiki salah satu atasannya.",
    FaultCode.BAD_PHONE: "Bukan nomor HP yang mungkin; tulis seperti 081234567890.",
    FaultCode.LANDLINE: "Telepon rumah atau kantor tidak bisa menerima SMS; isi nomor HP.",
    FaultCode.BAD_TERMINAL_ID: "ID mesin harus 1 sampai 32 huruf atau angka, boleh @NAMA MESIN.",
    FaultCode.SHARED_TERMINAL_ID: "ID mesin ini juga milik baris {detail} di mesin yang sama.",
    FaultCode.UNKNOWN_POST: (
        "Jabatan tidak dikenal; isi Kepala, Kasubag Umum, Operator, atau jabatan atasan"
        " (Kepala Bidang, Kepala Seksi, Koordinator ...), boleh dengan Plt atau Plh di depan."
    ),
    FaultCode.UNKNOWN_HOLDER: "Pejabat dengan NIP ini tidak ada di daftar pegawai.",
    FaultCode.BAD_DATE: "Bukan tanggal; tulis 2026-11-30 atau 30/11/2026.",
    FaultCode.END_BEFORE_START: "Tanggal akhir mendahului tanggal awal {detail}.",
    FaultCode.TWO_HOLDERS: "Pada waktu yang sama jabatan ini juga dipegang baris {detail}.",
    FaultCode.SKIPPED_UNIT: "Ikut dilewati, karena baris unit {detail} salah.",
    FaultCode.SKIPPED_PERSON: "Ikut dilewati, karena baris pegawai {detail} salah.",
    FaultCode.NO_GRID: "Tidak ada baris judul dengan tanggal 1, 2, 3 dan seterusnya.",
    FaultCode.NO_UNIT: "Kode unit tidak tertulis; isi 'Unit: KODE' di atas jadwal, atau --unit.",
    FaultCode.NO_MONTH: (
        "Bulan tidak tertulis; isi 'Bulan: Desember 2026' di atas jadwal, atau --month 2026-12."
    ),
    FaultCode.DOUBLED_DAY: "Tanggal ini ada di dua kolom.",
    FaultCode.DAY_NOT_IN_MONTH: "Tanggal ini tidak ada di bulan {detail}.",
    FaultCode.UNKNOWN_PERSON: "Tidak ada pegawai dengan nama atau NIP ini di unit {detail}.",
    FaultCode.TWO_PERSONS: "Lebih dari satu pegawai bernama begitu: {detail}. Isi NIP-nya.",
    FaultCode.DOUBLED_PERSON: "Pegawai ini sudah ada di baris {detail}.",
    FaultCode.UNKNOWN_LETTER: (
        "Huruf jaga tidak dikenal di unit ini pada tanggal itu; yang ada: {detail}. Jam huruf baru"
        " diatur di halaman Jadwal jaga."
    ),
    FaultCode.NOT_HERE: "Pada tanggal itu pegawai ini tidak bekerja di unit {detail}.",
    FaultCode.OVERLAP: "Jaga ini belum selesai ketika jaga hari berikutnya mulai.",
}


@dataclass(frozen=True, order=True)
class Fault:
    """One thing that is wrong: where it stands, what is written there, and why it cannot be."""

    sheet: str
    line: int
    column: str
    code: FaultCode
    written: str = ""
    detail: str = ""

    @property
    def sentence(self) -> str:
        """What is wrong and what to do, in Indonesian."""
        return _SENTENCES[self.code].format(detail=self.detail)

    def __str__(self) -> str:
        shown = f" (tertulis: {self.written[:60]})" if self.written else ""
        return f"{self.sheet}, baris {self.line}, kolom {self.column}: {self.sentence}{shown}"
