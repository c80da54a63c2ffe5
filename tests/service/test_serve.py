"""`tenprint serve` as somebody types it: a process, a port, a browser's request."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tenprint.cli import serve
from tenprint.cli.common import Refused
from tenprint.exchange import Exchange

MAIN = "from tenprint.cli.app import main; main()"


@pytest.mark.skipif(os.name != "posix", reason="ends the process by a signal")
def test_t5_serve_answers_on_this_machine_and_says_that_names_are_unchecked(tmp_path: Path) -> None:
    db = tmp_path / "x.db"
    with Exchange.create(db, "ada", names_unchecked=True) as made:
        made.add_principal("jane", "jail", "TXSYN4530", made.act("ada", "register"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = [sys.executable, "-c", MAIN, "serve", "--db", str(db), "--port", str(port)]
    running = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        assert running.stdout is not None
        said = [running.stdout.readline() for _ in range(2)]
        assert "NAMES UNCHECKED" in said[0]
        assert f"http://127.0.0.1:{port}/" in said[1]
        page = ""
        for _ in range(100):
            try:
                page = urllib.request.urlopen(f"http://127.0.0.1:{port}/sign-in", timeout=5).read().decode()
                break
            except urllib.error.URLError:
                time.sleep(0.1)
        assert "names are unchecked, and nothing here proves who acted" in page
        assert "jane: jail (TXSYN4530)" in page
    finally:
        running.send_signal(signal.SIGINT)
        running.communicate(timeout=20)


def test_t5_passwords_do_not_travel_in_clear() -> None:
    ended = CliRunner().invoke(serve.app, ["--db", "x.db", "--host", "0.0.0.0"])
    assert isinstance(ended.exception, Refused)
    assert ended.exception.code == 2
    assert "--behind-tls" in str(ended.exception)
