"""A database that a definition may run in: no files but the facts, no extensions, no settings, bounds for strangers."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

import duckdb
import msgspec


class Limits(msgspec.Struct, frozen=True):
    """What a definition or facts of others may use."""

    memory: str = "2GB"
    seconds: float = 120.0


class LockedDatabase:
    """A DuckDB connection in memory that reads certain files and nothing else.

    Args:
        files: The Parquet files that may be read.
        limits: Bounds of memory and time; none for definitions of this program on facts of one's own.
    """

    def __init__(self, files: Sequence[Path], limits: Limits | None = None) -> None:
        self.connection = duckdb.connect()
        self._closed = threading.Event()
        self._watcher: threading.Thread | None = None
        listed = ", ".join("'" + str(f).replace("'", "''") + "'" for f in files)
        settings = [
            "TimeZone = 'UTC'", f"allowed_paths = [{listed}]", "python_enable_replacements = false",
            "autoload_known_extensions = false", "autoinstall_known_extensions = false",
            "allow_community_extensions = false",
        ]  # fmt: skip
        if limits is not None:
            settings += [f"memory_limit = '{limits.memory}'", "max_temp_directory_size = '0B'", "threads = 2"]
            self._watcher = threading.Thread(target=self._watch, args=(limits.seconds,), daemon=True)
            self._watcher.start()
        for setting in (*settings, "enable_external_access = false", "lock_configuration = true"):
            self.connection.execute(f"SET {setting}")

    def _watch(self, seconds: float) -> None:
        """Interrupt whatever runs once the time is over, again and again until somebody closes."""
        waited = seconds
        while not self._closed.wait(waited):
            self.connection.interrupt()
            waited = 0.2

    def close(self) -> None:
        """End the watch and the connection."""
        self._closed.set()
        if self._watcher is not None:  # a process that ends while it still runs is aborted
            self._watcher.join()
        self.connection.close()
