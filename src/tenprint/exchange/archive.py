"""Cards, answers and templates on the road, kept by the bureau under the hash of their bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, delete, insert, select

from tenprint import finger
from tenprint.exchange.answers import Answer
from tenprint.exchange.cards import Card
from tenprint.exchange.errors import UnknownError
from tenprint.exchange.schema import ANSWER, CARD, PROBE
from tenprint.ledger import Damaged


def keep_card(connection: Connection, card: Card) -> None:
    """Store the card's bytes under their hash, once."""
    if not connection.execute(select(CARD.c.card).where(CARD.c.card == card.digest)).first():
        connection.execute(insert(CARD).values(card=card.digest, content=card.content))


def card_content(connection: Connection, digest: str) -> bytes:
    """The bytes of a card.

    Raises:
        UnknownError: when they are not kept here.
    """
    content: bytes | None = connection.execute(select(CARD.c.content).where(CARD.c.card == digest)).scalar_one_or_none()
    if content is None:
        raise UnknownError(f"no card with the hash {digest} is kept here")
    return _unchanged(content, digest, "card")


def keep_answer(connection: Connection, answer: Answer) -> None:
    """Store an answer under its hash, once."""
    if not connection.execute(select(ANSWER.c.answer).where(ANSWER.c.answer == answer.digest)).first():
        row = {"kind": answer.kind, "tcn": answer.tcn, "tcr": answer.tcr, "content": answer.content}
        connection.execute(insert(ANSWER).values(answer=answer.digest, **row))


def answer_content(connection: Connection, digest: str) -> bytes:
    """The bytes of an answer.

    Raises:
        UnknownError: when they are not kept here.
    """
    query = select(ANSWER.c.content).where(ANSWER.c.answer == digest)
    content: bytes | None = connection.execute(query).scalar_one_or_none()
    if content is None:
        raise UnknownError(f"no answer with the hash {digest} is kept here")
    return _unchanged(content, digest, "answer")


def _unchanged(content: bytes, digest: str, what: str) -> bytes:
    """The bytes, when they are still those that the ledger names."""
    if hashlib.sha256(content).hexdigest() != digest:
        raise Damaged(f"the stored bytes of {what} {digest} were changed. Run `tenprint ledger verify`.")
    return content


def keep_templates(connection: Connection, digest: str, templates: Mapping[int, finger.Template]) -> None:
    """Store the templates of a card that is on the road."""
    connection.execute(delete(PROBE).where(PROBE.c.card == digest))
    if templates:
        rows = [{"card": digest, "position": p, "template": t.to_bytes()} for p, t in templates.items()]
        connection.execute(insert(PROBE), rows)


def kept_templates(connection: Connection, digest: str) -> dict[int, finger.Template]:
    """The stored templates of a card, by position; empty when there are none."""
    rows = connection.execute(select(PROBE).where(PROBE.c.card == digest)).all()
    return {r.position: finger.Template.from_bytes(r.template) for r in rows}


def drop_templates(connection: Connection, digest: str) -> int:
    """Forget the templates of a card, and say how many there were."""
    return connection.execute(delete(PROBE).where(PROBE.c.card == digest)).rowcount


def has_card(connection: Connection, digest: str) -> bool:
    """Whether the bytes of a card are kept here."""
    return connection.execute(select(CARD.c.card).where(CARD.c.card == digest)).first() is not None


def drop_card(connection: Connection, digest: str) -> bool:
    """Forget the bytes of a card, and say whether they were here; its hash stays in the case."""
    return connection.execute(delete(CARD).where(CARD.c.card == digest)).rowcount > 0


def drop_answers(connection: Connection, digests: Sequence[str]) -> int:
    """Forget answers, and say how many there were."""
    return connection.execute(delete(ANSWER).where(ANSWER.c.answer.in_(digests))).rowcount
