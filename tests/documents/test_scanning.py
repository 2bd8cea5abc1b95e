import socket
import threading

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from documents.checking.unfit import Unfit
from documents.models import Upload
from documents.scanning import scan
from tests.documents import files

# The test virus of the industry, in two parts, so that no scanner stumbles over this file.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-" + rb"ANTIVIRUS-TEST-FILE!$H+H*"


def received(link):
    """The command and the file of one INSTREAM, as clamd would read them."""
    stream = link.makefile("rb")
    command = stream.read(10)
    content = b""
    while length := int.from_bytes(stream.read(4), "big"):
        content += stream.read(length)
    return command, content


def like_clamd(content):
    found = EICAR in content
    return b"stream: Eicar-Test-Signature FOUND\0" if found else b"stream: OK\0"


@pytest.fixture
def clamd():
    """A little clamd on this machine; `clamd(answer)` says what it answers to a file."""
    servers = []

    def start(answer=like_clamd, address=("127.0.0.1", 0), family=socket.AF_INET):
        server = socket.socket(family)
        server.bind(address)
        server.listen()
        thread = threading.Thread(target=serve, args=[server, answer])
        thread.start()
        servers.append((server, thread))
        return f"tcp://127.0.0.1:{server.getsockname()[1]}" if family == socket.AF_INET else ""

    yield start
    for server, thread in servers:
        server.shutdown(socket.SHUT_RDWR)
        server.close()
        thread.join()


def serve(server, answer):
    while True:
        try:
            link, _caller = server.accept()
        except OSError:  # closed: the test is over
            return
        with link:
            command, content = received(link)
            assert command == b"zINSTREAM\0"
            link.sendall(answer(content))


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"harmless" * 100_000)
    return path


def test_a_harmless_file_passes(clamd, file):
    assert scan(file, clamd()) is None


def test_the_test_virus_is_found(clamd, file):
    file.write_bytes(b"x" * 100_000 + EICAR)

    with pytest.raises(Unfit, match="virus"):
        scan(file, clamd())


def test_a_scanner_on_a_socket_of_the_machine_is_asked_too(clamd, file, tmp_path):
    clamd(address=str(tmp_path / "clamd.sock"), family=socket.AF_UNIX)
    file.write_bytes(EICAR)

    with pytest.raises(Unfit, match="virus"):
        scan(file, f"unix://{tmp_path}/clamd.sock")


@pytest.mark.parametrize(
    "answer",
    [
        b"INSTREAM size limit exceeded. ERROR\0",
        b"",
        b"stream: OK but\0",
        b"\xff\xfe\0",
        b"UNKNOWN\0",
    ],
)
def test_anything_but_a_clear_answer_is_a_refusal(clamd, file, answer):
    with pytest.raises(Unfit, match="scanner_away"):
        scan(file, clamd(lambda content: answer))


@pytest.mark.parametrize(
    "address", ["tcp://127.0.0.1:1", "unix:///nowhere/clamd.sock", "tcp://127.0.0.1:notaport", "x"]
)
def test_a_scanner_that_is_not_there_is_a_refusal(file, address):
    with pytest.raises(Unfit, match="scanner_away"):
        scan(file, address)


@pytest.mark.parametrize(
    ("is_there", "words"),
    [(True, "The virus check found something harmful"), (False, "cannot be reached just now")],
)
def test_nothing_is_stored_without_the_scanners_word(
    client, draft, member, clamd, settings, is_there, words
):
    infected = files.docx(("word/media/a.txt", EICAR), document=files.word())
    settings.CLAMAV_URL = (
        clamd(lambda content: b"stream: Eicar FOUND\0") if is_there else "tcp://127.0.0.1:1"
    )
    client.force_login(member)

    response = client.post(
        reverse("applications:attachments", args=[draft.pk]),
        {"what": "other", "file": SimpleUploadedFile("a.docx", infected)},
    )

    assert response.status_code == 400
    assert words in response.text
    assert not Upload.objects.exists()
