"""The HTTP side of the simulated Twilio: paths, authentication, and answers that go wrong."""

from __future__ import annotations

import json
import re
import time
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

if TYPE_CHECKING:
    from simulators.twilio import Fault, Twilio

PATH = re.compile(r"/2010-04-01/Accounts/(AC[0-9a-fA-F]{32})/Messages(?:/(SM\w+))?\.json")


def error(status: int, code: int, words: str) -> dict[str, Any]:
    more = f"https://www.twilio.com/docs/errors/{code}"
    return {"code": code, "message": words, "more_info": more, "status": status}


def handler_of(twilio: Twilio) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            """Say nothing; tests read `twilio.requests`."""

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            form = _first_values(self.rfile.read(length).decode())
            if self._is_refused("POST", form):
                return
            status, answer, fault = twilio.create(form)
            self._end(status, answer, fault)

        def do_GET(self) -> None:
            query = _first_values(urlsplit(self.path).query)
            if self._is_refused("GET", query):
                return
            sid = PATH.fullmatch(urlsplit(self.path).path)[2]  # type: ignore[index]
            if sid is None:
                self._answer(200, twilio.listed(query))
                return
            found = [message for message in twilio.messages if message.sid == sid]
            if found:
                self._answer(200, found[0].as_json(twilio.account))
            else:
                self._answer(404, error(404, 20404, "The requested resource was not found"))

        def _is_refused(self, method: str, parameters: dict[str, str]) -> bool:
            path = urlsplit(self.path).path
            twilio.requests.append((method, path, parameters))
            match = PATH.fullmatch(path)
            if match is None or match[1] != twilio.account:
                self._answer(404, error(404, 20404, f"{path} was not found"))
            elif not twilio.is_known(self.headers.get("Authorization", "")):
                self._answer(401, error(401, 20003, "Authenticate"))
            else:
                return False
            return True

        def _end(self, status: int, answer: dict[str, Any], fault: Fault | None) -> None:
            kind = fault.kind if fault else ""
            if fault and kind.startswith("stall"):
                time.sleep(fault.seconds)
            if kind in ("drop", "drop_before", "stall_before"):
                self.close_connection = True
            elif kind == "unreadable":
                self._write(201, b'{"sid": "SM', {})
            elif kind == "broken":
                self._answer(500, error(500, 20500, "Internal Server Error"))
            elif fault and kind == "throttle":
                self._answer(status, answer, {"Retry-After": f"{fault.seconds:g}"})
            else:
                self._answer(status, answer)

        def _answer(
            self, status: int, body: dict[str, Any], headers: dict[str, str] | None = None
        ) -> None:
            self._write(status, json.dumps(body).encode(), headers or {})

        def _write(self, status: int, body: bytes, headers: dict[str, str]) -> None:
            try:
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            except OSError:
                self.close_connection = True  # who asked has given up waiting

    return Handler


def _first_values(encoded: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(encoded, keep_blank_values=True).items()}
