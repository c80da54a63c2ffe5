"""Tables of the exchange beside the ledger, each with one owner.

`bureau_*` hold cards and answers by hash, and where answers go. `criminal_*` and `immigration_*` belong to one
identification system each and are read by that system alone. `exchange_*` are projections: they follow from the ledger
and can be rebuilt.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, Index, Integer, LargeBinary, MetaData, String, Table, Text

METADATA = MetaData()

CARD = Table(
    "bureau_card",
    METADATA,
    Column("card", String(64), primary_key=True, comment="SHA-256 of the bytes, hex"),
    Column("content", LargeBinary, nullable=False),
)

ANSWER = Table(
    "bureau_answer",
    METADATA,
    Column("answer", String(64), primary_key=True, comment="SHA-256 of the bytes, hex"),
    Column("kind", Text, nullable=False),
    Column("tcn", Text, nullable=False),
    Column("tcr", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
)

PROBE = Table(
    "bureau_template",
    METADATA,
    Column("card", String(64), primary_key=True),
    Column("position", Integer, primary_key=True, comment="FGP 1..10"),
    Column("template", LargeBinary, nullable=False),
)
"""Templates of cards on the road, so that a restart need not look at the images again; dropped when RET is N."""


ADDRESS = Table(
    "bureau_address",
    METADATA,
    Column("stream", Text, primary_key=True),
    Column("folder", Text, primary_key=True, comment="where answers of this card go, as a whole path"),
    Column("kind", Text, primary_key=True, comment="IAR, or * for the answers of the road"),
    Column("waiting", Boolean, nullable=False, index=True, comment="something is or may still become due there"),
)

DELIVERY = Table(
    "bureau_delivery",
    METADATA,
    Column("answer", String(64), primary_key=True, comment="SHA-256 of the bytes, hex"),
    Column("folder", Text, primary_key=True),
    Column("attempts", Integer, nullable=False, comment="in vain"),
    Column("trouble", Text, nullable=False),
    Column("delivered_at", Text, comment="ISO 8601; nothing: it has not arrived"),
)


def print_table(system: str) -> Table:
    """Enrolled prints of one system: one row a finger of an encounter."""
    return Table(
        f"{system}_print",
        METADATA,
        Column("identity", Text, primary_key=True),
        Column("encounter", Integer, primary_key=True),
        Column("position", Integer, primary_key=True, comment="FGP 1..10"),
        Column("template", LargeBinary, nullable=False),
        Column("seq", Integer, nullable=False, index=True, comment="ledger position of the enrolment"),
    )


def enrolment_table(system: str) -> Table:
    """Which card became which encounter of which identity, so that the same card is enrolled once."""
    return Table(
        f"{system}_enrolment",
        METADATA,
        Column("card", String(64), primary_key=True),
        Column("identity", Text, nullable=False),
        Column("encounter", Integer, nullable=False),
        Column("seq", Integer, nullable=False),
    )


ENCOUNTER = Table(
    "immigration_encounter",
    METADATA,
    Column("identity", Text, primary_key=True),
    Column("agency", Text, primary_key=True),
    Column("tcn", Text, primary_key=True),
    Column("on", Date, nullable=False),
)
"""What a match with RET=Y leaves behind: date, agency and control number; never prints."""

SUBMISSION = Table(
    "exchange_submission",
    METADATA,
    Column("stream", Text, primary_key=True),
    Column("tcn", Text, nullable=False, index=True),
    Column("submitting_ori", Text, nullable=False),
    Column("controlling_ori", Text, nullable=False),
    Column("card", String(64), nullable=False, index=True),
    Column("accepted", Boolean, nullable=False),
    Column("road_open", Boolean, nullable=False, index=True, comment="something is still owed on the road"),
    Column("holds", Integer, nullable=False, default=0, comment="1 from a release moment until the person has left"),
    Column(
        "requests",
        Integer,
        nullable=False,
        default=0,
        comment="1 from a request to the jail until the person has left it",
    ),
    Column(
        "queries",
        Integer,
        nullable=False,
        default=0,
        comment="1 while the center owes an answer or the office a decision",
    ),
    Column("claims", Integer, nullable=False, default=0, comment="claims without an answer"),
    Column("incidents", Integer, nullable=False, default=0, comment="incidents that nobody has closed"),
)

CLOSE_CALL = Table(
    "exchange_close_call",
    METADATA,
    Column("stream", Text, primary_key=True),
    Column("system", Text, primary_key=True),
    Column("seq", Integer, nullable=False, index=True, comment="ledger position of the search"),
)
"""Close calls for which an examiner is waited; a projection."""

IDENTITY = Table(
    "exchange_identity",
    METADATA,
    Column("identity", Text, primary_key=True, comment="system and number, such as criminal/C00000001"),
    Column("stream", Text, primary_key=True),
)
"""Cards by the identity of their person; a projection."""

CUSTODY = Table(
    "exchange_custody",
    METADATA,
    Column("stream", Text, primary_key=True),
    Column("root", Text, nullable=False, index=True, comment="stream of the first card of the custody"),
    Column("seq", Integer, nullable=False),
)
"""Cards that belong to the custody of an earlier card; a projection."""

AGENCY = Table(
    "exchange_agency",
    METADATA,
    Column("ori", Text, primary_key=True),
    Column("data", LargeBinary, nullable=False),
)

ACTIVATION = Table(
    "exchange_activation",
    METADATA,
    Column("seq", Integer, primary_key=True, comment="ledger position of the act"),
    Column("county", Text, nullable=False, index=True, comment="five-digit FIPS code"),
    Column("on", Date, nullable=False, comment="first local day on which it counts"),
    Column("active", Boolean, nullable=False),
    Column("act", Text, nullable=False, comment="kind of the event"),
)
"""Acts upon a county that stand before the reference table: put in the plan, activated, switched off."""

OFFICE_AREA = Table(
    "exchange_office_area",
    METADATA,
    Column("office", Text, primary_key=True),
    Column("covers", Text, primary_key=True, comment="postal code of a state, or FIPS code of a county"),
)

STANDING_DECLINE = Table(
    "exchange_standing_decline",
    METADATA,
    Column("ori", Text, primary_key=True),
    Column("data", LargeBinary, nullable=False),
)

PRINCIPAL = Table(
    "exchange_principal",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("role", Text, primary_key=True),
    Column("agency", Text, nullable=False),
    Column("place", Integer, nullable=False),
)

READ = Table(
    "exchange_read",
    METADATA,
    Column("seq", Integer, primary_key=True, comment="ledger position of the look"),
    Column("stream", Text, primary_key=True, comment="card whose person was shown; empty: a list that names nobody"),
    Column("reader", Text, nullable=False, index=True),
    Column("role", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("page", Text, nullable=False),
    Column("what", Text, nullable=False, comment="person, list, search, trail, print"),
    Column("by", Text, nullable=False, comment="of a search: which kind of words, never the words"),
    Column("reason", Text, nullable=False),
    Column("glass", Integer, comment="ledger position of the broken glass"),
    Column("at", Text, nullable=False, index=True, comment="ISO 8601, UTC"),
    Index("exchange_read_stream", "stream"),
)
"""Who looked at whom; a projection."""

GLASS = Table(
    "exchange_glass",
    METADATA,
    Column("seq", Integer, primary_key=True),
    Column("reader", Text, nullable=False, index=True),
    Column("stream", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("broken", Text, nullable=False, comment="ISO 8601, UTC"),
    Column("explained", Text, nullable=False, comment="ISO 8601, UTC; empty: it is owed"),
    Column("explanation", Text, nullable=False),
)
"""Looks in an emergency beyond what the table of the desks allows; a projection."""

WORD = Table(
    "exchange_word",
    METADATA,
    Column("token", String(64), primary_key=True, comment="keyed hash of a kind and a word, hex"),
    Column("stream", Text, primary_key=True, index=True),
)
"""Names and birth dates of cards as keyed hashes, to be found and not to be read; a projection."""
