"""The month as a workbook: a grid for each unit, and a sheet of days that programs can read."""

from __future__ import annotations

import io
from datetime import datetime, time

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from services.recaps import grid
from services.recaps.lines import COLUMNS, day_lines
from services.recaps.month import MonthRecap, UnitMonth

GREY, TITLE = "#E6E9EF", 13
SHEET_NAME = 31  # letters Excel allows
BAD_IN_SHEET_NAMES = str.maketrans("", "", "[]:*?/\\'")
DAY_COLUMNS = tuple(name for name in COLUMNS if name != "why")


def as_xlsx(recap: MonthRecap) -> bytes:
    """The workbook's bytes; the same for the same days and arguments."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False})
    made = datetime.combine(recap.printed_on or recap.last, time())
    book.set_properties({"title": f"Rekap {recap.first:%Y-%m}", "created": made})
    styles = _styles(book)
    used: set[str] = set()
    for unit in recap.units:
        _grid_sheet(book.add_worksheet(_free_name(unit.unit.code, used)), recap, unit, styles)
    _day_sheet(book.add_worksheet(_free_name("Harian", used)), recap, styles)
    book.close()
    return file.getvalue()


def _free_name(wanted: str, used: set[str]) -> str:
    base = wanted.translate(BAD_IN_SHEET_NAMES)[:SHEET_NAME] or "Unit"
    name, number = base, 1
    while name.lower() in used:
        number += 1
        name = f"{base[: SHEET_NAME - 4]} {number}"
    used.add(name.lower())
    return name


def _styles(book: xlsxwriter.Workbook) -> dict[str, object]:
    edge = {"border": 1, "font_size": 8, "valign": "vcenter"}
    return {
        "title": book.add_format({"bold": True, "font_size": TITLE}),
        "head": book.add_format(
            {**edge, "bold": True, "bg_color": GREY, "align": "center", "text_wrap": True}
        ),
        "text": book.add_format({**edge, "text_wrap": True}),
        "cell": book.add_format({**edge, "align": "center", "text_wrap": True}),
        "note": book.add_format({"font_size": 8}),
        "name": book.add_format({"bold": True, "underline": 1, "font_size": 9}),
    }


def _grid_sheet(
    sheet: Worksheet, recap: MonthRecap, unit: UnitMonth, styles: dict[str, object]
) -> None:
    dates = grid.dates_of(recap)
    headings = [*grid.WHO, *(day.day for day in dates), *(n for n, _ in grid.TOTALS), grid.NOTE]
    write = sheet.write
    write(0, 0, grid.title_of(recap, unit), styles["title"])
    for column, heading in enumerate(headings):
        write(2, column, heading, styles["head"])
    row = 3
    for number, each in enumerate(unit.people, 1):
        for column, value in enumerate(grid.row_of(number, each, dates)):
            is_text = column in (1, 3) or column == len(headings) - 1
            write(row, column, value, styles["text" if is_text else "cell"])
        row += 1
    totals = [value(unit.counted) for _, value in grid.TOTALS]
    write(row, 1, "Jumlah", styles["head"])
    for column, value in enumerate(totals, len(grid.WHO) + len(dates)):
        write(row, column, value, styles["head"])
    row += 2
    for line in grid.summary_of(unit):
        write(row, 1, line, styles["note"])
        row += 1
    _sign(sheet, row + 1, recap, unit, len(headings), styles)
    _lay_out(sheet, len(dates), len(headings))


def _sign(
    sheet: Worksheet,
    row: int,
    recap: MonthRecap,
    unit: UnitMonth,
    width: int,
    styles: dict[str, object],
) -> None:
    write = sheet.write
    right = max(width - 14, 6)
    write(row, right, grid.place_and_date(recap), styles["note"])
    left_lines = ["Mengetahui,", *grid.signature_lines(unit.head, "Kepala")]
    right_lines = ["", *grid.signature_lines(unit.kasubag, unit.unit.kasubag_label)]
    for number, (left, at_right) in enumerate(zip(left_lines, right_lines, strict=True), 1):
        style = styles["name" if number == 5 else "note"]
        write(row + number, 1, left, style)
        write(row + number, right, at_right, style)


def _lay_out(sheet: Worksheet, dates: int, width: int) -> None:
    """F4 (Folio), landscape, one page wide, headings on every page."""
    first_date = len(grid.WHO)

    sheet.set_column(0, 0, 4)
    sheet.set_column(1, 1, 26)
    sheet.set_column(2, 2, 6)
    sheet.set_column(3, 3, 18)
    sheet.set_column(first_date, first_date + dates - 1, 5)
    sheet.set_column(first_date + dates, width - 2, 7)
    sheet.set_column(width - 1, width - 1, 24)
    sheet.freeze_panes(3, first_date)
    sheet.set_landscape()
    sheet.set_paper(14)  # Folio, 8.5 x 13 in: F4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2)


def _day_sheet(sheet: Worksheet, recap: MonthRecap, styles: dict[str, object]) -> None:
    write = sheet.write
    for column, name in enumerate(DAY_COLUMNS):
        write(0, column, name, styles["head"])
    for row, line in enumerate(day_lines(recap), 1):
        for column, name in enumerate(DAY_COLUMNS):
            value = line[name]
            if isinstance(value, str):
                sheet.write_string(row, column, value)
            elif value is not None:
                write(row, column, value)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(DAY_COLUMNS) - 1, 20)
