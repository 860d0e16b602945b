"""Every sentence that Hadir sends by SMS, and nothing else sends one.

GSM-7, one segment of 160 letters over a roster of 45-letter names (fields are dropped in a fixed
order until it fits), no URL, no NIP, dates like "12 Des", none of the words carriers filter.
Illness is only ever "sakit".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time

from domain.cases import CaseKind, CaseStatus, WaitingFor
from domain.people import short_name

SEGMENT = 160

MONTHS = ("", "Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agt", "Sep", "Okt", "Nov", "Des")

KIND_WORDS = {
    CaseKind.ANNUAL: "cuti tahunan",
    CaseKind.SICK: "sakit",
    CaseKind.MATERNITY: "cuti melahirkan",
    CaseKind.IMPORTANT: "cuti alasan penting",
    CaseKind.LONG: "cuti besar",
    CaseKind.UNPAID: "cuti di luar tanggungan negara",
    CaseKind.PERMISSION: "izin",
    CaseKind.LATE: "izin terlambat",
    CaseKind.EARLY: "izin pulang cepat",
    CaseKind.OUT: "izin keluar",
    CaseKind.DUTY: "dinas luar",
    CaseKind.CORRECTION: "koreksi absen",
}

EXAMPLE = "CUTI TAHUNAN 12-14 DES ACARA KELUARGA"


@dataclass(frozen=True)
class Asked:
    """What a case is about, as a text needs it."""

    kind: CaseKind
    start: date
    end: date | None
    time_from: time | None = None
    time_to: time | None = None
    reason: str = ""


def day_words(day: date) -> str:
    """'12 Des'"""
    return f"{day.day} {MONTHS[day.month]}"


def span_words(start: date, end: date | None) -> str:
    """'12 Des', '12-14 Des', '30 Nov-2 Des', 'mulai 12 Des'"""
    if end is None:
        return f"mulai {day_words(start)}"
    if end == start:
        return day_words(start)
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day}-{day_words(end)}"
    return f"{day_words(start)}-{day_words(end)}"


def asked_words(asked: Asked) -> str:
    """'cuti tahunan 12-14 Des', 'izin keluar 3 Des 10.00-12.00'"""
    words = f"{KIND_WORDS[asked.kind]} {span_words(asked.start, asked.end)}"
    clock = [f"{t:%H.%M}" for t in (asked.time_from, asked.time_to) if t is not None]
    return f"{words} {'-'.join(clock)}" if clock else words


def shown_reason(asked: Asked) -> str:
    """The reason as others may read it: of an illness only that it is one."""
    return "" if asked.kind in (CaseKind.SICK, CaseKind.MATERNITY) else asked.reason.strip()


def fit(*candidates: str) -> str:
    """The first candidate that fits one segment; the last one is cut rather than split."""
    for text in candidates:
        if len(text) <= SEGMENT:
            return text
    return candidates[-1][:SEGMENT]


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


# --- to the employee -------------------------------------------------------------------------


def receipt(asked: Asked, decider: str, days: int | None, *, bereaved: bool = False) -> str:
    """Receipt (tanda terima): what was understood, and who is asked now."""
    what = asked_words(asked)
    length = f" ({days} hari kerja)" if days and days > 1 else ""
    opening = "Kami turut berduka cita. " if bereaved else ""
    who = short_name(decider)
    return fit(
        f"{opening}{capital(what)}{length} sudah kami terima dan teruskan ke {who}. "
        "Keliru? Balas BATAL. Salam, Hadir",
        f"{opening}{capital(what)}{length} sudah kami teruskan ke {who}. Keliru? Balas BATAL.",
        f"{opening}{capital(what)} sudah kami teruskan ke {who}.",
    )


def receipt_for_sick(asked: Asked, decider: str) -> str:
    """Receipt with a wish, for illness."""
    who = short_name(decider)
    return fit(
        f"{capital(asked_words(asked))} sudah kami teruskan ke {who}. Semoga lekas sembuh. "
        "Surat dokter bisa menyusul ke operator.",
        f"{capital(asked_words(asked))} sudah kami teruskan ke {who}. Semoga lekas sembuh.",
    )


def nobody_to_decide(asked: Asked) -> str:
    """Receipt when no supervisor stands in the register."""
    return fit(
        f"{capital(asked_words(asked))} sudah kami terima. Atasan Anda belum tercatat, jadi kami "
        "teruskan ke bagian umum.",
    )


def agreed(asked: Asked, decider: str) -> str:
    """Outcome (kabar): the supervisor agreed; it is not yet recorded."""
    return fit(
        f"Kabar baik: {asked_words(asked)} disetujui {short_name(decider)}. Selanjutnya dicatat "
        "bagian umum. Terima kasih.",
        f"{capital(asked_words(asked))} disetujui {short_name(decider)}.",
    )


def refused(asked: Asked, decider: str, reason: str) -> str:
    """Outcome: not agreed, with the reason where there is one."""
    what, who = asked_words(asked), short_name(decider)
    return fit(
        *([f"Mohon maaf, {what} belum dapat disetujui {who}: {reason}"] if reason else []),
        f"Mohon maaf, {what} belum dapat disetujui {who}. Silakan bicarakan langsung.",
        f"Mohon maaf, {what} belum dapat disetujui.",
    )


def postponed(asked: Asked, decider: str, reason: str) -> str:
    """Outcome: put off (ditangguhkan)."""
    what, who = asked_words(asked), short_name(decider)
    return fit(
        *([f"{capital(what)} ditangguhkan {who}: {reason}"] if reason else []),
        f"{capital(what)} ditangguhkan {who}. Silakan ajukan lagi lain hari.",
        f"{capital(what)} ditangguhkan.",
    )


def change_proposed(asked: Asked, changed: Asked, decider: str, code: str) -> str:
    """The supervisor agrees to something else; the employee accepts or refuses."""
    return fit(
        f"{short_name(decider)} mengusulkan {asked_words(changed)}, bukan "
        f"{span_words(asked.start, asked.end)}. Setuju? Balas YA {code} atau TIDAK {code}.",
        f"Usul atasan: {asked_words(changed)}. Balas YA {code} atau TIDAK {code}.",
    )


def recorded(asked: Asked) -> str:
    """Outcome: the operator has recorded it."""
    return fit(f"{capital(asked_words(asked))} sudah dicatat. Terima kasih, Hadir.")


def given_back_to_employee(asked: Asked, why: str) -> str:
    """The case came back for something missing."""
    what = capital(asked_words(asked))
    return fit(
        f"{what} dikembalikan bagian umum: {why}. Silakan lengkapi lewat operator.",
        f"{what} dikembalikan bagian umum. Silakan hubungi operator unit Anda.",
    )


def withdrawn(asked: Asked) -> str:
    """Receipt of a withdrawal."""
    return fit(f"Baik, {asked_words(asked)} sudah dibatalkan. Terima kasih sudah mengabari.")


def nothing_to_cancel() -> str:
    return "Tidak ada permohonan Anda yang bisa dibatalkan. Ketik STATUS untuk melihat."


def which_to_cancel(choices: Sequence[Asked]) -> str:
    """Several could be meant."""
    listed = "; ".join(asked_words(choice) for choice in choices)
    return fit(
        f"Yang mana yang dibatalkan? {listed}. Balas BATAL dan tanggalnya.",
        "Yang mana yang dibatalkan? Balas BATAL dan tanggalnya, mis. BATAL 12 DES.",
    )


def status(lines: Sequence[tuple[Asked, str]]) -> str:
    """Answer to STATUS: the latest requests and where each stands, within one segment."""
    if not lines:
        return f"Belum ada permohonan Anda yang berjalan. Contoh mengajukan: {EXAMPLE}"
    parts = [f"{asked_words(asked)}: {standing}" for asked, standing in lines]
    while len(parts) > 1 and len("; ".join(parts)) > SEGMENT:
        parts.pop()
    return fit(capital("; ".join(parts)))


def standing_words(status: CaseStatus, waiting_for: WaitingFor | None) -> str:
    """Where a case stands, for the answer to STATUS."""
    if waiting_for is not None:
        return {
            WaitingFor.EMPLOYEE: "menunggu jawaban Anda",
            WaitingFor.SUPERVISOR: "menunggu atasan",
            WaitingFor.KASUBAG: "disetujui, menunggu bagian umum",
            WaitingFor.OPERATOR: "disetujui, menunggu dicatat",
        }[waiting_for]
    return {
        CaseStatus.CONFIRMED: "sudah dicatat",
        CaseStatus.REFUSED: "belum disetujui",
        CaseStatus.POSTPONED: "ditangguhkan",
        CaseStatus.WITHDRAWN: "dibatalkan",
        CaseStatus.LAPSED: "ditutup tanpa keputusan",
        CaseStatus.OPEN: "berjalan",
    }[status]


def balance_unknown() -> str:
    """Answer to SISA CUTI while no leave ledger is kept here."""
    return "Sisa cuti belum tercatat di Hadir. Silakan tanyakan ke operator atau bagian umum unit."


def help_text() -> str:
    return fit(
        f"Contoh: {EXAMPLE} / SAKIT HARI INI / IZIN TERLAMBAT JAM 9 / DINAS LUAR BESOK KE BPKP. "
        "STATUS untuk cek, BATAL untuk membatalkan."
    )


# --- questions back --------------------------------------------------------------------------


def teaching() -> str:
    """One teaching reply to what could not be read."""
    return fit(
        f"Maaf, pesan belum terbaca. Contoh: {EXAMPLE}, atau SAKIT HARI INI. "
        "Ketik BANTUAN untuk cara lain."
    )


def ask_dates(kind: CaseKind | None) -> str:
    what = KIND_WORDS[kind] if kind else "permohonan"
    return fit(
        f"{capital(what)} kami catat dulu. Mulai dan sampai tanggal berapa? Contoh: 12-14 DES"
    )


def ask_end(kind: CaseKind | None, start: date | None) -> str:
    what = KIND_WORDS[kind] if kind else "permohonan"
    since = f" mulai {day_words(start)}" if start else ""
    return fit(f"{capital(what)}{since}, sampai tanggal berapa? Contoh: SAMPAI 14 DES")


def ask_kind(start: date | None, end: date | None) -> str:
    when = f" {span_words(start, end)}" if start else ""
    return fit(f"Untuk{when or ' itu'}: CUTI, IZIN, SAKIT atau DINAS? Balas satu kata saja.")


def ask_confirm(asked: Asked) -> str:
    """A change or a request for someone else: say what was understood, ask for YA."""
    return fit(f"Maksudnya {asked_words(asked)}? Balas YA bila benar, atau tulis yang benar.")


def ask_which(choices: Sequence[tuple[str, str]]) -> str:
    """Several requests wait for this decider: (code, short name)."""
    listed = ", ".join(f"{code} {short_name(name, 14)}" for code, name in choices)
    example = choices[0][0]
    return fit(
        f"Yang mana? {listed}. Balas mis. YA {example} atau TIDAK {example} + alasan.",
        f"Ada {len(choices)} permohonan. Balas dengan kodenya, mis. YA {example}.",
    )


def ask_decision(code: str, name: str, asked: Asked) -> str:
    """The decision itself was not certain."""
    who = short_name(name)
    return fit(
        f"Mohon kepastian untuk {who}, {asked_words(asked)}: balas YA {code} atau TIDAK {code} "
        "+ alasan.",
        f"Mohon kepastian: balas YA {code} atau TIDAK {code} + alasan.",
    )


def ask_who() -> str:
    """A colleague's phone or a shared one."""
    return "Ini untuk siapa? Balas dengan nama lengkap pegawai yang dimaksud, lalu permohonannya."


