"""Errors in plain words: what happened and what to do, as a page or as JSON for the API."""

from __future__ import annotations

import structlog
from flask import Flask, Response, jsonify, render_template, request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError

log = structlog.get_logger(__name__)

WORDS = {
    400: (
        _l("Permintaan ini tidak lengkap"),
        _l("Kembali ke halaman sebelumnya, muat ulang, lalu coba lagi."),
    ),
    401: (_l("Anda belum masuk"), _l("Masuk dulu, lalu buka lagi halaman ini.")),
    403: (
        _l("Halaman ini bukan untuk peran Anda"),
        _l("Bila Anda memerlukannya, mintalah BKD memberi akses."),
    ),
    404: (
        _l("Halaman ini tidak ada"),
        _l("Mungkin alamatnya salah, atau isinya milik unit lain. Mulailah dari papan hari ini."),
    ),
    405: (
        _l("Permintaan ini tidak lengkap"),
        _l("Kembali ke halaman sebelumnya, muat ulang, lalu coba lagi."),
    ),
    409: (
        _l("Sudah diubah orang lain"),
        _l("Muat ulang halaman, periksa lagi, lalu ulangi bila masih perlu."),
    ),
    413: (_l("Isian terlalu besar"), _l("Bagi isian menjadi beberapa bagian, lalu kirim lagi.")),
    429: (
        _l("Terlalu banyak percobaan"),
        _l("Tunggu satu menit, lalu coba lagi. Bila lupa kata sandi, hubungi BKD."),
    ),
    500: (
        _l("Ada yang rusak di pihak kami"),
        _l("Kejadian ini sudah tercatat. Coba lagi sebentar; bila berulang, hubungi BKD."),
    ),
}


def register(app: Flask) -> None:
    app.register_error_handler(CSRFError, _form_too_old)
    app.register_error_handler(HTTPException, _tell)
    app.register_error_handler(Exception, _tell_and_log)


def _tell(error: HTTPException) -> Response | tuple[Response | str, int]:
    if error.response is not None:
        return error.response  # type: ignore[return-value]
    code = error.code or 500
    title, advice = WORDS.get(code, WORDS[500] if code >= 500 else WORDS[400])
    faults = getattr(error, "data", {}).get("messages", {})  # of the API's arguments, by name
    return _answer(code, str(title), str(advice), faults)


def _form_too_old(error: CSRFError) -> tuple[Response | str, int]:
    return _answer(
        400,
        gettext("Formulir ini sudah kedaluwarsa"),
        gettext("Kembali, muat ulang halaman, isi lagi, lalu kirim. Tidak ada yang tersimpan."),
    )


def _tell_and_log(error: Exception) -> Response | tuple[Response | str, int]:
    log.exception("page_failed", path=request.path, method=request.method)
    return _tell(InternalServerError())


def _answer(
    code: int, title: str, advice: str, faults: object = None
) -> tuple[Response | str, int]:
    if request.path.startswith("/api/"):
        return jsonify(code=code, status=title, message=advice, errors=faults or {}), code
    return render_template("error.html", code=code, title=title, advice=advice), code
