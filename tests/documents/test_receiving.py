"""A file on its way in, on a real connection where it matters: limits, memory, and no trace."""

import os
import resource
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import MULTIPART_CONTENT
from django.urls import reverse

from documents import receiving
from documents.models import Upload
from tests.documents import files

BOUNDARY = b"xxxx"


def body(content, name=b"letter.pdf", end=b"\r\n--xxxx--\r\n"):
    head = b'--xxxx\r\nContent-Disposition: form-data; name="what"\r\n\r\nletter\r\n--xxxx\r\n'
    head += b'Content-Disposition: form-data; name="file"; filename="' + name + b'"\r\n\r\n'
    return head + content + end


def stored(tmp_path):
    return [path for path in tmp_path.rglob("*") if path.is_file()]


@pytest.fixture
def address(draft):
    return reverse("applications:attachments", args=[draft.pk])


@pytest.fixture
def signed_in(client, member):
    client.force_login(member)
    return client


def test_what_says_itself_that_it_is_too_large_is_refused_before_it_is_read(
    signed_in, address, settings
):
    class Unread:
        def read(self, *args):
            raise AssertionError("the body was read")

        readline = read

    length = settings.UPLOAD_FILE_BYTES + (2 << 20)

    response = signed_in.generic(
        "POST", address, content_type=MULTIPART_CONTENT, CONTENT_LENGTH=length,
        **{"wsgi.input": Unread()},
    )  # fmt: skip

    assert response.status_code == 413
    assert "A file may have 50 MB at most" in response.text


def test_one_byte_too_many_gets_a_sentence_at_the_field(signed_in, address, settings, tmp_path):
    settings.UPLOAD_FILE_BYTES = 1 << 20
    content = files.pdf() + bytes(1 << 20)

    response = signed_in.post(
        address, {"what": "letter", "file": SimpleUploadedFile("a.pdf", content)}
    )

    assert response.status_code == 400
    assert "The file is larger than 1 MB." in response.text
    assert stored(tmp_path) == []


def test_a_body_that_breaks_off_leaves_no_trace(signed_in, address, tmp_path):
    """At nine tenths: the connection is gone, and the last boundary never came."""
    content = files.pdf()

    signed_in.generic(
        "POST", address, body(content[: len(content) * 9 // 10], end=b""),
        content_type="multipart/form-data; boundary=xxxx",
    )  # fmt: skip

    assert not Upload.objects.exists()
    assert stored(tmp_path) == []


def test_a_file_in_a_form_that_wants_none_leaves_no_trace(signed_in, tmp_path):
    file = SimpleUploadedFile("a.pdf", files.pdf())

    signed_in.post(reverse("journey:home"), {"file": file})

    assert stored(tmp_path) == []


@pytest.mark.parametrize(
    "name",
    [
        b"../../../etc/passwd.pdf",
        b"C:\\x\\y.pdf",
        "\u202efdp.\u0000.pdf".encode(),
        b"a" * 900 + b".pdf",
    ],
)
def test_odd_names_are_stored_clean(signed_in, address, name):
    signed_in.generic(
        "POST", address, body(files.pdf(), name), content_type="multipart/form-data; boundary=xxxx"
    )

    stored_name = Upload.objects.get().name
    assert stored_name.endswith(".pdf")
    assert len(stored_name) <= 120
    assert not set(stored_name) & set("/\\\u202e\x00")


def test_a_full_disk_while_writing_is_told_and_leaves_nothing(settings, tmp_path):
    """In a child that may write 100 kB to a file: the system answers as a full disk does."""
    code = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
        "import django; from django.conf import settings; django.setup()\n"
        "settings.MEDIA_ROOT = sys.argv[1]\n"
        "from documents.receiving import Received, examine\n"
        "from documents.checking.unfit import Unfit\n"
        "received = Received('a.pdf', 'application/pdf')\n"
        "for _ in range(10): received.add(bytes(64 << 10))\n"
        "received.finish()\n"
        "try: examine(received)\n"
        "except Unfit as why: print(why)\n"
        "finally: received.close()\n"
    )
    command = [sys.executable, "-W", "ignore", "-c", code, str(tmp_path)]
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "integration_portal.settings"}

    answer = subprocess.run(
        command, env=environment, cwd=settings.BASE_DIR, capture_output=True, text=True
    )

    assert answer.stdout == "no_room\n", answer.stderr
    assert stored(tmp_path) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small disk takes root")
def test_on_a_disk_that_fills_up_nothing_half_is_left(signed_in, address, settings, tmp_path):
    """A real disk of one megabyte: no row without its file, and no file without its row."""
    small = tmp_path / "small"
    small.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", small])
    if mounted.returncode:
        pytest.skip("mounting is not allowed here")
    try:
        settings.MEDIA_ROOT, settings.DISK_RESERVE_BYTES = small, 0
        content = files.png(1_400, 1_400)
        response = signed_in.post(
            address, {"what": "other", "file": SimpleUploadedFile("a.png", content)}
        )
        assert len(content) > 1 << 20
        assert response.status_code == 507
        assert not Upload.objects.exists()
        assert stored(small) == []
    finally:
        subprocess.run(["umount", small], check=True)


def test_taking_in_fifty_megabytes_takes_less_than_twenty_of_memory(settings):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    received = receiving.Received("a.pdf", "application/pdf")
    for _ in range(800):
        received.add(bytes(64 << 10))

    received.finish()

    assert (received.size, received.problem) == (50 << 20, "")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20 << 10
    received.close()


def test_every_file_is_written_to_the_disk_at_once(rf, settings, tmp_path):
    """Also a small one: Django would hold it in memory, and there is nothing to be renamed."""
    request = rf.post("/", {"file": SimpleUploadedFile("a.pdf", b"small")})

    received = request.FILES["file"]

    assert isinstance(received, receiving.Received)
    assert received.path.read_bytes() == b"small"
    request.close()
    assert stored(tmp_path) == []


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_is_cut_leaves_no_trace(live_server, draft, member, settings, tmp_path):
    """On a real socket, closed at nine tenths of a megabyte."""
    client = Client()
    client.force_login(member)
    content = body(files.png(1_200, 900))
    path = reverse("applications:attachments", args=[draft.pk])
    token = "a" * 32
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    head = (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(content)}\r\n"
        f"Content-Type: multipart/form-data; boundary=xxxx\r\n"
        f"Cookie: {settings.SESSION_COOKIE_NAME}={cookie}; {settings.CSRF_COOKIE_NAME}={token}\r\n"
        f"X-CSRFToken: {token}\r\n\r\n"
    )
    address = live_server.thread.host, live_server.thread.port
    with socket.create_connection(address) as link:
        link.sendall(head.encode() + content[: len(content) * 9 // 10])
        wait_until(lambda: stored(tmp_path))

    wait_until(lambda: not stored(tmp_path))
    assert not Upload.objects.exists()


def wait_until(what):
    end = time.monotonic() + 20
    while not what():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_the_private_folder_is_nobody_elses(tmp_path):
    received = receiving.Received("a.pdf", "application/pdf")

    mode = Path(received.path).stat().st_mode & 0o777

    received.close()
    assert mode == 0o600