def draft_expired() -> str:
    return f"Pertanyaan kami belum terjawab, jadi belum ada yang dicatat. Contoh: {EXAMPLE}"


def recorded_answer(asked: Asked, *, accepted: bool) -> str:
    """Receipt of the employee's answer to a proposed change."""
    if accepted:
        return fit(f"Baik, {asked_words(asked)} kami teruskan ke bagian umum. Terima kasih.")
    return fit("Baik, usul itu tidak dipakai dan permohonannya ditutup. Silakan ajukan lagi.")


def reason_noted(name: str) -> str:
    return fit(f"Terima kasih, alasannya kami sampaikan ke {short_name(name)}.")


def draft_dropped() -> str:
    return f"Baik, tidak kami catat. Silakan kirim yang benar, contoh: {EXAMPLE}"


def ask_stand_in(name: str, start: date, end: date | None) -> str:
    """A stand-in (Plh) was named; asked back once."""
    return fit(f"Plh Anda {span_words(start, end)}: {short_name(name)}? Balas YA bila benar.")


def stand_in_noted(name: str, start: date, end: date | None) -> str:
    return fit(
        f"Baik. Permohonan yang biasanya ke Anda kami teruskan ke {short_name(name)} "
        f"{span_words(start, end)}."
    )


def one_at_a_time() -> str:
    return "Mohon satu SMS untuk satu keputusan, mis. YA 41 lalu TIDAK 52 + alasan."


