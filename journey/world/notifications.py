"""The mails that the moves have written: the older half is sent, the rest waits."""

from journey.world.book import PORTAL
from notifications.models import Mail
from notifications.tasks import send


def fill(world):
    letters = {f"{letter.lower()}.world.example": letter for letter in world.towns}
    mails = list(Mail.objects.order_by("pk").values_list("pk", flat=True))
    for pk in mails[: len(mails) // 2]:
        send(pk)
    for mail in Mail.objects.order_by("pk"):
        world.note(mail, f"mail.{mail.state}", letters.get(mail.to.partition("@")[2], PORTAL))
