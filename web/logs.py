"""The log: a JSON object a line, with what happened and never with what was said."""

import json
import logging
import traceback
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from flask import g, has_request_context

_TO_JSON = json.JSONEncoder(ensure_ascii=False).encode

#: gunicorn quotes the request in these.
_QUOTING = ("Invalid request", "Error handling request", "WSGI app sent body bytes")


class JsonFormatter(logging.Formatter):
    """Writes a record as JSON. Of an error only its kind and place are told, since its text may quote a patient."""

    def format(self, record: logging.LogRecord) -> str:
        """The line for a record; `extra={"fields": {…}}` adds to it."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _message(record),
        }
        if has_request_context() and "request_id" in g:
            line["request"] = g.request_id
        line |= getattr(record, "fields", {})
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            line["at"] = _places(record.exc_info[2])
        return _TO_JSON(line)


def configuration(level: str) -> dict[str, Any]:
    """For `logging.config.dictConfig`: everything to standard error, from this level on."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": JsonFormatter}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"level": level.upper(), "handlers": ["stderr"]},
        "loggers": {
            "gunicorn.error": {"level": level.upper(), "handlers": ["stderr"], "propagate": False},
            "gunicorn.access": {"level": "CRITICAL", "propagate": False},
            "alembic": {"level": "WARNING"},
        },
    }


def _message(record: logging.LogRecord) -> str:
    message = record.getMessage()
    if record.name.startswith("gunicorn"):
        return next((quoting for quoting in _QUOTING if message.startswith(quoting)), message)
    return message


def _places(place: TracebackType | None) -> list[str]:
    """File, line and function of the innermost calls."""
    frames = traceback.extract_tb(place)[-6:]
    return [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