def relayed_question(decider: str, asked: Asked, question: str) -> str:
    """A supervisor's question about a request, handed to the employee."""
    return fit(
        f"{short_name(decider)} bertanya tentang {asked_words(asked)}: {question}",
        f"{short_name(decider)} bertanya tentang {asked_words(asked)}. Mohon hubungi langsung.",
    )


def question_relayed(name: str, code: str) -> str:
    return fit(
        f"Pertanyaan Anda kami teruskan ke {short_name(name)}. Keputusannya tetap kami tunggu: "
        f"YA {code} atau TIDAK {code}."
    )


def nothing_waits() -> str:
    return "Tidak ada permohonan yang menunggu keputusan Anda saat ini. Terima kasih."


def already_done(code: str) -> str:
    return f"Permohonan {code} sudah selesai. Terima kasih."


# --- to the supervisor -----------------------------------------------------------------------


def approval_request(name: str, asked: Asked, code: str) -> str:
    """Approval request (permintaan persetujuan); the reason is the first field to drop."""
    what, who = asked_words(asked), short_name(name)
    how = f"Balas YA {code} atau TIDAK {code} + alasan."
    reason = shown_reason(asked)
    return fit(
        *([f"{who} mohon {what}: {reason}. {how}"] if reason else []),
        f"{who} mohon {what}. {how}",
        f"{who}: {what}. YA {code} / TIDAK {code} + alasan",
    )


