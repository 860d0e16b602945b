"""Who works where, who answers for whom, and how each is reached; always on a given day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from domain.access import Actor, Viewer
from domain.people import Capacity, PostKind, Stage
from store.db import Transaction
from store.log import record as log_record
from store.people import Assignment, Employee, Phone, Post, PostHolder, Unit, UnitStage
from store.visibility import visible_to

DEFAULT_ZONE = "Asia/Makassar"
LADDER = 12  # posts or units above one another; a longer chain is a circle
STAND_INS_FIRST = {Capacity.PLH: 0, Capacity.PLT: 1, Capacity.DEFINITIVE: 2}


def holds_on(
    first: InstrumentedAttribute[date],
    last: InstrumentedAttribute[date | None],
    day: date | InstrumentedAttribute[date],
) -> ColumnElement[bool]:
    """Condition: a dated row (days inclusive) holds on `day`."""
    return and_(first <= day, or_(last.is_(None), last >= day))


# --- where somebody works --------------------------------------------------------------------


def assignment_on(session: Session, employee_id: int, day: date) -> Assignment | None:
    """A person's assignment (penempatan) on a day; the latest begun wins."""
    return session.scalars(
        select(Assignment)
        .where(
            Assignment.employee_id == employee_id,
            holds_on(Assignment.first_day, Assignment.last_day, day),
        )
        .order_by(Assignment.first_day.desc())
        .limit(1)
    ).first()


def unit_id_of(session: Session, employee_id: int, day: date) -> int | None:
    """The unit a person works in on a day."""
    assignment = assignment_on(session, employee_id, day)
    return assignment.unit_id if assignment else None


def unit_of(session: Session, employee_id: int, day: date) -> Unit | None:
    """The unit a person works in on a day."""
    unit_id = unit_id_of(session, employee_id, day)
    return session.get(Unit, unit_id) if unit_id is not None else None


def zone_of(session: Session, employee_id: int, day: date) -> ZoneInfo:
    """The time zone a person works in: WIB, WITA or WIT by the unit."""
    unit = unit_of(session, employee_id, day)
    return ZoneInfo(unit.time_zone if unit else DEFAULT_ZONE)


def stage_of(session: Session, unit_id: int, day: date) -> Stage:
    """How far a unit has joined on a day; without a row of its own it follows its parent.

    A province without any row is live: stages are a tool for joining unit by unit.
    """
    unit: Unit | None = session.get(Unit, unit_id)
    while unit is not None:
        stage = session.scalars(
            select(UnitStage.stage)
            .where(UnitStage.unit_id == unit.id, UnitStage.first_day <= day)
            .order_by(UnitStage.first_day.desc())
            .limit(1)
        ).first()
        if stage is not None:
            return stage
        unit = session.get(Unit, unit.parent_id) if unit.parent_id is not None else None
    return Stage.LIVE


# --- finding people --------------------------------------------------------------------------


def person_by_nip(session: Session, nip: str) -> Employee | None:
    """The employee with this NIP."""
    return session.scalars(select(Employee).where(Employee.nip == nip)).first()


def people_by_phone(session: Session, number: str, day: date) -> Sequence[Employee]:
    """Everybody a number belongs to on a day; more than one is a shared phone."""
    return session.scalars(
        select(Employee)
        .join(Phone, Phone.employee_id == Employee.id)
        .where(
            Phone.number == number,
            Phone.stopped_at.is_(None),
            holds_on(Phone.first_day, Phone.last_day, day),
        )
        .order_by(Employee.id)
    ).all()


