"""What codes about terminals say to people: contacts, faults, problems, roads."""

from __future__ import annotations

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from domain.terminals import Fault
from services.terminals import TerminalProblem
from store.terminal_care import TerminalTicket

FAULT = {
    Fault.SILENT: _l("tidak menjawab"),
    Fault.UNREADABLE: _l("menjawab, tetapi bacaannya ditolak"),
    Fault.CLOCK: _l("jam meleset"),
    Fault.NEARLY_FULL: _l("hampir penuh"),
    Fault.COUNT_FELL: _l("isi memori berkurang tanpa kabar"),
    Fault.TWO_ADDRESSES: _l("dua alamat memakai satu nomor seri"),
    Fault.DEAD_SENSOR: _l("hampir tanpa rekaman, mungkin sensor mati"),
    Fault.REPORTED: _l("dilaporkan rusak"),
    Fault.AWAITING_DATA: _l("hari-hari menunggu data terlalu lama"),
}

CONTACT = {
    "bad_address": _l("alamatnya salah"),
    "unreachable": _l("tidak terjangkau: periksa listrik, kabel, alamat"),
    "wrong_comm_key": _l("comm key ditolak"),
    "other_terminal": _l("mesin lain di alamat itu"),
    "closed": _l("sambungan terputus"),
    "silent": _l("diam di tengah percakapan"),
    "deadline": _l("terlalu lambat"),
    "broken_session": _l("sambungan terputus"),
    "not_zk": _l("bukan mesin absensi di alamat itu"),
    "checksum": _l("data rusak di jalan"),
    "shifted_answer": _l("jawaban tertukar"),
    "unexpected_answer": _l("jawaban yang tidak dikenal"),
    "refused": _l("perintah ditolak mesin"),
    "short_read": _l("data kurang dari yang dijanjikan"),
    "layout": _l("bentuk rekaman tidak dikenali"),
    "count_fell": _l("rekaman lebih sedikit daripada yang kita simpan"),
    "not_contiguous": _l("isi memori bukan kelanjutan yang lama"),
    "count_doubt": _l("hitungan mesin tidak cocok"),
    "count_differs": _l("hitungan berbeda dengan yang kita simpan"),
    "clock_unknown": _l("jam menunjuk hari yang tidak ada"),
    "clear_confirmed": _l("pengosongan log dinyatakan petugas"),
    "clear_unknown": _l("tidak pasti apakah log terhapus"),
    "two_addresses": _l("dua alamat memakai satu nomor seri"),
    "wrong_file": _l("berkas yang salah"),
    "unreadable": _l("tidak terbaca"),
    "clock_set": _l("jam disetel"),
    "people_written": _l("nama pegawai ditulis ke mesin"),
    "bad_user": _l("ada ID atau nama yang tidak muat di mesin"),
    "bad_text": _l("isi berkas tidak dikenali"),
}

SOURCE = {
    "pull": _l("ditarik"),
    "push": _l("kirim sendiri"),
    "usb": _l("USB"),
    "csv": _l("CSV"),
    "person": _l("petugas"),
}

QUARANTINE = {
    "empty_pin": _l("tanpa ID"),
    "impossible_date": _l("tanggal yang tidak ada"),
    "year_out_of_range": _l("tahun di luar jangkauan"),
    "unreadable_line": _l("baris tidak terbaca"),
    "bad_column": _l("kolom tidak terbaca"),
    "long_pin": _l("ID terlalu panjang"),
    "rounded_number": _l("angka dibulatkan lembar kerja"),
    "no_time": _l("tanpa jam"),
}

COMMAND = {
    "verify": _l("hitung rekaman"),
    "query": _l("kirim ulang rekaman"),
    "write_user": _l("tulis nama pegawai"),
    "info": _l("tanya keadaan"),
}