def reminder(name: str, asked: Asked, code: str) -> str:
    """A second word about a request that still waits."""
    return fit(
        f"Mengingatkan: {short_name(name)} menunggu jawaban untuk {asked_words(asked)}. "
        f"Balas YA {code} atau TIDAK {code} + alasan.",
        f"Mengingatkan: {short_name(name)}, {asked_words(asked)}. YA {code} / TIDAK {code}.",
    )


def echo_agreed(name: str, asked: Asked, code: str) -> str:
    """Every decision is echoed to the decider with a way to undo it."""
    return fit(
        f"Anda menyetujui {asked_words(asked)} untuk {short_name(name)}. Bukan Anda? "
        f"Balas BATAL {code} dalam 1 jam.",
        f"Anda menyetujui {short_name(name)}, {asked_words(asked)}. Bukan Anda? BATAL {code}",
    )


def echo_refused(name: str, asked: Asked, code: str, has_reason: bool) -> str:
    ask = "" if has_reason else f" Mohon alasannya: balas ALASAN {code} dan isinya."
    return fit(
        f"Anda tidak menyetujui {asked_words(asked)} untuk {short_name(name)}.{ask} "
        f"Bukan Anda? Balas BATAL {code}.",
        f"Anda tidak menyetujui {short_name(name)}.{ask} Bukan Anda? BATAL {code}",
    )


