"""A worker that is up but deaf ends itself, so that its supervisor starts one that listens.

After its broker was restarted a Celery worker can be alive and connected, and yet take nothing.
Beat puts a canary into every queue each `PULSE_SECONDS`. So a worker that was idle for three
rounds, while messages lay waiting in its queues, is deaf. A busy worker is not, nor one whose
broker is away, nor one whose queues are empty because beat is away.
"""

import logging
import os
import signal
import threading

from celery import bootsteps
from celery.worker import state
from kombu.exceptions import ChannelError
from kombu.exceptions import OperationalError as BrokerAway

logger = logging.getLogger(__name__)
ROUNDS = 3
LAST_WORDS = 10  # seconds that a worker gets to end in good order


class Ear:
    """Counts the rounds in which a worker heard nothing although there was something to hear."""

    def __init__(self):
        self.taken = self.silent = 0

    def is_deaf(self, *, taken, is_idle, waiting):
        """taken: tasks since the start. waiting: messages in the worker's queues now."""
        is_silent = is_idle and waiting and taken == self.taken
        self.silent = self.silent + 1 if is_silent else 0
        self.taken = taken
        return self.silent >= ROUNDS


class Watch(bootsteps.StartStopStep):
    """A thread of its own: it goes on where the worker's own loop hangs."""

    def __init__(self, worker, **options):
        self.stopped = threading.Event()

    def start(self, worker):
        queues = list(worker.app.amqp.queues.consume_from)
        threading.Thread(target=self.listen, args=[worker.app, queues], daemon=True).start()

    def stop(self, worker):
        self.stopped.set()

    def listen(self, app, queues):
        ear = Ear()
        while not self.stopped.wait(app.conf.pulse_seconds):
            if ear.is_deaf(taken=taken(), is_idle=is_idle(), waiting=waiting(app, queues)):
                logger.error("deaf: %s hold messages that do not reach this worker", queues)
                self.end()

    def end(self):
        os.kill(os.getpid(), signal.SIGTERM)
        if not self.stopped.wait(LAST_WORDS):
            os._exit(os.EX_TEMPFAIL)


def taken():
    return sum(state.total_count.values())


def is_idle():
    return not state.reserved_requests and not state.active_requests


def waiting(app, queues):
    """How many messages lie in `queues`; 0 where the broker does not answer."""
    try:
        with app.connection_for_read() as connection:
            return sum(depth(connection.default_channel, queue) for queue in queues)
    except (BrokerAway, OSError):
        return 0


def depth(channel, queue):
    try:
        return channel.queue_declare(queue, passive=True).message_count
    except ChannelError:
        return 0  # an empty list does not exist in Redis
