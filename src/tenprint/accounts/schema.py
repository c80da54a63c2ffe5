"""Tables of accounts beside the ledger: credentials, sessions, wrong attempts. Sessions and attempts go."""

from __future__ import annotations

from sqlalchemy import Column, Float, Integer, MetaData, String, Table, Text

METADATA = MetaData()

CREDENTIAL = Table(
    "accounts_credential",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("password", Text, nullable=False, comment="Argon2id, PHC string"),
    Column("secret", Text, nullable=False, comment="of one-time codes, base32"),
    Column("used", Integer, nullable=False, comment="last step of time whose code was used"),
)

SESSION = Table(
    "accounts_session",
    METADATA,
    Column("token", String(64), primary_key=True, comment="SHA-256 of the token, hex"),
    Column("name", Text, nullable=False, index=True),
    Column("since", Float, nullable=False, comment="seconds since 1970"),
    Column("seen", Float, nullable=False, comment="seconds since 1970"),
)

FAILURE = Table(
    "accounts_failure",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("about", String(64), nullable=False, index=True, comment="SHA-256 of what was tried, hex"),
    Column("at", Float, nullable=False, comment="seconds since 1970"),
)
