"""A browser reduced to what a drill needs: signed in, with a form's token, one connection."""

import http.client
import time
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.test import Client

TOKEN = "d" * 32  # any: cookie and form need only agree
PATIENCE = 60  # seconds


class NoAnswer(Exception):
    """The connection broke off, so nobody knows whether the request was carried out."""


@dataclass(frozen=True)
class Answer:
    method: str
    path: str
    status: int
    headers: http.client.HTTPMessage
    body: bytes
    seconds: float

    @property
    def text(self):
        return self.body.decode(errors="replace")

    @property
    def is_polite_refusal(self):
        """A 503 that says when to come back."""
        return self.status == 503 and self.headers.get("Retry-After", "").isdigit()

    def __str__(self):
        return f"{self.method} {self.path}: {self.status} in {self.seconds:.1f} s"


class Visitor:
    def __init__(self, portal, user=None, port=None):
        self.portal, self.port = portal, port or portal.port
        self.cookies = {settings.CSRF_COOKIE_NAME: TOKEN}
        if user:
            self.cookies[settings.SESSION_COOKIE_NAME] = session_of(user)
        self.line = None

    def get(self, path, **headers):
        return self.ask("GET", path, headers=headers)

    def post(self, path, data=None, **headers):
        body = urlencode({"csrfmiddlewaretoken": TOKEN, **(data or {})}, doseq=True)
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.ask("POST", path, body, form | headers)

    def ask(self, method, path, body=None, headers=None):
        """Send one request; NoAnswer where the connection broke off."""
        begun = time.monotonic()
        try:
            reply, content = self.exchange(method, path, body, self.heading() | (headers or {}))
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise NoAnswer(f"{method} {path}: {error}") from error
        seconds = time.monotonic() - begun
        answer = Answer(method, path, reply.status, reply.headers, content, seconds)
        self.portal.answers.append(answer)
        return answer

    def exchange(self, method, path, body, headers):
        if self.line is None:
            self.line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        self.line.request(method, path, body, headers)
        reply = self.line.getresponse()
        return reply, reply.read()

    def heading(self):
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {"Host": f"localhost:{self.portal.port}", "Cookie": cookies}

    def close(self):
        if self.line:
            self.line.close()
        self.line = None


def session_of(user):
    """The key of a new session of `user`, as signing in would have made it."""
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value
