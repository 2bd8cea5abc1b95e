"""What a log line holds: JSON in production, plain words in the demo, never what people wrote.

Whoever logs, three rules keep texts, keys and secrets out:

- of an error the line has its type and the way it took; its words only where code alone made them;
- what a library fills into its message stays only where it is a number or a name of code, since
  the path of a request may hold a key, and an error's words what somebody typed;
- mail addresses and what looks like a key are struck out, and so is each value named like a secret.
"""

import json
import logging
import re
import sys
import traceback
from pathlib import Path

import structlog
from django.db import InterfaceError, OperationalError
from django.template.exceptions import TemplateDoesNotExist

ROOT = str(Path(__file__).resolve().parent.parent)
OURS = (
    "municipalities", "notifications", "accounts", "documents", "drafting", "applications",
    "indexanalysis", "journey", "integration_portal", "django_structlog",
)  # fmt: skip
# Their words are made by the interpreter or the driver, and carry no value of a row or a form.
WORDED_BY_CODE = (
    AttributeError, ImportError, NameError, TypeError, TemplateDoesNotExist, OperationalError,
    InterfaceError,
)  # fmt: skip
STARTERS = ("gunicorn", "celery")  # what they say of themselves, below a warning, is of settings
KEY = re.compile(r"[A-Za-z0-9_-]{20,}")
NAME_OF_CODE = re.compile(r"[a-z_]+(\.[a-z_]+)+")
PLACEHOLDER = re.compile(r"%(\(\w+\))?[^a-zA-Z%]*[a-zA-Z]")
SECRET = re.compile(r"password|secret|token|cookie|authorization|session|key", re.IGNORECASE)
IDS = {"request_id", "task_id", "parent_task_id", "child_task_id"}
LONGEST = 2000  # characters of one value


def configure(form, level):
    """Return Django's LOGGING, and send structlog's lines the same way.

    form: "json", one object a line, or "lines", for a person at a terminal.
    """
    logging.raiseExceptions = False  # a line that cannot be formed would print its values
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    line = {
        "()": structlog.stdlib.ProcessorFormatter,
        "use_get_message": False,  # `without_values` forms it
        "pass_foreign_args": True,
        "foreign_pre_chain": [without_values, *SHARED],
        "processors": [with_errors, scrubbed, {"json": as_json, "lines": as_line}[form]],
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": line},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django": {"handlers": [], "propagate": True},
            "django.request": {"level": "ERROR"},  # `tracing` has a line for each answer
            "gunicorn.error": {"handlers": [], "propagate": True, "level": "INFO"},
            "gunicorn.access": {"handlers": [], "propagate": False},
            "celery.app.trace": {"level": "WARNING"},  # django_structlog says what succeeded
            "celery.worker.strategy": {"level": "WARNING"},
            "weasyprint": {"level": "ERROR"},  # every page would tell its steps
            "fontTools": {"level": "ERROR"},
        },
    }


def without_values(logger, method, event):
    """Reword a library's record: numbers and names of code are filled in, all else is left out."""
    record, arguments = event["_record"], event.pop("positional_args", ())
    origin = record.name.split(".")[0]
    ours = origin in OURS or (origin in STARTERS and record.levelno < logging.WARNING)
    event["event"] = worded(record.msg, filled(arguments, plain if ours else harmless))
    error = record.exc_info and record.exc_info[0]
    nothing_left = not any(map(str.isalpha, event["event"]))
    if error and not ours and (nothing_left or not arguments):  # the message was the error's words
        event["event"] = error.__name__
    return event


def worded(message, arguments):
    try:
        return str(message) % arguments if arguments else str(message)
    except (TypeError, ValueError):
        return PLACEHOLDER.sub("…", str(message))


def filled(arguments, keep):
    """What is filled into a message, each value as `keep` lets it through."""
    if isinstance(arguments, dict):
        return {name: keep(value) for name, value in arguments.items()}
    return tuple(map(keep, arguments or ()))


def plain(value):
    return words(value) if isinstance(value, BaseException) else value


def harmless(value):
    if isinstance(value, BaseException):
        return words(value)
    if isinstance(value, int | float) or value is None:
        return value
    return value if isinstance(value, str) and NAME_OF_CODE.fullmatch(value) else "…"


def with_errors(logger, method, event):
    """Put the error, if there is one, into fields: what it is and which way it took."""
    record = event.pop("_record", None)
    event.pop("_from_structlog", None)
    event.pop("stack", None)
    error = raised(event.pop("exc_info", None) or getattr(record, "exc_info", None))
    # What django_structlog says of a failed task is said better below.
    given = [event.pop(name, None) for name in ("exception", "error", "reason", "result")]
    error = error or next((one for one in given if isinstance(one, BaseException)), None)
    if error is not None:
        event["errors"] = [told(one) for one in chain(error)]
    return event


def raised(exc_info):
    """The error of what `exc_info` may be: itself, a triple, or True for the one being handled."""
    if isinstance(exc_info, tuple):
        return exc_info[1]
    if exc_info is True:
        return sys.exc_info()[1]
    return exc_info or None


def chain(error):
    """The error and what it came from, the last one first."""
    seen = []
    while error is not None and error not in seen:
        seen.append(error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return seen


def told(error):
    """An error without its values: neither its words nor the variables of the way."""
    way = traceback.StackSummary.extract(traceback.walk_tb(error.__traceback__), lookup_lines=False)
    steps = [f"{frame.filename.removeprefix(ROOT)}:{frame.lineno} {frame.name}" for frame in way]
    return {"error": words(error), "way": steps}


def words(error):
    name = type(error).__name__
    if isinstance(error, OSError) and error.strerror:
        return f"{name}: {error.strerror}"  # without the file's name
    return f"{name}: {struck(str(error))}" if isinstance(error, WORDED_BY_CODE) else name


def scrubbed(logger, method, event):
    return {name: value_of(name, value) for name, value in event.items()}


def value_of(name, value):
    if SECRET.search(name):
        return "[struck out]"
    if name in IDS or value is None or isinstance(value, int | float) or name == "errors":
        return value
    return struck(value) if isinstance(value, str) else type(value).__name__


def struck(text):
    """The text without mail addresses and without what may be a key: long, with a digit."""
    text = " ".join("[address]" if "@" in word else word for word in text[:LONGEST].split(" "))
    return KEY.sub(lambda run: "[key]" if any(map(str.isdigit, run[0])) else run[0], text)


def as_json(logger, method, event):
    first = {name: event.pop(name, "") for name in ("time", "level", "logger", "event")}
    return json.dumps(first | event, ensure_ascii=False)


def as_line(logger, method, event):
    """`INFO journey: answered route=journey:home`, and an error's way on lines below."""
    event.pop("time", None)
    level, name, text = (event.pop(key, "") for key in ("level", "logger", "event"))
    errors = event.pop("errors", [])
    below = [f"\n  {one['error']}" + "".join(f"\n    {s}" for s in one["way"]) for one in errors]
    values = "".join(f" {key}={value}" for key, value in event.items())
    return f"{level.upper()} {name}: {text}{values}{''.join(below)}"


SHARED = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
]


def level_of(status):
    """An answer's level: only a fault of ours is an error."""
    return logging.ERROR if status >= 500 else logging.INFO
