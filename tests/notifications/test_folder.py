import email
import subprocess
import sys
from email import policy

from django.conf import settings
from django.core.mail import EmailMessage

from notifications.folder import EmailBackend

PROGRAM = """
import sys
from django.conf import settings
settings.configure(EMAIL_FILE_PATH=sys.argv[1], USE_TZ=True, SECRET_KEY="unused")
from django.core.mail import EmailMessage
from notifications.folder import EmailBackend
for number in range(50):
    EmailBackend().send_messages([EmailMessage(f"{sys.argv[2]}-{number}", "Hei", to=["a@b.fi"])])
"""


def test_four_processes_write_two_hundred_mails_one_a_file(tmp_path):
    writers = [
        subprocess.Popen([sys.executable, "-c", PROGRAM, tmp_path, str(n)], cwd=settings.BASE_DIR)
        for n in range(4)
    ]

    assert [writer.wait(60) for writer in writers] == [0, 0, 0, 0]

    subjects = [subject(file) for file in sorted(tmp_path.iterdir())]
    assert len(set(subjects)) == len(subjects) == 200
    for n in range(4):
        mine = [s for s in subjects if s.startswith(f"{n}-")]
        assert mine == [f"{n}-{number}" for number in range(50)]


def subject(file):
    return email.message_from_bytes(file.read_bytes(), policy=policy.default)["Subject"]


def test_the_names_sort_by_time(settings, tmp_path):
    settings.EMAIL_FILE_PATH = tmp_path / "not" / "there" / "yet"
    mails = [EmailMessage(str(n), "Hei", to=["a@b.fi"]) for n in range(30)]

    count = EmailBackend().send_messages(mails)

    files = sorted(settings.EMAIL_FILE_PATH.iterdir())
    assert count == 30
    assert [subject(file) for file in files] == [str(n) for n in range(30)]
