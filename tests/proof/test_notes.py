"""C2SP signed notes and checkpoints: what other implementations sign, we open; what we bend, nobody opens."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenprint.proof import Checkpoint, FormatError, ProofError, Signer, Verifier, notes

SIGNER = Signer("log.example.org", bytes(range(32)))
STATE = Checkpoint("log.example.org", 42, bytes(32))
NOTE = notes.sign_note(STATE, SIGNER)


def test_a_note_opens_under_its_key_only():
    assert notes.open_note(NOTE, [SIGNER.verifier]) == STATE
    assert notes.sign_note(STATE, SIGNER.seed) == NOTE
    stranger = Signer("log.example.org", bytes(32))
    namesake = Signer("other.example.org", bytes(range(32)))
    for verifiers in ([], [stranger.verifier], [namesake.verifier]):
        with pytest.raises(ProofError, match="expected one of"):
            notes.open_note(NOTE, verifiers)
    assert notes.open_note(NOTE, [stranger.verifier, SIGNER.verifier]) == STATE


def test_lines_of_unknown_keys_are_passed_over_and_a_false_line_of_a_known_key_is_not():
    witness = Signer("witness.example.org", bytes(32))
    both = notes.sign_text(STATE.text(), [SIGNER, witness])
    assert notes.open_note(both, [SIGNER.verifier]) == STATE
    forged = NOTE + witness.line("something else\n") + "\n"
    assert notes.open_note(forged, [SIGNER.verifier]) == STATE
    with pytest.raises(ProofError, match=r"witness\.example\.org"):
        notes.open_note(forged, [SIGNER.verifier, witness.verifier])


@given(st.integers(0, len(NOTE) - 1), st.integers(1, 127))
def test_any_character_changed_and_it_no_longer_opens(at, change):
    bent = NOTE[:at] + chr(ord(NOTE[at]) ^ change) + NOTE[at + 1 :]
    with pytest.raises((ProofError, FormatError)):
        notes.open_note(bent, [SIGNER.verifier])


@given(st.text(max_size=200))
def test_any_text_is_a_checkpoint_or_a_format_error(text):
    with pytest.raises((FormatError, ProofError)):
        notes.open_note(text, [SIGNER.verifier])


@pytest.mark.parametrize(
    "text",
    [
        "o\n1\n" + "A" * 43 + "=\n",  # no signature
        STATE.text().replace("42", "042") + "\n" + SIGNER.line(STATE.text().replace("42", "042")) + "\n",
        STATE.text().replace("42", "-1") + "\n" + SIGNER.line(STATE.text().replace("42", "-1")) + "\n",
        "o\n1\n\n" + SIGNER.line("o\n1\n") + "\n",
        NOTE.rstrip("\n"),
        NOTE.replace("\n\n", "\n"),
        NOTE.replace("\n", "\r\n"),
    ],
)
def test_what_is_not_quite_a_checkpoint(text):
    with pytest.raises((FormatError, ProofError)):
        notes.open_note(text, [SIGNER.verifier])


def test_keys_travel_as_text():
    text = str(SIGNER.verifier)
    assert Verifier.parse(text + "\n") == SIGNER.verifier
    name, identity, key = text.split("+", 2)
    for bad in (
        "",
        "x",
        f"{name}+{identity}",
        f"{name}+00000000+{key}",
        f"{name}+{identity}+{key[:-2]}",
        f"a b+{identity}+{key}",
    ):
        with pytest.raises(FormatError):
            Verifier.parse(bad)
    for name in ("", "two words", "a+b"):
        with pytest.raises(FormatError):
            Signer(name, bytes(32))
    with pytest.raises(FormatError, match="32 bytes"):
        Signer("x", b"short")
    assert Signer.generate("x").seed != Signer.generate("x").seed