def echo_postponed(name: str, asked: Asked, code: str) -> str:
    return fit(
        f"Anda menangguhkan {asked_words(asked)} untuk {short_name(name)}. Bukan Anda? "
        f"Balas BATAL {code} dalam 1 jam.",
        f"Anda menangguhkan {short_name(name)}. Bukan Anda? BATAL {code}",
    )


def echo_change(name: str, changed: Asked) -> str:
    return fit(
        f"Usul {asked_words(changed)} kami sampaikan ke {short_name(name)} untuk dijawab. "
        "Terima kasih.",
    )


def undone(name: str, asked: Asked, code: str) -> str:
    return fit(
        f"Keputusan untuk {short_name(name)}, {asked_words(asked)}, sudah ditarik. "
        f"Balas YA {code} atau TIDAK {code} + alasan.",
        f"Keputusan {code} sudah ditarik. Balas YA {code} atau TIDAK {code} + alasan.",
    )


def too_late_to_undo() -> str:
    return "Keputusan itu sudah diteruskan. Silakan hubungi Kasubag Umum untuk mengubahnya."


def withdrawn_notice(name: str, asked: Asked) -> str:
    return fit(f"{short_name(name)} membatalkan {asked_words(asked)}. Tidak perlu dijawab lagi.")


def report_confirm(name: str, asked: Asked) -> str:
    """The supervisor reports a subordinate's absence; asked back once."""
    return fit(
        f"Catat {short_name(name)} {asked_words(asked)}, dan Anda setujui? Balas YA bila benar.",
    )


def filed_for_you(asked: Asked, by: str) -> str:
    """Echo to the employee of what was filed on their behalf."""
    return fit(
        f"{capital(asked_words(asked))} untuk Anda sudah dicatatkan {short_name(by)}. "
        "Keliru? Balas SALAH.",
    )


# --- to Kasubag, operator, technician --------------------------------------------------------


def queue_notice(name: str, asked: Asked, decider: str) -> str:
    """Kasubag Umum hears that a case stands in the queue."""
    return fit(
        f"{short_name(name)}: {asked_words(asked)} disetujui {short_name(decider)}. Menunggu "
        "Anda di panel Hadir.",
        f"{short_name(name)}: {asked_words(asked)} menunggu Anda di panel Hadir.",
    )


def duty_typed(asked: Asked, place: str) -> str:
    """Each traveller hears of duty travel the operator typed."""
    where = f" ke {place}" if place else ""
    return fit(
        f"Dinas luar Anda {span_words(asked.start, asked.end)}{where} sudah dicatat operator. "
        "Keliru? Balas SALAH.",
        f"Dinas luar Anda {span_words(asked.start, asked.end)} sudah dicatat. Keliru? Balas SALAH.",
    )


def duty_typed_supervisor(names: Sequence[str], asked: Asked, place: str) -> str:
    """The travellers' supervisor hears once for all of them."""
    where = f" ke {place}" if place else ""
    who = short_name(names[0]) + (f" dan {len(names) - 1} lainnya" if len(names) > 1 else "")
    return fit(
        f"Dinas luar {who} {span_words(asked.start, asked.end)}{where} dicatat operator. "
        "Keliru? Balas SALAH.",
        f"Dinas luar {who} {span_words(asked.start, asked.end)} dicatat. Keliru? Balas SALAH.",
    )


def objection(name: str, day: date) -> str:
    """Somebody says they were there though no scan came."""
    return fit(
        f"{short_name(name)} menyatakan hadir {day_words(day)} tetapi belum terekam. Mohon cek "
        "mesin dan daftar hadir di unit.",
    )


