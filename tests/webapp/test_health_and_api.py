"""What machines ask: health, gauges, JSON."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_network

import pytest
from flask import Flask

import webapp
from store import migrate
from store.db import Database
from store.log import Heartbeat
from tests.webapp import office
from tests.webapp.conftest import LogIn, settings
from tests.webapp.office import Office


def _modem_says(database: Database, **state: object) -> None:
    with database.begin() as tx:
        beat = tx.get_one(Heartbeat, "modem:telkomsel-1")
        beat.at, beat.state = office.NOW - timedelta(seconds=8), state


def test_all_is_well_while_the_modems_are(app: Flask, office_db: Database) -> None:
    _modem_says(office_db, open=True, problem=None)
    answer = app.test_client().get("/healthz")
    assert (answer.status_code, answer.json["status"]) == (200, "ok")
    assert answer.json["modems"]["modem:telkomsel-1"]["age_seconds"] == 8


def test_a_modem_that_is_silent_or_hangs_turns_the_health_red(
    app: Flask, office_db: Database
) -> None:
    client = app.test_client()
    assert client.get("/healthz").status_code == 503
    _modem_says(office_db, open=True, problem="modem tidak menjawab")
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json["status"]) == (503, "trouble")
    assert client.get("/readyz").status_code == 200


def test_a_modem_that_was_taken_away_is_forgotten_after_a_day(
    app: Flask, office_db: Database
) -> None:
    with office_db.begin() as tx:
        tx.get_one(Heartbeat, "modem:telkomsel-1").at = office.NOW - timedelta(days=2)
    assert app.test_client().get("/healthz").status_code == 200


def test_a_silent_redis_is_degraded_but_ready(app: Flask) -> None:
    answer = app.test_client().get("/readyz")
    assert answer.status_code == 200
    assert answer.json["status"] == "degraded"
    assert answer.json["redis"] == "degraded"
    assert answer.json["heartbeats"]["scheduler"] == {
        "age_seconds": 20,
        "late": False,
        "problem": None,
    }
    assert answer.json["heartbeats"]["modem:telkomsel-1"]["late"] is True


def test_with_redis_all_is_well(office_url: str, redis_url: str) -> None:
    answer = webapp.create_app(settings(office_url, redis_url)).test_client().get("/readyz")
    assert answer.json["status"] == "ok"


def test_a_database_that_went_back_is_not_ready(app: Flask, office_db: Database) -> None:
    migrate.downgrade(office_db, "base")
    answer = app.test_client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json["status"] == "down"


def test_gauges_speak_of_the_whole_house(app: Flask) -> None:
    text = app.test_client().get("/metrics").text
    assert "hadir_outbox_unknown 1.0" in text
    assert 'hadir_outbox_waiting{lane="answer"} 1.0' in text
    assert 'hadir_outbox_oldest_seconds{lane="answer"} 180.0' in text
    assert 'hadir_sim_quota{imsi="510101234567890"} 150.0' in text
    assert 'hadir_modem_trouble{modem="modem:telkomsel-1"} 1.0' in text
    assert 'hadir_heartbeat_age_seconds{name="scheduler"} 20.0' in text


@pytest.mark.parametrize("address", ["8.8.8.8", "2001:4860:4860::8888"])
def test_gauges_are_for_inner_addresses_only(app: Flask, address: str) -> None:
    answer = app.test_client().get("/metrics", environ_base={"REMOTE_ADDR": address})
    assert answer.status_code == 404


def test_a_proxy_we_do_not_know_cannot_open_the_gauges(app: Flask) -> None:
    answer = app.test_client().get("/metrics", headers={"X-Forwarded-For": "8.8.8.8"})
    assert answer.status_code == 404


def test_a_known_proxy_names_the_real_address(office_url: str) -> None:
    known = replace(settings(office_url), trusted_proxies=(ip_network("127.0.0.0/8"),))
    client = webapp.create_app(known).test_client()
    outside = client.get("/metrics", headers={"X-Forwarded-For": "8.8.8.8"})
    inside = client.get("/metrics", headers={"X-Forwarded-For": "10.0.0.7"})
    assert (outside.status_code, inside.status_code) == (404, 200)


def test_the_api_describes_itself(app: Flask) -> None:
    described = app.test_client().get("/api/v1/openapi.json").json
    assert set(described["paths"]) == {
        "/api/v1/me",
        "/api/v1/board",
        "/api/v1/units/{unit_id}/cases",
    }


def test_the_api_tells_who_one_is(log_in: LogIn) -> None:
    me = log_in("dewi").get("/api/v1/me").json
    assert (me["login"], me["role"], me["unit"]) == ("dewi", "operator", "RSUD")


def test_the_api_gives_the_board_of_ones_own_units(log_in: LogIn) -> None:
    people = log_in("dewi").get("/api/v1/board").json["people"]
    by_name = {person["name"]: person for person in people}
    assert "Lina Marlina" not in by_name
    assert by_name["Putri Handayani"]["late_minutes"] == 22
    assert by_name["Budi Santoso"]["status"] == "awaiting_data"


def test_the_api_never_gives_the_reason_of_an_illness(log_in: LogIn, hadir: Office) -> None:
    answer = log_in("dewi").get(f"/api/v1/units/{hadir.unit['RSUD']}/cases")
    kinds = {case["kind"]: case["reason"] for case in answer.json}
    assert kinds["sick"] == ""
    assert kinds["out"] == "ke bank"


def test_the_api_refuses_in_json(log_in: LogIn, hadir: Office) -> None:
    client = log_in("dewi")
    wrong = client.get("/api/v1/board?day=besok")
    assert wrong.status_code == 422
    assert "day" in wrong.json["errors"]["query"]
    assert client.get(f"/api/v1/units/{hadir.unit['DISDIK']}/cases").status_code == 404
