"""WSQ in processes of its own: a damaged image that crashes or hangs the library ends that process and raises here.

Processes are started when needed, kept for the next image, and end with this one. See ``worker.py``.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO

from tenprint.wsq.worker import HEAD

LONGEST_SECONDS = 60.0
_SCRIPT = Path(__file__).with_name("worker.py")


class WsqError(Exception):
    """The picture is damaged, or the library cannot code it."""


class _Worker:
    """One process and its two pipes."""

    def __init__(self) -> None:
        self.owner = os.getpid()
        command = [sys.executable, "-I", "-B", str(_SCRIPT)]
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter on our own file
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )

    def ask(self, kind: bytes, data: bytes, height: int, width: int) -> tuple[bytes, bytes, int, int]:
        """Send a request and wait; raises ``EOFError`` or ``BrokenPipeError`` when the process died."""
        to, back = self._pipes()
        clock = threading.Timer(LONGEST_SECONDS, self._process.kill)
        clock.start()
        try:
            to.write(HEAD.pack(kind, len(data), height, width))
            to.write(data)
            to.flush()
            mark, size, height, width = HEAD.unpack(_exactly(back, HEAD.size))
            return mark, _exactly(back, size), height, width
        finally:
            clock.cancel()

    def end(self) -> None:
        """Stop the process at once."""
        self._process.kill()
        for pipe in self._pipes():
            with contextlib.suppress(OSError):
                pipe.close()
        self._process.wait()

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        to, back = self._process.stdin, self._process.stdout
        assert to is not None and back is not None  # noqa: S101, PT018 - both were asked for
        return to, back


def _exactly(pipe: IO[bytes], size: int) -> bytes:
    data = pipe.read(size)
    if len(data) != size:
        raise EOFError
    return data


_idle: list[_Worker] = []
_lock = threading.Lock()


def _take() -> _Worker:
    with _lock:
        while _idle:
            worker = _idle.pop()
            if worker.owner == os.getpid():  # after a fork the pipes belong to the parent
                return worker
    return _Worker()


def _end_idle() -> None:
    while _idle:
        worker = _idle.pop()
        if worker.owner == os.getpid():
            worker.end()


atexit.register(_end_idle)


def run(kind: bytes, data: bytes, height: int = 0, width: int = 0) -> tuple[bytes, int, int]:
    """Let another process decode (``d``) or encode (``e``).

    Args:
        kind: what to do.
        data: WSQ bytes, or pixels row by row.
        height: rows of the pixels to encode.
        width: columns of the pixels to encode.

    Returns:
        Pixels or WSQ bytes, height, width.

    Raises:
        WsqError: when the library refuses the image, crashes, or takes longer than ``LONGEST_SECONDS``.
    """
    worker = _take()
    try:
        mark, answer, height, width = worker.ask(kind, data, height, width)
    except (EOFError, OSError) as fault:
        worker.end()
        raise WsqError("the WSQ library crashed or hung on this image: it is damaged") from fault
    except BaseException:
        worker.end()  # an interrupt in the middle of an answer: the pipe cannot be used again
        raise
    with _lock:
        _idle.append(worker)
    if mark != b"+":
        text = answer.decode("utf-8", "replace") or "no reason given"
        raise WsqError(f"the WSQ library refuses this image: {text}")
    return answer, height, width
