"""Many people at once: what is understood of a pasted list, and what is said of each line."""

import pytest
from django.urls import reverse

from accounts.models import Invitation
from accounts.pasting import Line, read
from notifications.models import Mail
from tests.factories import InvitationFactory, MembershipFactory, UserFactory

ONE = {"email": "a@b.fi", "name": "Aino", "sector": "education", "role": "reader"}


@pytest.mark.parametrize(
    "raw",
    [
        "a@b.fi;Aino;education;reader",
        "a@b.fi ; Aino ; education ; reader",
        "a@b.fi,Aino,education,reader",
        "a@b.fi\tAino\teducation\treader",
        '"a@b.fi";"Aino";"education";"reader"',
        '"a@b.fi", "Aino", "education", "reader"',
        "\ufeffa@b.fi;Aino;education;reader",
        "Aino <a@b.fi>;;education;reader",
        "email;name;sector;role\na@b.fi;Aino;education;reader",
        "Nimi;Toimiala;Rooli;Sähköposti\nAino;education;reader;a@b.fi",
        "\n\n a@b.fi;Aino;education;reader \n;;;\n",
    ],
)
def test_one_person_in_many_ways(raw):
    [line] = read(raw)

    assert (dict(line.cells), line.fault) == (ONE, "")


def test_a_quoted_name_may_hold_what_parts_the_columns():
    [line] = read('a@b.fi,"Aalto, Aino",education')

    assert line.cells["name"] == "Aalto, Aino"


def test_lines_are_counted_as_a_person_sees_them():
    numbers = [line.number for line in read("address;name\r\n\r\na@b.fi\r\n\r\nc@d.fi\r\n")]

    assert numbers == [3, 5]


@pytest.mark.parametrize(
    ("raw", "fault"), [('a@b.fi;"Aino', "quotes"), ("a@b.fi;Aino;education;reader;x", "columns")]
)
def test_what_cannot_be_understood_is_named(raw, fault):
    assert read(raw)[0].fault == fault


def test_a_second_heading_is_a_persons_line():
    assert read("email\nemail\n") == [Line(2, {"email": "email"})]


@pytest.fixture
def paste(client, coordinator, town):
    client.force_login(coordinator)
    url = reverse("accounts:invite_many", args=[town.pk])

    def post(text, **data):
        return client.post(url, {"text": text, "language": "fi"} | data)

    return post


TEN = "\n".join(
    f"p{n}@town.example; Person {n}; {sector}; {role}"
    for n, (sector, role) in enumerate(
        [
            ("education", "member"), ("Education", "MEMBER"), ("opetus", ""), ("", "reader"),
            ("housing", "lukija"), ("library", "member"), ("youth", ""), ("", ""),
            ("wellbeing and health", "member"), ("land_use", "coordinator"),
        ]
    )
)  # fmt: skip


def test_ten_right_lines_are_shown_and_sent_only_at_the_second_press(paste, town, monkeypatch):
    text = TEN.replace("opetus", "education").replace("lukija", "reader")

    preview = paste(text)
    shown = Invitation.objects.count()
    sent = paste(text, send="1")

    assert (preview.status_code, shown, sent.status_code) == (200, 0, 302)
    assert "10 people each get a message" in preview.text
    assert Invitation.objects.count() == Mail.objects.count() == 10
    assert town.invitations.get(email="p9@town.example").role == "coordinator"
    assert town.invitations.get(email="p8@town.example").sector == "wellbeing"


def test_a_double_press_doubles_nothing(paste, client):
    paste("a@b.example\nc@d.example", send="1")

    page = paste("a@b.example\nc@d.example", send="1")

    assert page.status_code == 302
    assert Mail.objects.count() == 2


FAULTY = """a@town.example; Aino; education; member
nobody; Bertta
c@town.example; ; astrology
d@town.example; ; ; king
A@town.example
"f@town.example
g@town.example;;;;too much
; Hilma
i@town.example; {long}
"""


def test_every_fault_is_named_with_its_line_and_nothing_is_sent(paste):
    page = paste(FAULTY.format(long="x" * 121), send="1")

    rows = {row.number: row.faults for row in page.context["form"].rows}
    said = {number: str(faults[0]) for number, faults in rows.items() if faults}
    assert page.status_code == 400
    assert said == {
        2: "Enter a valid email address.",
        3: "“astrology” is no sector.",
        4: "“king” is no role.",
        5: "The same address is on line 1.",
        6: "A quotation mark is not closed.",
        7: "There are more columns than address, name, sector and role.",
        8: "The address is missing.",
        9: "Ensure this value has at most 120 characters (it has 121).",
    }
    assert "Lines 2, 3, 4, 5, 6, 7, 8, 9 need a look. Nothing has been sent." in page.text
    assert "Hilma" in page.text
    assert not Invitation.objects.exists()
    assert not Mail.objects.exists()


def test_who_is_in_or_invited_is_said_and_not_doubled(paste, town):
    MembershipFactory(municipality=town, user=UserFactory(email="in@town.example"))
    InvitationFactory(municipality=town, email="asked@town.example")

    preview = paste("in@town.example\nasked@town.example\nnew@town.example")
    paste("in@town.example\nasked@town.example\nnew@town.example", send="1")

    assert "has a part already, is left as it is" in preview.text
    assert "is invited already, is left as it is" in preview.text
    assert "1 person gets a message" in preview.text
    assert Mail.objects.get().to == "new@town.example"


@pytest.mark.parametrize("text", ["", "\n\n", ";;;\n", "email;name\n"])
def test_nothing_pasted_is_said(paste, text):
    assert paste(text).status_code == 400


def test_too_many_lines_are_refused_at_once(paste):
    page = paste("\n".join(f"a{n}@b.example" for n in range(101)))

    assert "At most 100 people go at once." in page.text


def test_above_the_days_number_nothing_is_sent_and_the_text_is_kept(paste, settings):
    settings.INVITATIONS_A_DAY = 1

    page = paste("a@b.example\nc@d.example", send="1")

    assert page.status_code == 400
    assert "At most 1 invitations leave" in page.text
    assert "a@b.example\nc@d.example" in page.text.replace("\r", "")
    assert not Invitation.objects.exists()


def test_markup_in_a_line_is_shown_as_text(paste):
    page = paste("<script>alert(1)</script>;<b>Aino</b>")

    assert "<script>alert" not in page.text
    assert "&lt;b&gt;Aino" in page.text
