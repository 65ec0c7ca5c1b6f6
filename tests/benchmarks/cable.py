"""A TCP connection to a server that can be cut, as if somebody pulled the cable."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Self
from urllib.parse import urlsplit


class Cable:
    """Listens, and passes on whatever comes to the server at the far end."""

    def __init__(self, host: str, port: int) -> None:
        self._far = (host, port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._sockets: set[socket.socket] = set()
        self._whole = threading.Event()
        self._whole.set()
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    @classmethod
    @contextmanager
    def to(cls, url: str) -> Iterator[Self]:
        """A cable to the server of an address; `address` is the same through the cable."""
        parts = urlsplit(url)
        cable = cls(parts.hostname or "127.0.0.1", parts.port or 5432)
        near = parts.netloc.rpartition("@")
        cable.address = parts._replace(netloc=f"{near[0]}{near[1]}127.0.0.1:{cable.port}").geturl()
        try:
            yield cable
        finally:
            cable._listener.close()
            cable._drop()

    address: str

    @contextmanager
    def cut(self) -> Iterator[None]:
        """While cut, connections end, and new ones end at once."""
        self._whole.clear()
        self._drop()
        try:
            yield
        finally:
            self._whole.set()

    def _drop(self) -> None:
        for each in list(self._sockets):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()
        self._sockets.clear()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                if not self._whole.is_set():
                    near.close()
                    continue
                far = socket.create_connection(self._far)
                self._sockets |= {near, far}
                for source, target in ((near, far), (far, near)):
                    threading.Thread(target=self._pass_on, args=(source, target), daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65_536):
                target.sendall(data)
        for each in (source, target):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()
            self._sockets.discard(each)
