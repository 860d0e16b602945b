"""`/api/v1`: the board and cases as JSON for other programs, under the log-in of the panel."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Flask, abort
from flask_smorest import Api, Blueprint
from marshmallow import Schema, fields, validate

from store import board
from webapp import wording
from webapp.auth import EVERYBODY, SEE_PEOPLE, for_roles, viewer, visitor
from webapp.context import db
from webapp.pages.asking import today

routes = Blueprint("api", __name__, url_prefix="/api/v1", description="Hadir")


def register(app: Flask) -> None:
    app.config.update(
        API_TITLE="Hadir",
        API_VERSION="v1",
        OPENAPI_VERSION="3.0.3",
        OPENAPI_URL_PREFIX="/api/v1",
        OPENAPI_JSON_PATH="openapi.json",
    )
    Api(app).register_blueprint(routes)


class Me(Schema):
    """Who is logged in."""

    login = fields.String()
    name = fields.String()
    role = fields.String()
    unit = fields.String(allow_none=True, metadata={"description": "unit code"})
    language = fields.String()


class BoardQuery(Schema):
    """Which day and unit; both may be left out."""

    day = fields.Date(load_default=None)
    unit = fields.Integer(load_default=None, metadata={"description": "unit id"})
    limit = fields.Integer(load_default=200, validate=validate.Range(1, 1000))
    offset = fields.Integer(load_default=0, validate=validate.Range(min=0))


class BoardPerson(Schema):
    """One person on one day; times are UTC, minutes are minutes."""

    employee_id = fields.Integer()
    name = fields.String()
    unit = fields.String(attribute="unit_name")
    status = fields.String()
    kind = fields.String(attribute="day.kind", allow_none=True)
    first_in = fields.AwareDateTime(attribute="day.first_in", allow_none=True)
    last_out = fields.AwareDateTime(attribute="day.last_out", allow_none=True)
    late_minutes = fields.Integer(attribute="day.late_minutes")
    early_minutes = fields.Integer(attribute="day.early_minutes")
    final = fields.Boolean(attribute="day.final")


class Board(Schema):
    """The board of one day."""

    day = fields.Date()
    people = fields.List(fields.Nested(BoardPerson))


class CasesQuery(Schema):
    """A span of days, inclusive; today when left out."""

    first = fields.Date(load_default=None)
    last = fields.Date(load_default=None)
    limit = fields.Integer(load_default=200, validate=validate.Range(1, 1000))
    offset = fields.Integer(load_default=0, validate=validate.Range(min=0))


class CaseOut(Schema):
    """A case; the reason of an illness is never given."""

    id = fields.Integer()
    employee_id = fields.Integer()
    name = fields.String(attribute="employee.name")
    unit_id = fields.Integer()
    kind = fields.String()
    status = fields.String()
    waiting_for = fields.String(allow_none=True)
    start = fields.Date(attribute="start_date")
    start_half = fields.String()
    end = fields.Date(attribute="end_date", allow_none=True)
    end_half = fields.String()
    reason = fields.Function(
        lambda case: "" if case.kind in wording.REASON_IS_PRIVATE else case.reason
    )
    provisional = fields.Boolean()
    version = fields.Integer()


@routes.get("/me")
@for_roles(*EVERYBODY)
@routes.response(200, Me)
def me() -> dict[str, Any]:
    """Who is logged in."""
    account = visitor().account
    return {
        "login": account.login,
        "name": visitor().name,
        "role": account.role.value,
        "unit": account.unit.code if account.unit else None,
        "language": account.language,
    }


@routes.get("/board")
@for_roles(*SEE_PEOPLE)
@routes.arguments(BoardQuery, location="query")
@routes.response(200, Board)
def board_of_day(query: dict[str, Any]) -> dict[str, Any]:
    """The people of a day in a unit and all below it."""
    day: date = query["day"] or today()
    with db().read() as session:
        path = _path_of(session, query["unit"])
        people = board.board_lines(
            session, viewer(), day, path, limit=query["limit"], offset=query["offset"]
        )
    return {"day": day, "people": people}


@routes.get("/units/<int:unit_id>/cases")
@for_roles(*SEE_PEOPLE)
@routes.arguments(CasesQuery, location="query")
@routes.response(200, CaseOut(many=True))
def cases_of_unit(query: dict[str, Any], unit_id: int) -> Any:
    """The cases of a unit and all below it that touch a span of days."""
    first = query["first"] or today()
    with db().read() as session:
        path = _path_of(session, unit_id)
        return board.cases_of_unit(
            session,
            viewer(),
            path,
            first,
            query["last"] or first,
            limit=query["limit"],
            offset=query["offset"],
        )


def _path_of(session: Any, unit_id: int | None) -> str:
    if unit_id is None:
        return visitor().unit_path
    unit = board.visible_unit(session, viewer(), unit_id)
    return unit.path if unit else abort(404)