def find_visible(session: Session, viewer: Viewer, words: str, day: date) -> Sequence[Employee]:
    """People the viewer may see whose NIP is, or whose name holds, what was typed."""
    digits = "".join(words.split()).replace(".", "")
    wanted = (
        Employee.nip == digits
        if digits.isdigit()
        else func.lower(Employee.name).contains(words.strip().lower(), autoescape=True)
    )
    return session.scalars(
        select(Employee)
        .join(Assignment, Assignment.employee_id == Employee.id)
        .where(
            wanted,
            holds_on(Assignment.first_day, Assignment.last_day, day),
            visible_to(viewer, Assignment.unit_id),
        )
        .order_by(Employee.name)
    ).all()


def is_visible(session: Session, viewer: Viewer, employee_id: int, day: date) -> bool:
    """True when this person works in a unit the viewer may see."""
    return (
        session.scalar(
            select(Assignment.id).where(
                Assignment.employee_id == employee_id,
                holds_on(Assignment.first_day, Assignment.last_day, day),
                visible_to(viewer, Assignment.unit_id),
            )
        )
        is not None
    )


def phone_of(session: Session, employee_id: int, day: date) -> Phone | None:
    """The number to write to: a verified one before others, the newest before older."""
    return session.scalars(
        select(Phone)
        .where(
            Phone.employee_id == employee_id,
            holds_on(Phone.first_day, Phone.last_day, day),
        )
        .order_by(Phone.stopped_at.is_not(None), Phone.verified_at.is_(None), Phone.id)
        .limit(1)
    ).first()


# --- posts -----------------------------------------------------------------------------------


def holder_of_post(session: Session, post_id: int, day: date) -> Employee | None:
    """Who holds a post on a day: Plh before Plt before definitif."""
    holders = session.execute(
        select(PostHolder.capacity, Employee)
        .join(Employee, Employee.id == PostHolder.employee_id)
        .where(
            PostHolder.post_id == post_id,
            holds_on(PostHolder.first_day, PostHolder.last_day, day),
        )
    ).all()
    ranked = sorted(holders, key=lambda row: (STAND_INS_FIRST[row[0]], row[1].id))
    return ranked[0][1] if ranked else None


def supervisor_of(session: Session, employee_id: int, day: date) -> Employee | None:
    """The direct supervisor (atasan langsung) to ask on a day.

    The holder of the post the person reports to; a post without a holder, or held by the person
    themselves, falls to its parent's.
    """
    assignment = assignment_on(session, employee_id, day)
    post_id = assignment.reports_to_id if assignment else None
    for _ in range(LADDER):
        if post_id is None:
            break
        holder = holder_of_post(session, post_id, day)
        if holder is not None and holder.id != employee_id:
            return holder
        post = session.get(Post, post_id)
        post_id = post.parent_id if post else None
    return _head_above(session, employee_id, assignment, day)


def _head_above(
    session: Session, employee_id: int, assignment: Assignment | None, day: date
) -> Employee | None:
    """The head of the unit or of one above it, for who reports to nobody that is there."""
    if assignment is None:
        return None
    return _official_of(session, assignment.unit_id, PostKind.HEAD, day, but_not=employee_id)


def kasubag_of(session: Session, unit_id: int, day: date) -> Employee | None:
    """The Kasubag Umum of a unit, or of the nearest one above it that has one."""
    return _official_of(session, unit_id, PostKind.KASUBAG, day)


def operator_of(session: Session, unit_id: int, day: date) -> Employee | None:
    """The unit's operator, or the nearest one above."""
    return _official_of(session, unit_id, PostKind.OPERATOR, day)


def _official_of(
    session: Session, unit_id: int, kind: PostKind, day: date, but_not: int | None = None
) -> Employee | None:
    unit: Unit | None = session.get(Unit, unit_id)
    for _ in range(LADDER):
        if unit is None:
            return None
        posts = select(Post.id).where(Post.unit_id == unit.id, Post.kind == kind)
        for post_id in session.scalars(posts.order_by(Post.id)):
            holder = holder_of_post(session, post_id, day)
            if holder is not None and holder.id != but_not:
                return holder
        unit = session.get(Unit, unit.parent_id) if unit.parent_id is not None else None
    return None


