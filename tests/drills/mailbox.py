"""What arrived: the mails that the worker has put into its folder, a file each."""

import email
from email import policy


def all_messages(portal):
    """Every message, oldest first."""
    files = sorted((portal.folder / "mails").glob("*.eml"))
    return [email.message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]


def received(portal, address):
    return [message for message in all_messages(portal) if message["To"] == address]
