"""What can go wrong at the ledger; each error says what was expected, what came, and what to do."""

from __future__ import annotations

from collections.abc import Sequence

from tenprint.ledger.entry import Entry, Problem


class LedgerError(Exception):
    """Something the ledger refuses or cannot do."""


class NotALedger(LedgerError):  # noqa: N818 - reads as the finding it is
    """Nothing that this program can open as a ledger is at that address."""


class AlreadyExists(LedgerError):  # noqa: N818
    """Something is already there, and nothing is ever overwritten."""


class InvalidEvent(LedgerError, ValueError):  # noqa: N818
    """An event or act that cannot be stored as it stands."""


class VersionConflict(LedgerError):  # noqa: N818
    """Somebody else appended to the stream first: read it again and decide again."""

    def __init__(self, stream: str, expected: int, actual: int) -> None:
        super().__init__(
            f"stream {stream!r}: expected version {expected}, it is at {actual}. Somebody appended in between: "
            f"read the stream again and decide again."
        )
        self.stream, self.expected, self.actual = stream, expected, actual


class AlreadyDone(LedgerError):  # noqa: N818
    """An append with this idempotency key is already on the ledger; ``entries`` is what it wrote."""

    def __init__(self, key: str, entries: Sequence[Entry]) -> None:
        super().__init__(f"idempotency key {key!r}: already appended as entries {[e.seq for e in entries]}")
        self.key, self.entries = key, list(entries)


class KeyReused(LedgerError):  # noqa: N818
    """The same idempotency key was used for another stream."""


class StatedLater(LedgerError):  # noqa: N818
    """An act is stated to have happened later than the ledger's clock."""


class ClockJumped(LedgerError):  # noqa: N818
    """The machine's clock is far ahead of the last entry: nothing is written until somebody says that it is right."""


class Busy(LedgerError):  # noqa: N818
    """Another writer held the ledger for too long."""


class NotStored(LedgerError):  # noqa: N818
    """The database gave up in the middle (full disk, lost connection): nothing of the transaction was stored."""


class Damaged(LedgerError):  # noqa: N818
    """The ledger does not verify; ``problems`` says where."""

    def __init__(self, message: str, problems: Sequence[Problem] = ()) -> None:
        super().__init__(message)
        self.problems = list(problems)