def posts_held_by(session: Session, employee_id: int, day: date) -> Sequence[Post]:
    """Posts a person holds on a day, in whatever capacity."""
    return session.scalars(
        select(Post)
        .join(PostHolder, PostHolder.post_id == Post.id)
        .where(
            PostHolder.employee_id == employee_id,
            holds_on(PostHolder.first_day, PostHolder.last_day, day),
        )
        .order_by(Post.id)
    ).all()


def subordinates_of(session: Session, employee_id: int, day: date) -> Sequence[Employee]:
    """Everybody who reports to a post this person holds on a day."""
    held = select(PostHolder.post_id).where(
        PostHolder.employee_id == employee_id,
        holds_on(PostHolder.first_day, PostHolder.last_day, day),
    )
    return session.scalars(
        select(Employee)
        .join(Assignment, Assignment.employee_id == Employee.id)
        .where(
            Assignment.reports_to_id.in_(held),
            Employee.id != employee_id,
            holds_on(Assignment.first_day, Assignment.last_day, day),
        )
        .order_by(Employee.name)
    ).all()


def has_subordinates(session: Session, employee_id: int, day: date) -> bool:
    """True when somebody reports to a post this person holds."""
    return bool(subordinates_of(session, employee_id, day))


def colleagues_named(session: Session, employee_id: int, words: str, day: date) -> list[Employee]:
    """People of the same unit whose name holds every word that was written."""
    return _named(colleagues_of(session, employee_id, day), words)


def colleagues_of(session: Session, employee_id: int, day: date) -> Sequence[Employee]:
    """Everybody else who works in this person's unit on a day."""
    return session.scalars(
        select(Employee)
        .join(Assignment, Assignment.employee_id == Employee.id)
        .where(
            Assignment.unit_id == unit_id_of(session, employee_id, day),
            Employee.id != employee_id,
            holds_on(Assignment.first_day, Assignment.last_day, day),
        )
        .order_by(Employee.id)
    ).all()


def _named(people: Iterable[Employee], words: str) -> list[Employee]:
    wanted = {word for word in words.lower().replace(".", " ").split() if len(word) > 1}
    return [
        person
        for person in people
        if wanted and wanted <= set(person.name.lower().replace(",", " ").split())
    ]


def name_stand_in(
    tx: Transaction,
    now: datetime,
    actor: Actor,
    holder_id: int,
    stand_in_id: int,
    first: date,
    last: date,
) -> None:
    """Make somebody Plh of every post the holder has, for these days."""
    for post in posts_held_by(tx, holder_id, first):
        tx.add(
            PostHolder(
                post_id=post.id,
                employee_id=stand_in_id,
                capacity=Capacity.PLH,
                first_day=first,
                last_day=last,
            )
        )
        log_record(
            tx,
            now,
            actor,
            "stand_in",
            "post",
            post.id,
            employee_id=stand_in_id,
            unit_id=post.unit_id,
            data={"from": first.isoformat(), "to": last.isoformat()},
        )


def people_between(
    session: Session, first: date, last: date, unit_code: str | None = None
) -> list[tuple[int, date, date]]:
    """Who worked when in a span, of one unit and those below it or of all: (id, from, to)."""
    query = select(Assignment, Employee).join(Employee, Employee.id == Assignment.employee_id)
    if unit_code is not None:
        path = session.scalar(select(Unit.path).where(Unit.code == unit_code))
        if path is None:
            raise LookupError(f"There is no unit {unit_code!r}.")
        query = query.join(Unit, Unit.id == Assignment.unit_id).where(Unit.path.startswith(path))
    spans: list[tuple[int, date, date]] = []
    for assignment, person in session.execute(query):
        begins = max(first, assignment.first_day, person.in_service_from)
        ends = min(last, assignment.last_day or last, person.in_service_to or last)
        if begins <= ends:
            spans.append((person.id, begins, ends))
    return spans
