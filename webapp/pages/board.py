"""Today's board (papan hari ini): who is where, with the reason named."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, render_template, request

from store import board
from store.people import Unit
from webapp import wording
from webapp.auth import SEE_PEOPLE, for_roles, viewer, visitor
from webapp.context import db
from webapp.pages.asking import asked_day, today

desk = Blueprint("board", __name__)
PAGE = 100


@desk.get("/", endpoint="today")
@for_roles(*SEE_PEOPLE)
def board_of_a_day() -> Any:
    """The board of `?day=` for `?unit=` and all below it, perhaps only people of `?status=`."""
    day, status = asked_day(), request.args.get("status", "")
    if status and status not in wording.STATUS:
        abort(404)
    page = max(request.args.get("page", 1, int), 1)
    with db().read() as session:
        unit = _asked_unit(session)
        path = unit.path if unit else visitor().unit_path
        units = board.unit_lines(session, viewer(), day, path)
        # a province's names are only listed once a unit or a status was chosen
        show_people = unit is not None or bool(status) or len(units) <= 12
        people = (
            board.board_lines(
                session,
                viewer(),
                day,
                path,
                status=status,
                limit=PAGE + 1,
                offset=(page - 1) * PAGE,
            )
            if show_people
            else []
        )
        as_of = board.newest_change(session, viewer(), day, path)
    return render_template(
        "board.html",
        day=day,
        is_today=day == today(),
        day_before=day - timedelta(days=1),
        day_after=day + timedelta(days=1),
        status=status,
        unit=unit,
        top=units[0] if units else None,
        units=units,
        people=people[:PAGE],
        show_people=show_people,
        page=page,
        has_more=len(people) > PAGE,
        as_of=as_of,
        zone=visitor().zone,
    )


def _asked_unit(session: Any) -> Unit | None:
    text = request.args.get("unit", "")
    if not text:
        return None
    unit = board.visible_unit(session, viewer(), int(text)) if text.isdigit() else None
    return unit or abort(404)
