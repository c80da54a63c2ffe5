"""The language of the rules: small boolean expressions over facts, parsed once into a typed tree.

    felony_conviction and not juvenile
    entered_on >= 2020-11-01
    categories includes any of (violence, threats)
    any charge where (grade is felony and disposition is pending)
    at least 3 convictions in separate incidents where (misdemeanor)
    max_sentence_days > 365 else grade is felony          (the right side counts when the left side is unknown)

Three-valued logic is Kleene's strong logic (S. C. Kleene, Introduction to Metamathematics, 1952, section 64): an
unknown operand leaves the result unknown unless the other operand decides it.
"""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

import msgspec

from tenprint.law.errors import ConditionError

Atom = bool | int | str | date

COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")


class Node(msgspec.Struct, frozen=True):
    """A part of a condition."""


class Constant(Node, frozen=True):
    """True or false, whatever the facts are."""

    value: bool


class Is(Node, frozen=True):
    """A boolean fact or field by its name."""

    name: str


class Compare(Node, frozen=True):
    """A fact against a fixed value."""

    name: str
    op: str
    value: Atom


class Includes(Node, frozen=True):
    """A set holds at least one of the values."""

    name: str
    values: tuple[str, ...]


class Not(Node, frozen=True):
    """The contrary."""

    part: Node


class And(Node, frozen=True):
    """All parts."""

    parts: tuple[Node, ...]


class Or(Node, frozen=True):
    """At least one part."""

    parts: tuple[Node, ...]


class Else(Node, frozen=True):
    """The first part where it is known, otherwise the second."""

    first: Node
    second: Node


class AtLeast(Node, frozen=True):
    """At least `count` records meet the condition; with `separate`, counted by incident."""

    count: int
    records: str
    where: Node
    separate: bool = False


class _Token(NamedTuple):
    kind: str
    text: str
    at: int


_TOKENS = re.compile(
    r"""\s*(?:(?P<date>\d{4}-\d{2}-\d{2})|(?P<number>\d+)|(?P<text>"[^"]*")|(?P<name>[A-Za-z_][A-Za-z0-9_-]*)"""
    r"""|(?P<op><=|>=|!=|=|<|>)|(?P<mark>[(),]))"""
)
_PLURALS = {"charge": "charges", "conviction": "convictions"}
_RESERVED = {"and", "or", "not", "else", "where", "is", "includes"}


def parse(text: str) -> Node:
    """Parse a condition.

    Raises:
        ConditionError: with the place and what was expected.
    """
    return _Parser(text).whole()


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = self._split(text)
        self.i = 0

    def _split(self, text: str) -> list[_Token]:
        tokens, at = [], 0
        while text[at:].strip():
            found = _TOKENS.match(text, at)
            if found is None or found.lastgroup is None:
                raise ConditionError(
                    f"cannot read {text[at:].strip()[:20]!r} at character {at + 1} of the condition {text!r}"
                )
            tokens.append(_Token(found.lastgroup, found[found.lastgroup], found.start(found.lastgroup)))
            at = found.end()
        return tokens

    def whole(self) -> Node:
        node = self.expression()
        if self.i < len(self.tokens):
            raise self.expected("the end of the condition, 'and', 'or' or 'else'")
        return node

    def expected(self, what: str) -> ConditionError:
        if self.i < len(self.tokens):
            token = self.tokens[self.i]
            return ConditionError(
                f"expected {what}, got {token.text!r} at character {token.at + 1} of the condition {self.text!r}"
            )
        return ConditionError(f"expected {what}, got the end of the condition {self.text!r}")

    def sees(self, *words: str) -> bool:
        ahead = [token.text for token in self.tokens[self.i : self.i + len(words)]]
        return ahead == list(words)

    def take(self, *words: str) -> bool:
        if not self.sees(*words):
            return False
        self.i += len(words)
        return True

    def need(self, *words: str) -> None:
        if not self.take(*words):
            raise self.expected(repr(" ".join(words)))

    def kind(self, kind: str, what: str) -> str:
        if self.i < len(self.tokens) and self.tokens[self.i].kind == kind:
            self.i += 1
            return self.tokens[self.i - 1].text
        raise self.expected(what)

    def expression(self) -> Node:
        node = self.either()
        while self.take("else"):
            node = Else(node, self.either())
        return node

    def either(self) -> Node:
        parts = [self.both()]
        while self.take("or"):
            parts.append(self.both())
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def both(self) -> Node:
        parts = [self.contrary()]
        while self.take("and"):
            parts.append(self.contrary())
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def contrary(self) -> Node:
        if self.take("not"):
            return Not(self.contrary())
        if self.take("("):
            node = self.expression()
            self.need(")")
            return node
        return self.records() or self.comparison()

    def records(self) -> Node | None:
        if self.take("at", "least"):
            count = int(self.kind("number", "a number of records"))
            return AtLeast(count, *self._where())
        for word in ("any", "no", "every"):
            if self.take(word):
                name, where, separate = self._where()
                if word == "every":
                    return Not(AtLeast(1, name, Not(where), separate))
                some = AtLeast(1, name, where, separate)
                return some if word == "any" else Not(some)
        return None

    def _where(self) -> tuple[str, Node, bool]:
        name = self.kind("name", "the name of records such as 'conviction'")
        separate = self.take("in", "separate", "incidents")
        self.need("where", "(")
        where = self.expression()
        self.need(")")
        return _PLURALS.get(name, name), where, separate

    def comparison(self) -> Node:  # noqa: PLR0911 - one case a line
        name = self.kind("name", "the name of a fact")
        if name in _RESERVED:
            self.i -= 1
            raise self.expected("the name of a fact")
        if name in {"true", "false"}:
            return Constant(name == "true")
        if self.take("includes", "any", "of", "("):
            values = [self.word()]
            while self.take(","):
                values.append(self.word())
            self.need(")")
            return Includes(name, tuple(values))
        if self.take("includes"):
            return Includes(name, (self.word(),))
        if self.take("is", "not"):
            return Compare(name, "!=", self.value())
        if self.take("is"):
            return Compare(name, "=", self.value())
        if self.i < len(self.tokens) and self.tokens[self.i].kind == "op":
            self.i += 1
            return Compare(name, self.tokens[self.i - 1].text, self.value())
        return Is(name)

    def word(self) -> str:
        if self.i < len(self.tokens) and self.tokens[self.i].kind == "text":
            return self.kind("text", "a value").strip('"')
        return self.kind("name", "a value")

    def value(self) -> Atom:
        kind = self.tokens[self.i].kind if self.i < len(self.tokens) else ""
        if kind == "number":
            return int(self.kind("number", "a number"))
        if kind == "date":
            text = self.kind("date", "a date")
            try:
                return date.fromisoformat(text)
            except ValueError:
                raise ConditionError(f"{text!r} is not a day of the calendar, in the condition {self.text!r}") from None
        word = self.word()
        return word == "true" if word in {"true", "false"} else word
