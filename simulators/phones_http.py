"""The page of the simulated phones and terminals: files, and an API of JSON in and out.

GET /api/people · GET /api/messages?since=N&wait=S (waits up to S seconds for news)
POST /api/phones/NUMBER/send {"text"} · GET|POST /api/modem {"plugged": bool}
GET /api/terminals · POST /api/terminals/NAME/ACT: handed to the fleet's control port
"""

from __future__ import annotations

import json
from dataclasses import asdict
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

if TYPE_CHECKING:
    from simulators.phones import Phones

PAGE = Path(__file__).parent / "phones_page"
FILES = {
    "/": ("index.html", "text/html; charset=utf-8"),
    "/phones.css": ("phones.css", "text/css; charset=utf-8"),
    "/phones.js": ("phones.js", "text/javascript; charset=utf-8"),
    "/terminals.js": ("terminals.js", "text/javascript; charset=utf-8"),
    "/words.js": ("words.js", "text/javascript; charset=utf-8"),
}
LONGEST_WAIT = 25.0
LARGEST_BODY = 64 * 1024
OUR_NAMES = frozenset({"127.0.0.1", "localhost", "[::1]"})


class PhonesServer(ThreadingHTTPServer):
    """The page on loopback; `fleet_port` is the terminals' control port, if there is one."""

    daemon_threads = True

    def __init__(self, phones: Phones, port: int, fleet_port: int | None):
        super().__init__(("127.0.0.1", port), _Request)
        self.phones, self.fleet_port = phones, fleet_port


class _Request(BaseHTTPRequestHandler):
    server: PhonesServer
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if not self._is_ours():
            return
        url = urlsplit(self.path)
        if url.path in FILES:
            name, kind = FILES[url.path]
            self._answer(200, (PAGE / name).read_bytes(), kind)
        elif url.path == "/favicon.ico":
            self._answer(204, b"", "image/x-icon")
        elif url.path == "/api/people":
            self._say(200, {"people": self.server.phones.people})
        elif url.path == "/api/messages":
            self._messages(parse_qs(url.query))
        elif url.path == "/api/modem":
            self._say(200, self._modem())
        elif url.path == "/api/terminals":
            self._ask_fleet("GET", "/terminals")
        else:
            self._say(404, {"error": "no such page"})

    def do_POST(self) -> None:
        if not self._is_ours():
            return
        length = int(self.headers.get("Content-Length") or 0)
        if length > LARGEST_BODY:
            self.close_connection = True
            self._say(413, {"error": "too large"})
            return
        raw = self.rfile.read(length)
        # a form on some other page cannot send this type without being asked first
        if not self.headers.get("Content-Type", "").startswith("application/json"):
            self._say(415, {"error": "send application/json"})
            return
        parts = [unquote(part) for part in urlsplit(self.path).path.strip("/").split("/")]
        try:
            body = json.loads(raw or b"{}")
            if parts[:2] == ["api", "phones"] and len(parts) == 4 and parts[3] == "send":
                self._say(200, asdict(self.server.phones.write(parts[2], str(body["text"]))))
            elif parts == ["api", "modem"]:
                self._plug(bool(body["plugged"]))
                self._say(200, self._modem())
            elif parts[:2] == ["api", "terminals"] and len(parts) == 4:
                path = f"/terminals/{quote(parts[2])}/{quote(parts[3])}"
                self._ask_fleet("POST", path, raw)
            else:
                self._say(404, {"error": "no such act"})
        except (KeyError, TypeError, ValueError) as error:
            self._say(400, {"error": str(error)})

    def _is_ours(self) -> bool:
        """Only calls by this machine's own names: another site's name may not lead here."""
        if self.headers.get("Host", "").rsplit(":", 1)[0] in OUR_NAMES:
            return True
        self.close_connection = True
        self._say(403, {"error": "call this page by 127.0.0.1 or localhost"})
        return False

    def _messages(self, query: dict[str, list[str]]) -> None:
        try:
            since = int(query.get("since", ["0"])[0])
            wait = min(float(query.get("wait", ["0"])[0]), LONGEST_WAIT)
        except ValueError:
            self._say(400, {"error": "since and wait are numbers"})
            return
        found = self.server.phones.since(max(since, 0), wait)
        self._say(200, {"messages": [asdict(said) for said in found]})

    def _modem(self) -> dict[str, Any]:
        modem = self.server.phones.modem
        return {"plugged": modem.link.is_symlink(), "waiting": modem.stored + modem.held_back}

    def _plug(self, plugged: bool) -> None:
        modem = self.server.phones.modem
        if plugged != modem.link.is_symlink():
            (modem.plug if plugged else modem.unplug)()

    def _ask_fleet(self, method: str, path: str, body: bytes = b"") -> None:
        if self.server.fleet_port is None:
            self._say(503, {"error": "there are no terminals here"})
            return
        fleet = HTTPConnection("127.0.0.1", self.server.fleet_port, timeout=10)
        try:
            fleet.request(method, path, body)
            answer = fleet.getresponse()
            self._answer(answer.status, answer.read(), "application/json")
        except (OSError, HTTPException) as error:
            self._say(503, {"error": f"the terminals do not answer: {error}"})
        finally:
            fleet.close()

    def _say(self, status: int, content: object) -> None:
        self._answer(status, json.dumps(content).encode(), "application/json")

    def _answer(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("Content-Security-Policy", "default-src 'self'; frame-ancestors 'none'")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet: what matters is on the phones."""
