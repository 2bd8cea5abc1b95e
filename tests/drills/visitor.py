"""A browser reduced to what a drill needs: signed in, with a form's token, a line a request."""

import http.client
import time
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

TOKEN = "d" * 32  # any: cookie and form need only agree
PATIENCE = 60  # seconds
BOUNDARY = "drill-drill-drill"
PART = f"--{BOUNDARY}\r\nContent-Disposition: form-data"


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

    def get(self, path, **headers):
        return self.ask("GET", path, headers=headers)

    def post(self, path, data=None, **headers):
        body = urlencode({"csrfmiddlewaretoken": TOKEN, **(data or {})}, doseq=True)
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.ask("POST", path, body, form | headers)

    def send_file(self, path, data, content):
        """Post a form with a PDF in its field `file`."""
        parts = {"csrfmiddlewaretoken": TOKEN, **data}
        lines = [f'{PART}; name="{name}"\r\n\r\n{value}\r\n' for name, value in parts.items()]
        head = f'{PART}; name="file"; filename="drill.pdf"\r\nContent-Type: application/pdf\r\n\r\n'
        body = "".join([*lines, head]).encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()
        kind = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
        return self.ask("POST", path, body, kind)

    def ask(self, method, path, body=None, headers=None):
        """Send one request; NoAnswer where the connection broke off."""
        begun = time.monotonic()
        try:
            reply, content = self.exchange(method, path, body, self.heading() | (headers or {}))
        except (OSError, http.client.HTTPException) as error:
            raise NoAnswer(f"{method} {path}: {error}") from error
        seconds = time.monotonic() - begun
        answer = Answer(method, path, reply.status, reply.headers, content, seconds)
        self.portal.answers.append(answer)
        return answer

    def exchange(self, method, path, body, headers):
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            line.request(method, path, body, headers)
            reply = line.getresponse()
            return reply, reply.read()
        finally:
            line.close()

    def heading(self):
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        host = f"localhost:{self.portal.port}"
        return {"Host": host, "Cookie": cookies, "Connection": "close"}


def session_of(user):
    """The key of a new session of `user`, without the mails that signing in may send."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return session.session_key
