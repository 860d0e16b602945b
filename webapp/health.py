"""Health for machines: the process is up, the house is ready, numbers for the watch."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, Response, abort, jsonify
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from sqlalchemy.exc import SQLAlchemyError

from store import migrate, outbox_queries, vitals
from webapp.context import house, now
from webapp.security import comes_from_inside, limiter

pages = Blueprint("health", __name__)


def register(app: Flask) -> None:
    app.register_blueprint(pages)
    limiter.exempt(pages)


@pages.get("/healthz")
def healthz() -> Response:
    """The process answers; nothing else is asked."""
    return jsonify(status="ok")


@pages.get("/readyz")
def readyz() -> tuple[Response, int]:
    """The database is there and current (else 503); Redis and heartbeats are named, not required.

    Without Redis everything still goes its way by the sweep, only slower: 'degraded'.
    """
    try:
        is_current = migrate.is_current(house().db)
        with house().db.read() as session:
            beats = vitals.heartbeats(session, now())
    except SQLAlchemyError:
        return jsonify(status="down", database="unreachable"), 503
    redis_answers = vitals.redis_answers(house().settings.redis_url)
    status = "down" if not is_current else "ok" if redis_answers else "degraded"
    body: dict[str, Any] = {
        "status": status,
        "database": "current" if is_current else "needs flask db upgrade",
        "redis": "ok" if redis_answers else "degraded",
        "heartbeats": {
            beat.name: {"age_seconds": int(beat.age.total_seconds()), "late": beat.is_late}
            for beat in beats
        },
    }
    return jsonify(body), 200 if is_current else 503


@pages.get("/metrics")
def metrics() -> Response:
    """Gauges in Prometheus' text form, for inner addresses only."""
    if not comes_from_inside():
        abort(404)
    return Response(generate_latest(_gauges()), content_type=CONTENT_TYPE_LATEST)


def _gauges() -> CollectorRegistry:
    """Read afresh from the database, so that any process answers for the whole house."""
    registry = CollectorRegistry()

    def gauge(name: str, words: str, *labels: str) -> Gauge:
        return Gauge(f"hadir_{name}", words, labels, registry=registry)

    with house().db.read() as session:
        gauge("inbox_waiting", "Messages not read yet").set(vitals.inbox_waiting(session))
        waiting = gauge("outbox_waiting", "Messages that wait to leave", "lane")
        for lane, count, _ in outbox_queries.lanes(session):
            waiting.labels(lane.name.lower()).set(count)
        uncertain = gauge("outbox_unknown", "Sends whose outcome is unknown")
        uncertain.set(vitals.uncertain_count(session))
        gauge("dirty_days", "Days to derive again").set(vitals.days_waiting(session))
        age = gauge("heartbeat_age_seconds", "Since the last sign of life", "name")
        for beat in vitals.heartbeats(session, now()):
            age.labels(beat.name).set(beat.age.total_seconds())
        contact = gauge("terminal_contact_age_seconds", "Since the last contact", "terminal")
        for name, at in vitals.terminal_contacts(session):
            if at is not None:
                contact.labels(name).set((now() - at).total_seconds())
    return registry
