"""The forms that people fill in; labels in their language, what was typed is kept."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    Field,
    PasswordField,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from domain.cases import CaseKind, HalfDay
from services.cases import Request
from webapp import wording

WITH_CLOCK = (CaseKind.LATE, CaseKind.EARLY, CaseKind.OUT)
MAY_HAVE_CLOCK = (*WITH_CLOCK, CaseKind.CORRECTION)  # the times of a forgotten scan
FILED_BY_HAND = tuple(kind for kind in CaseKind if kind is not CaseKind.DUTY)
CORRECTIONS = {
    "forgot_scan": _l("lupa absen"),
    "present": _l("hadir, tetapi tidak terekam"),
    "wrong": _l("data salah"),
}
REQUIRED = InputRequired(_l("Wajib diisi."))
WRONG_DATE = _l("Tulis tanggalnya, misalnya 24-11-2026.")


class DayField(DateField):  # type: ignore[misc]
    """A date as browsers send it, or typed as 24-11-2026 or 24/11/2026."""

    def __init__(self, label: Any, validators: Any, **bound: Any):
        super().__init__(label, validators, format=["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"], **bound)

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(str(WRONG_DATE)) from None
        if self.data is not None and not 2000 <= self.data.year <= 2100:  # type: ignore[has-type]
            self.data = None
            raise ValueError(str(WRONG_DATE))


class ClockField(TimeField):  # type: ignore[misc]
    """A clock time, 07:30 or 07.30."""

    def __init__(self, label: Any, validators: Any, **bound: Any):
        super().__init__(label, validators, format=["%H:%M", "%H.%M", "%H:%M:%S"], **bound)

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(gettext("Tulis jamnya, misalnya 07.30.")) from None


class DutyForm(FlaskForm):  # type: ignore[misc]
    """Dinas luar for one or many."""

    people = TextAreaField(_l("NIP atau nama, satu per baris"), [REQUIRED, Length(max=100_000)])
    start = DayField(_l("Mulai"), [REQUIRED])
    end = DayField(_l("Sampai (kosong bila sehari)"), [Optional()])
    place = StringField(_l("Tujuan"), [REQUIRED, Length(max=160)])
    purpose = StringField(_l("Keperluan"), [Optional(), Length(max=500)])
    letter_number = StringField(_l("Nomor surat tugas"), [Optional(), Length(max=80)])


class _RequestFields(FlaskForm):  # type: ignore[misc]
    """What is asked for, whoever files it."""

    kind = SelectField(_l("Jenis"), [REQUIRED])
    start = DayField(_l("Mulai"), [REQUIRED])
    start_half = SelectField(_l("Bagian hari pertama"))
    end = DayField(_l("Sampai (kosong bila sehari)"), [Optional()])
    end_half = SelectField(_l("Bagian hari terakhir"))
    time_from = ClockField(_l("Dari jam"), [Optional()])
    time_to = ClockField(_l("Sampai jam"), [Optional()])
    correction = SelectField(_l("Bila koreksi: apa yang terjadi"))
    reason = StringField(_l("Alasan"), [Optional(), Length(max=500)])

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.kind.choices = [
            ("", ""),
            *((kind.value, wording.KIND[kind]) for kind in FILED_BY_HAND),
        ]
        halves = [(half.value, words) for half, words in wording.HALF.items()]
        self.start_half.choices = self.end_half.choices = halves
        self.correction.choices = [("", ""), *CORRECTIONS.items()]

    def validate_end(self, field: Field) -> None:
        if isinstance(self.start.data, date) and field.data and field.data < self.start.data:
            raise ValidationError(wording.FAULT["dates"])

    def validate_correction(self, field: Field) -> None:
        if self.kind.data == CaseKind.CORRECTION.value and not field.data:
            raise ValidationError(gettext("Pilih apa yang terjadi."))

    def validate(self, extra_validators: Any = None) -> bool:
        # an empty optional field ends its own chain, so the pair is looked at here
        return bool(super().validate(extra_validators)) & self._clock_fits()

    def _clock_fits(self) -> bool:
        first, last = self.time_from.data, self.time_to.data
        fault = ""
        if self.kind.data in [kind.value for kind in WITH_CLOCK] and not (first or last):
            fault = gettext("Isi jamnya: dari, sampai, atau keduanya.")
        elif first and last and last <= first:
            fault = gettext("Jam akhir lebih awal daripada jam mulai.")
        if fault:
            self.time_to.errors = [*self.time_to.errors, fault]
        return not fault

    def request(self) -> Request:
        """What was typed, as the story takes it."""
        kind = CaseKind(self.kind.data)
        clock: tuple[time | None, time | None] = (self.time_from.data, self.time_to.data)
        return Request(
            kind=kind,
            start=self.start.data,  # type: ignore[arg-type]  # required, so there after validation
            end=self.end.data or (None if kind is CaseKind.MATERNITY else self.start.data),
            start_half=HalfDay(self.start_half.data or HalfDay.FULL),
            end_half=HalfDay(self.end_half.data or HalfDay.FULL),
            time_from=clock[0] if kind in MAY_HAVE_CLOCK else None,
            time_to=clock[1] if kind in MAY_HAVE_CLOCK else None,
            reason=(self.reason.data or "").strip(),
            correction=(self.correction.data or None) if kind is CaseKind.CORRECTION else None,
        )


class FilingForm(_RequestFields):
    """For a person who phoned, wrote WhatsApp or brought paper."""

    who = StringField(_l("NIP atau nama pegawai"), [REQUIRED, Length(max=120)])
    told_by = StringField(
        _l("Siapa mengabari siapa, lewat apa"),
        [InputRequired(_l("Tuliskan siapa yang mengabari dan lewat apa.")), Length(max=160)],
    )
    agreed = BooleanField(_l("Atasan sudah menyetujui di atas kertas"))


class UnreadForm(_RequestFields):
    """What the operator reads in an SMS that the machine could not read."""


class PasswordForm(FlaskForm):  # type: ignore[misc]
    """A new password, typed twice."""

    old = PasswordField(_l("Kata sandi sekarang"), [REQUIRED])
    new = PasswordField(_l("Kata sandi baru"), [REQUIRED])
    again = PasswordField(_l("Kata sandi baru sekali lagi"), [REQUIRED])

    def validate_again(self, field: Field) -> None:
        if field.data != self.new.data:
            raise ValidationError(gettext("Kedua kata sandi baru tidak sama."))
