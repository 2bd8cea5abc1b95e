"""A small mail server on this machine that keeps what it is given, and misbehaves when told to."""

import email
import socketserver
import threading
import time
from dataclasses import dataclass, field
from email import policy


@dataclass
class Manners:
    """How the server answers. rcpt, data: its words there, such as "550 unknown"."""

    greets: bool = True  # False: takes the connection and says nothing
    rcpt: str = "250 ok"
    refused: dict = field(default_factory=dict)  # address to the words for it
    data: str = "250 taken"
    breaks_after_data: bool = False  # has taken the mail, and is gone before it says so
    is_deaf_to_quit: bool = False
    slow_seconds: float = 0  # between the end of the mail and the answer


class Sink(socketserver.ThreadingTCPServer):
    """`with Sink() as sink:`, then its `port`. `got`: every mail that was taken, as bytes."""

    allow_reuse_address = daemon_threads = True
    request_queue_size = 50

    def __init__(self, port=0):
        super().__init__(("127.0.0.1", port), Conversation)
        self.port = self.server_address[1]
        self.manners = Manners()
        self.got = []
        self.taken_at = []
        self.reading = threading.Event()  # a mail's end has come, the answer has not gone yet
        self.connections = 0
        self.closing = threading.Event()

    def __enter__(self):
        threading.Thread(target=self.serve_forever, args=[0.05], daemon=True).start()
        return self

    def __exit__(self, *error):
        self.closing.set()
        self.shutdown()
        self.server_close()

    def handle_error(self, request, client_address):
        """A client that was killed in the middle of a conversation is what this server is for."""

    def messages(self):
        return [email.message_from_bytes(mail, policy=policy.default) for mail in self.got]


class Conversation(socketserver.StreamRequestHandler):
    def handle(self):
        self.server.connections += 1
        self.manners = self.server.manners
        if not self.manners.greets:
            self.server.closing.wait(5)
            return
        self.say("220 sink")
        while line := self.rfile.readline().decode().strip():
            if not self.answer(line):
                return

    def answer(self, line):
        """Answer one command; False ends the conversation."""
        command = line[:4].upper()
        if command == "QUIT":
            if self.manners.is_deaf_to_quit:
                self.server.closing.wait(5)
            self.say("221 bye")
            return False
        if command == "RCPT":
            address = line.partition("<")[2].rstrip(">")
            self.say(self.manners.refused.get(address, self.manners.rcpt))
        elif command == "DATA":
            return self.take()
        else:
            self.say("250 ok")
        return True

    def take(self):
        self.say("354 go on")
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                return False  # broken off in the middle: nothing was taken
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        self.server.reading.set()
        time.sleep(self.manners.slow_seconds)
        if self.manners.data.startswith("250"):
            self.server.got.append(b"".join(lines))
            self.server.taken_at.append(time.time())
        if self.manners.breaks_after_data:
            return False
        self.say(self.manners.data)
        return True

    def say(self, words):
        self.wfile.write(f"{words}\r\n".encode())
