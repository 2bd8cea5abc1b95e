"""What arrived: the mails that the worker has put into its folder."""

import email
from email import policy


def all_messages(portal):
    files = sorted((portal.folder / "mails").glob("*.eml"))
    return [parse(file.read_bytes()) for file in files]


def received(portal, address):
    """The messages to one address, oldest file first."""
    return [message for message in all_messages(portal) if message["To"] == address]


def parse(content):
    return email.message_from_bytes(content, policy=policy.default)