PROBLEM = {
    "bad_name": _l("Nama mesin 1 sampai 60 huruf."),
    "bad_host": _l("Tulis alamat IP seperti 10.20.30.40; nama komputer tidak diterima."),
    "bad_port": _l("Port antara 1 dan 65535; biasanya 4370."),
    "bad_comm_key": _l("Comm key berupa angka."),
    "bad_layout": _l("Bentuk rekaman: auto, 8, 16, 40 atau 49."),
    "bad_serial": _l("Nomor seri 4 sampai 40 huruf dan angka."),
    "bad_networks": _l("Tulis jaringan seperti 10.4.0.0/16, paling banyak beberapa."),
    "no_serial": _l("Mesin yang mengirim sendiri dikenal dari nomor serinya; isi nomor serinya."),
    "no_address": _l("Mesin ini tidak punya alamat untuk dipanggil."),
    "name_taken": _l("Nama itu sudah dipakai mesin lain."),
    "serial_taken": _l("Nomor seri itu sudah dipakai mesin lain."),
    "address_taken": _l("Alamat itu sudah dipakai mesin lain."),
    "never_heard": _l("Belum ada mesin dengan nomor seri itu yang menghubungi kita minggu ini."),
    "unknown_unit": _l("Unit itu tidak ada."),
    "unknown_terminal": _l("Mesin itu tidak ada di unit Anda."),
    "unknown_nip": _l("Tidak ada pegawai dengan NIP itu."),
    "other_unit": _l("Mesin itu terpasang di unit lain."),
    "retired": _l("Mesin itu sudah dipensiunkan."),
    "id_known": _l("ID itu tidak sedang menunggu pemilik; muat ulang halaman ini."),
    "bad_pin": _l("ID mesin 1 sampai 32 huruf atau angka."),
    "busy": _l("Mesin sedang dibaca; coba lagi sebentar."),
    "not_yours": _l("Peran Anda tidak boleh melakukan ini."),
    "no_words": _l("Tuliskan singkat apa yang rusak."),
    "no_reason": _l("Tuliskan alasannya."),
    "no_ticket": _l("Tiket itu sudah ditutup atau bukan milik unit Anda."),
    "no_outage": _l("Masa rusak itu sudah diakhiri."),
    "days": _l("Hari terakhir mendahului hari pertama."),
    "too_long": _l("Terlalu panjang; nyatakan lagi bila masa itu habis."),
    "too_old": _l("Terlalu jauh ke belakang."),
    "declared": _l("Sebagian hari itu sudah dinyatakan rusak."),
    "bad_period": _l("Tulis masa seperti 2026-11-20 07:00:00, dari dulu ke nanti."),
    "bad_seconds": _l("Selisih itu terlalu besar."),
    "clock_good": _l("Jam mesin ini sudah benar."),
    "same_person": _l("Harus orang kedua yang melakukannya."),
    "no_clearing": _l("Tidak ada permintaan yang berlaku; minta lagi."),
    "changed": _l("Isi log berubah di antara dua bacaan. Ulangi dari awal."),
    "empty": _l("Log mesin ini kosong."),
    "no_units": _l("Belum ada unit. Impor daftar pegawai dulu."),
    "wrong_file": _l("Isi berkas itu tidak dikenali; pilih attlog.dat atau CSV yang benar."),
}


def problem(error: TerminalProblem) -> str:
    """A refusal in the visitor's language; a contact's trouble where it is one."""
    words = PROBLEM.get(error.code) or CONTACT.get(error.code)
    return str(words) if words else error.sentence


def ticket(found: TerminalTicket) -> str:
    """What a ticket is about, with the figure that shows it."""
    words, data = str(FAULT[Fault(found.kind)]), found.data
    details = {
        Fault.CLOCK: lambda: gettext("%(n)s detik", n=data.get("seconds")),
        Fault.NEARLY_FULL: lambda: f"{data.get('percent')}%",
        Fault.DEAD_SENSOR: lambda: gettext(
            "%(n)s rekaman, biasanya %(habit)s", n=data.get("scans"), habit=data.get("habit")
        ),
        Fault.REPORTED: lambda: f"“{data.get('words', '')}”",
        Fault.UNREADABLE: lambda: str(CONTACT.get(str(data.get("problem")), data.get("problem"))),
        Fault.AWAITING_DATA: lambda: gettext(
            "%(n)s hari orang, %(first)s sampai %(last)s",
            n=data.get("days"),
            first=data.get("first"),
            last=data.get("last"),
        ),
    }
    detail = details.get(Fault(found.kind))
    return f"{words}: {detail()}" if detail else words
