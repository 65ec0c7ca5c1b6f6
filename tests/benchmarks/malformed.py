"""10,000 requests that no widget would send: `make malformed`.

Random bytes, wrong types, huge and nested bodies, forged tokens, headers with line breaks, HTTP that is none. Nothing
may fail, and no word of what was sent may be in the log.
"""

import json
import random
import socket
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from tests.benchmarks.serving import chat_server

PORT = 8144
REQUESTS = 10_000
#: In everything that is sent, and nowhere in the log.
WORD = b"zebedeequill"
PATIENCE = 10.0


def main() -> None:
    """Send, count by status, look at the log, and end with 1 if anything failed."""
    requests = int(sys.argv[1]) if len(sys.argv) > 1 else REQUESTS
    chance = random.Random(20)
    statuses: Counter[str] = Counter()
    with chat_server(PORT, {}) as (_, log):
        for place in range(requests):
            make = KINDS[place % len(KINDS)]
            statuses[send(make(chance))] += 1
        alive = send(post(b'{"message": "what is PRP?"}'))
        faults = problems(log, statuses, alive)
    for status, number in sorted(statuses.items()):
        print(f"{number:>7,} × {status}")
    print("\n".join(faults) or "nothing failed, and no word is in the log")
    sys.exit(1 if faults else 0)


def problems(log: Path, statuses: Counter[str], alive: str) -> list[str]:
    """What must not have happened."""
    text = log.read_bytes().lower()
    lines = text.splitlines()
    found = [f"{number} × {status}" for status, number in statuses.items() if status.startswith("5")]
    found += ["a traceback is in the log"] if b"traceback" in text else []
    found += ["what was sent is in the log"] if WORD in text else []
    found += [f"a line of the log is no JSON: {line[:80]!r}" for line in lines if not _is_json(line)][:3]
    return found + ([] if alive == "200" else [f"in the end the server says {alive}"])


def send(request: bytes) -> str:
    """The status that came back; `none` where the server closed without one, as it may for what is no HTTP."""
    try:
        with socket.create_connection(("127.0.0.1", PORT), timeout=PATIENCE) as connection:
            try:
                connection.sendall(request)
                connection.shutdown(socket.SHUT_WR)
            except OSError:
                pass  # it may have answered before it has read everything
            answer = connection.recv(64)
    except OSError as error:
        return f"none ({type(error).__name__})"
    return answer[9:12].decode("ascii", "replace") if answer.startswith(b"HTTP/1.") else "none"


def post(body: bytes, form: bytes = b"application/json", more: bytes = b"", path: bytes = b"/api/chat") -> bytes:
    """A request as it goes over the wire."""
    head = b"POST %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: %s\r\n" % (path, form)
    return head + b"Content-Length: %d\r\n%s\r\n%s" % (len(body), more, body)


def random_bytes(chance: random.Random) -> bytes:
    """A body of anything."""
    return post(WORD + chance.randbytes(chance.randrange(2_000)))


def wrong_types(chance: random.Random) -> bytes:
    """JSON whose values are of other types, or under other names."""
    values = [None, True, 5, -1.5e300, [], {}, [WORD.decode()], {"message": WORD.decode()}, WORD.decode(), ""]
    names = ["message", "state", "choice", "turn", "helpful", "reason", WORD.decode(), "__proto__"]
    body = {chance.choice(names): chance.choice(values) for _ in range(chance.randrange(4))}
    path = chance.choice([b"/api/chat", b"/api/feedback"])
    return post(json.dumps(chance.choice([body, [body], WORD.decode(), 7])).encode(), path=path)


def huge(chance: random.Random) -> bytes:
    """A message, or a body, that is far too long."""
    return post(b'{"message": "%s"}' % (WORD * chance.choice([100, 1_000, 20_000])))


def nested(chance: random.Random) -> bytes:
    """JSON in JSON in JSON."""
    depth = chance.choice([10, 1_000, 60_000])
    return post(
        chance.choice([b"[" * depth, b'{"message":' * (depth // 10) + b'"%s"' % WORD, b'{"a":[' * (depth // 6)])
    )


def cut_off(chance: random.Random) -> bytes:
    """Less, or more, than was announced."""
    request = post(b'{"message": "%s", "state": "%s"}' % (WORD, WORD * 5))
    return request[: chance.randrange(len(request))]


def bad_tokens(chance: random.Random) -> bytes:
    """States and turns that nobody gave out."""
    token = chance.choice(
        [WORD.decode() * 9, "a.b.c", "." * 5_000, "eyJhIjoxfQ.aaaa.bbbb", "\udc00", "../../etc/passwd"]
    )
    if chance.random() < 0.5:
        return post(json.dumps({"turn": token, "helpful": False}).encode(), path=b"/api/feedback")
    return post(json.dumps({"message": WORD.decode(), "state": token, "choice": token}).encode())


def header_injection(chance: random.Random) -> bytes:
    """Headers that want to become more headers, or lines of the log."""
    value = chance.choice(
        [b"a\r\n b", b"a\rSet-Cookie: x=1", b'","status":200', b"\x00\x07" + WORD, b"x" * 20_000, b"\xff" * 50]
    )
    name = chance.choice([b"X-Request-ID", b"Origin", b"X-Forwarded-For", b"Accept-Encoding", b"Authorization", WORD])
    return post(b'{"message": "%s"}' % WORD, more=b"%s: %s\r\n" % (name, value))


def other_forms(chance: random.Random) -> bytes:
    """Bodies that call themselves something else."""
    form = chance.choice(
        [b"text/plain", b"multipart/form-data; boundary=" + WORD, b"application/json; charset=utf-16", b"\xff"]
    )
    return post(WORD * 50, form)


def no_http(chance: random.Random) -> bytes:
    """What is no HTTP, or nearly none."""
    lines = [
        WORD + b"\r\n\r\n",
        b"GET /%s HTTP/9.9\r\n\r\n" % WORD,
        b"GET /%%ff%%00?%s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n" % WORD,
        b"POST /api/chat HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz%s\r\n" % WORD,
        b"POST /api/chat HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n%s" % WORD,
        b"%s /api/chat HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        % chance.choice([b"PUT", b"TRACE", WORD.upper(), b"HEAD"]),
        b"\x16\x03\x01" + chance.randbytes(200),
    ]
    return chance.choice(lines)


KINDS: list[Callable[[random.Random], bytes]] = [
    random_bytes,
    wrong_types,
    huge,
    nested,
    cut_off,
    bad_tokens,
    header_injection,
    other_forms,
    no_http,
]


def _is_json(line: bytes) -> bool:
    try:
        json.loads(line)
    except ValueError:
        return False
    return True


if __name__ == "__main__":
    main()
