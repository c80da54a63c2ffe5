"""Receipts in words: entropy, typing back, the slow hash, codes of paper forms."""

from __future__ import annotations

import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tenprint.exchange import UnknownError
from tenprint.exchange.rights import Receipts, codes, languages, receipts

LANGUAGES = ("en", "ar", "es", "fr", "ht", "pt", "ru", "so", "vi", "zh")


def test_every_language_of_the_pages_has_a_list() -> None:
    assert set(languages()) == set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_receipt_has_at_least_sixty_bits(language: str) -> None:
    words = receipts.word_list(language)
    distinct = {receipts.normalize(w) for w in words}
    assert len(distinct) == len(words)
    assert receipts.length(language) * math.log2(len(distinct)) >= 60
    assert receipts.length(language) == 8


@pytest.mark.parametrize("language", LANGUAGES)
def test_typed_back_as_people_type(language: str) -> None:
    words = receipts.draw(language)
    for typed in (words.upper(), words.replace(" ", ", "), f"  {words}\n", words.replace(" ", "\n")):
        assert receipts.normalize(typed) == receipts.normalize(words)
    assert len(receipts.normalize(words).split()) == 8


def test_accents_and_chinese_spaces_do_not_matter() -> None:
    assert receipts.normalize("Ratón ÁRBOL Éléphant") == "raton arbol elephant"
    assert receipts.normalize("苹果白菜 白云") == receipts.normalize("苹果 白菜 白云")
    assert receipts.normalize("أرض قهوة") == receipts.normalize("ارض قهوه")


@given(st.text())
@example("\u2120")  # one letter that is SM
@example("\u0345\u0391")
@example("\ufdfa")
def test_t31_nothing_typed_breaks_it(text: str) -> None:
    assert receipts.normalize(receipts.normalize(text)) == receipts.normalize(text)


def test_the_hash_is_slow_and_salted() -> None:
    made = Receipts.make()
    assert (made.n, made.r, made.p) == (2**15, 8, 1)
    assert made.handle("apple arrow") == made.handle("Apple  arrow")
    assert made.handle("apple arrow") != made.handle("arrow apple")
    assert Receipts.make(n=16, r=1).handle("a b") != Receipts.make(n=16, r=1).handle("a b")


def test_an_unknown_language_is_said() -> None:
    with pytest.raises(UnknownError, match="expected one of the languages en"):
        receipts.word_list("../x")


def test_a_misread_code_is_noticed() -> None:
    for _ in range(50):
        code = codes.draw()
        assert codes.tidy(code.lower().replace("-", " ")) == code
        at = 2
        other = codes.ALPHABET[(codes.ALPHABET.index(code[at]) + 1) % 32]
        with pytest.raises(UnknownError, match="Read it again"):
            codes.tidy(code[:at] + other + code[at + 1 :])
