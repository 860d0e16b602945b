"""Health for machines: the process is up, the house is ready, numbers for the watch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Flask, Response, abort, jsonify
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from sqlalchemy.exc import SQLAlchemyError

from store import message_health, migrate, schedule_queries, vitals
from webapp.context import house, now
from webapp.security import comes_from_inside, limiter

pages = Blueprint("health", __name__)


def register(app: Flask) -> None:
    app.register_blueprint(pages)
    limiter.exempt(pages)


@pages.get("/healthz")
def healthz() -> tuple[Response, int]:
    """503 while a modem hangs, is gone or silent, or the database does not answer; else 200.

    For people and alarms. Whether this process may be sent requests is asked at /readyz.
    """
    try:
        with house().db.read() as session:
            beats = message_health.modems(session, now())
    except SQLAlchemyError:
        return jsonify(status="trouble", database="unreachable"), 503
    in_trouble = [beat for beat in beats if beat.is_late or beat.state.get("problem")]
    body = {"status": "trouble" if in_trouble else "ok", "modems": _signs_of_life(beats)}
    return jsonify(body), 503 if in_trouble else 200


def _signs_of_life(beats: Sequence[vitals.Beat]) -> dict[str, dict[str, Any]]:
    return {
        beat.name: {
            "age_seconds": int(beat.age.total_seconds()),
            "late": beat.is_late,
            "problem": beat.state.get("problem"),
        }
        for beat in beats
    }


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
        "heartbeats": _signs_of_life(beats),
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
        health = message_health.message_health(session, now())
        gauge("inbox_waiting", "Messages not read yet").set(health.inbox_waiting)
        waiting = gauge("outbox_waiting", "Messages that wait to leave", "lane")
        oldest = gauge("outbox_oldest_seconds", "How long the oldest has waited", "lane")
        for lane, count, since in health.lanes:
            waiting.labels(lane.name.lower()).set(count)
            if since is not None:
                oldest.labels(lane.name.lower()).set(max((now() - since).total_seconds(), 0))
        gauge("outbox_unknown", "Sends whose outcome is unknown").set(health.uncertain)
        gauge("outbox_failed_today", "Sends that failed today").set(health.failed_today)
        parts = gauge("parts_this_month", "SMS parts handed over this month", "road")
        for road, number in health.parts_this_month.items():
            parts.labels(road).set(number)
        gauge("cost_this_month_rupiah", "What they cost").set(health.cost_this_month)
        used = gauge("sim_used_today", "Parts a card has sent today", "imsi")
        quota = gauge("sim_quota", "Parts a card may send a day", "imsi")
        for card in health.cards:
            used.labels(card.sim.imsi).set(card.used_today)
            quota.labels(card.sim.imsi).set(card.sim.daily_quota)
        paused = gauge("road_paused", "1 while a road must not be used", "road")
        for each in health.roads:
            paused.labels(each.name).set(bool(each.paused_until and each.paused_until > now()))
        signal = gauge("modem_signal_percent", "Signal of a modem", "modem")
        trouble = gauge("modem_trouble", "1 while a modem hangs, is gone or silent", "modem")
        for beat in health.modems:
            trouble.labels(beat.name).set(bool(beat.is_late or beat.state.get("problem")))
            if beat.state.get("signal_percent") is not None:
                signal.labels(beat.name).set(beat.state["signal_percent"])
        gauge("dirty_days", "Days to derive again").set(vitals.days_waiting(session))
        age = gauge("heartbeat_age_seconds", "Since the last sign of life", "name")
        for beat in vitals.heartbeats(session, now()):
            age.labels(beat.name).set(beat.age.total_seconds())
        ended = gauge("job_age_seconds", "Since the last run of a job that ended well", "job")
        for job, ended_at in schedule_queries.last_good_runs(session).items():
            ended.labels(job).set((now() - ended_at).total_seconds())
        contact = gauge("terminal_contact_age_seconds", "Since the last contact", "terminal")
        for name, at in vitals.terminal_contacts(session):
            if at is not None:
                contact.labels(name).set((now() - at).total_seconds())
    return registry
