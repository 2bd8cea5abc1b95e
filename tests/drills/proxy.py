"""A small TCP proxy on the loopback that passes bytes on, holds them back, or breaks off."""

import socket
import threading
from contextlib import suppress

CHUNK = 65536


class Proxy:
    """Passes connections to `target` (a socket's path) on; `cut` refuses, `hold` says nothing."""

    def __init__(self, target):
        self.target = str(target)
        self.passing = threading.Event()
        self.passing.set()
        self.refuses = False
        self.pairs = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        with suppress(OSError):  # closed: the end
            while True:
                near, _address = self.listener.accept()
                if self.refuses:
                    near.close()
                else:
                    self.join(near)

    def join(self, near):
        far = socket.socket(socket.AF_UNIX)
        try:
            far.connect(self.target)
        except OSError:
            return near.close()
        self.pairs.append((near, far))
        for source, sink in ((near, far), (far, near)):
            threading.Thread(target=self.carry, args=(source, sink), daemon=True).start()

    def carry(self, source, sink):
        with suppress(OSError):
            while data := source.recv(CHUNK):
                self.passing.wait()
                sink.sendall(data)
        for end in (source, sink):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def hold(self):
        """The line is there, but nothing comes through: neither an answer nor an end."""
        self.passing.clear()

    def cut(self):
        """Every connection breaks off, and no new one is made."""
        self.refuses = True
        for pair in self.pairs:
            for end in pair:
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
        self.pairs.clear()

    def mend(self):
        self.refuses = False
        self.passing.set()

    def close(self):
        self.mend()
        self.cut()
        self.listener.close()
