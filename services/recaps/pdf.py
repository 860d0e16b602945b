"""The month on paper: F4 landscape, a grid for each unit, rates with their formulas, signatures."""

from __future__ import annotations

import io
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.pagesizes import landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    Flowable,
    KeepTogether,
    PageBreak,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    Table,
    TableStyle,
)

from services.recaps import grid
from services.recaps.month import MonthRecap, Signature, UnitMonth

F4 = (215 * mm, 330 * mm)
MARGIN = 8 * mm
SMALL = ParagraphStyle("small", fontName="Helvetica", fontSize=4.6, leading=5.4)
CENTRED = ParagraphStyle("centred", parent=SMALL, alignment=1)
HEAD = ParagraphStyle("head", parent=CENTRED, fontName="Helvetica-Bold")
TITLE = ParagraphStyle("title", fontName="Helvetica-Bold", fontSize=11, leading=15)
NOTE = ParagraphStyle("note", fontName="Helvetica", fontSize=6.5, leading=8.5)
WIDTHS = {
    "No": 5,
    "Nama / NIP": 30,
    "Gol": 6,
    "Jabatan": 17,
    "TL 1/2/3/4": 8,
    "PSW 1/2/3/4": 8,
    grid.NOTE: 15,
}
DAY_WIDTH, COUNT_WIDTH = 5.3, 5
"""Shares of the page's width."""
LINES = TableStyle(
    [
        ("GRID", (0, 0), (-1, -1), 0.25, colors.grey),
        ("BACKGROUND", (0, 0), (-1, 0), colors.HexColor("#E6E9EF")),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("LEFTPADDING", (0, 0), (-1, -1), 0.6),
        ("RIGHTPADDING", (0, 0), (-1, -1), 0.6),
        ("TOPPADDING", (0, 0), (-1, -1), 0.8),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 0.8),
    ]
)


def words(text: object, style: ParagraphStyle = SMALL) -> Paragraph:
    """Text as it stands, whatever letters it holds; the paper's font has the Latin ones."""
    printable = str(text).encode("cp1252", "replace").decode("cp1252")
    return Paragraph(escape(printable).replace("\n", "<br/>"), style)


def as_pdf(recap: MonthRecap) -> bytes:
    """The pages' bytes; the same for the same days and arguments."""
    file = io.BytesIO()
    paper = SimpleDocTemplate(
        file, pagesize=landscape(F4), leftMargin=MARGIN, rightMargin=MARGIN, topMargin=MARGIN,
        bottomMargin=MARGIN + 4 * mm, title=f"Rekap {recap.unit.code} {recap.first:%Y-%m}",
        author="Hadir", invariant=1,
    )  # fmt: skip
    story: list[Flowable] = []
    for unit in recap.units:
        story += _unit_pages(recap, unit)
    if not story:
        story = [words(f"Belum ada hari yang dihitung di {recap.unit.name}.", NOTE)]
    paper.build(story, onFirstPage=_foot, onLaterPages=_foot)
    return file.getvalue()


def _foot(canvas: Canvas, paper: SimpleDocTemplate) -> None:
    canvas.setFont("Helvetica", 6)
    canvas.drawRightString(F4[1] - MARGIN, MARGIN, f"Hadir - {paper.title} - halaman {paper.page}")


def _unit_pages(recap: MonthRecap, unit: UnitMonth) -> list[Flowable]:
    dates = grid.dates_of(recap)
    headings = [*grid.WHO, *(day.day for day in dates), *(n for n, _ in grid.TOTALS), grid.NOTE]
    rows: list[list[Paragraph]] = [[words(heading, HEAD) for heading in headings]]
    for number, each in enumerate(unit.people, 1):
        row = grid.row_of(number, each, dates)
        rows.append(
            [
                words(value, SMALL if column in (1, 3) else CENTRED)
                for column, value in enumerate(row)
            ]
        )
    totals: list[object] = [value(unit.counted) for _, value in grid.TOTALS]
    blanks: list[object] = [""] * (len(grid.WHO) - 2 + len(dates))
    rows.append([words(value, HEAD) for value in ("", "Jumlah", *blanks, *totals, "")])
    shares = [_width(heading) for heading in headings]
    widths = [(F4[1] - 2 * MARGIN) * share / sum(shares) for share in shares]
    return [
        words(grid.title_of(recap, unit), TITLE),
        Table(rows, widths, repeatRows=1, style=LINES, hAlign="LEFT"),
        Spacer(1, 3 * mm),
        *(words(line, NOTE) for line in grid.summary_of(unit)),
        Spacer(1, 4 * mm),
        KeepTogether([_signatures(recap, unit)]),
        PageBreak(),
    ]


def _width(heading: object) -> float:
    if isinstance(heading, int):
        return DAY_WIDTH
    return WIDTHS.get(str(heading), COUNT_WIDTH)


def _signatures(recap: MonthRecap, unit: UnitMonth) -> Table:
    left = ["", "Mengetahui,", *_signed(unit.head, "Kepala")]
    right = [
        grid.place_and_date(recap),
        "",
        *_signed(unit.kasubag, unit.unit.kasubag_label),
    ]
    rows = [
        [Paragraph(one, NOTE), "", Paragraph(other, NOTE)]
        for one, other in zip(left, right, strict=True)
    ]
    tight = TableStyle(
        [("TOPPADDING", (0, 0), (-1, -1), 0), ("BOTTOMPADDING", (0, 0), (-1, -1), 0)]
    )
    return Table(rows, [90 * mm, 120 * mm, 90 * mm], style=tight)


def _signed(signature: Signature | None, title: str) -> list[str]:
    lines = [escape(line) for line in grid.signature_lines(signature, title)]
    lines[3] = f"<b><u>{lines[3]}</u></b>"
    return [line or "&nbsp;" for line in lines]
