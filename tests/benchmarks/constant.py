"""The Flask view that the chat is held against: a constant JSON, and nothing else."""

import os

from flask import Flask, Response

app = Flask(__name__)
_BODY = os.environ["CONSTANT_BODY"].encode()


@app.get("/healthz")
@app.post("/api/chat")
def constant() -> Response:
    """The same every time."""
    return Response(_BODY, content_type="application/json")