# --- questions and alerts of the day ---------------------------------------------------------


def cutoff_question(name: str, until: time) -> str:
    """Polite same-day question (pertanyaan pagi); never calls anybody absent."""
    return fit(
        f"Yth. {short_name(name)}, kehadiran Anda belum terekam sampai {until:%H.%M}. "
        "Balas SAKIT, IZIN, DINAS atau HADIR. Terima kasih.",
    )


def morning_list(day: date, names: Sequence[str]) -> list[str]:
    """Morning list (daftar pagi) to a supervisor, whole in itself, in as many texts as needed."""
    opening = f"Daftar pagi {day_words(day)}, belum terekam: "
    closing = ". Mereka sudah kami tanya."
    texts: list[str] = []
    line = ""
    for name in (short_name(each, 18) for each in names):
        longer = f"{line}, {name}" if line else name
        if len(opening) + len(longer) + len(closing) > SEGMENT and line:
            texts.append(f"{opening}{line} ...")
            longer = name
        line = longer
    texts.append(f"{opening}{line}{closing}")
    return texts


def absence_alert(name: str, day: date) -> str:
    """After day close, with proof: what stands, and how to object."""
    return fit(
        f"Yth. {short_name(name)}, {day_words(day)} tercatat tanpa keterangan. Bila keliru, balas "
        f"SALAH {day.day}, atau SAKIT/IZIN/DINAS dan tanggalnya.",
    )


def absence_alert_supervisor(name: str, day: date) -> str:
    return fit(
        f"{short_name(name)} tercatat tanpa keterangan {day_words(day)}. Bila Anda tahu sebabnya, "
        f"balas mis. {short_name(name, 14)} SAKIT {day_words(day).upper()}.",
        f"{short_name(name)} tercatat tanpa keterangan {day_words(day)}.",
    )


DAY_WORDS = {
    "present": "hadir",
    "incomplete": "hadir, satu rekaman",
    "on_leave": "cuti",
    "sick": "sakit",
    "permission": "izin",
    "on_duty": "dinas luar",
    "wfa": "WFA",
    "study": "tugas belajar",
    "day_off": "bukan hari kerja",
    "awaiting_data": "menunggu data mesin",
    "awaiting_decision": "ada kabar, belum diputus",
    "absent": "tanpa keterangan",
}


def day_corrected(name: str, day: date, status_now: str) -> str:
    """Who got a wrong message gets its correction."""
    return fit(
        f"Ralat: {short_name(name)} tanggal {day_words(day)} kini tercatat "
        f"{DAY_WORDS[status_now]}. Mohon maaf atas pesan sebelumnya.",
    )


def answer_noted(what: str) -> str:
    """Receipt of an answer to a question or alert: 'hadir', 'lupa absen'."""
    return fit(f"Terima kasih, jawaban Anda ({what}) kami teruskan ke operator untuk dicek.")


# --- strangers and stops ---------------------------------------------------------------------


def stranger() -> str:
    """To somebody who is not in the register, at most once a day."""
    return (
        "Mohon maaf, HP ini belum terdaftar di Hadir. Silakan hubungi operator kepegawaian di "
        "unit kerja Anda."
    )


def stopped() -> str:
    return "Baik, HP ini tidak akan kami kirimi pesan lagi. Mohon maaf atas gangguannya."


def alerts_stopped() -> str:
    return "Baik, pengingat harian dihentikan. Jawaban atas permohonan Anda tetap kami kirim."


def fault_report(name: str, unit: str) -> str:
    """A terminal's trouble, to operator and technician."""
    return fit(
        f"{short_name(name)} melaporkan mesin absensi bermasalah di {unit}. Mohon dicek.",
        f"{short_name(name)} melaporkan mesin absensi bermasalah. Mohon dicek.",
    )


def fault_noted(unit: str) -> str:
    """Receipt of 'mesin rusak'."""
    return fit(f"Terima kasih, laporan mesin di {unit} kami teruskan ke operator dan teknisi.")
