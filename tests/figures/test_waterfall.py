from __future__ import annotations

import xml.etree.ElementTree as ET
from fractions import Fraction

import pytest

from tenprint.figures.waterfall import MOST_STEPS, draw

SVG = "{http://www.w3.org/2000/svg}"


def test_every_step_is_a_bar_with_its_number_and_is_spoken() -> None:
    steps = [("late-arrival", Fraction(-40, 3)), ("correction", Fraction(-5)), ("scope", Fraction(7))]
    root = ET.fromstring(draw("A & B", "percent", Fraction(60), steps, Fraction(60) + sum(c for _, c in steps), "note"))
    texts = [t.text for t in root.iter(f"{SVG}text")]
    assert {"late-arrival", "−13.3", "correction", "−5", "scope", "+7", "A & B"} <= set(texts)
    assert len(list(root.iter(f"{SVG}rect"))) == 1 + 5
    assert "correction: −5" in (root.find(f"{SVG}desc").text or "")  # type: ignore[union-attr]
    assert root.get("role") == "img"


def test_steps_that_do_not_add_up_are_not_drawn() -> None:
    with pytest.raises(ValueError, match="add up to 3, expected 4"):
        draw("t", "u", 1, [("a", 2)], 4, "n")


def test_many_steps_are_gathered_and_still_add_up() -> None:
    steps = [(f"label {i}", i) for i in range(1, 30)]
    root = ET.fromstring(draw("t", "u", 0, steps, sum(c for _, c in steps), "n"))
    texts = [t.text for t in root.iter(f"{SVG}text")]
    assert len(list(root.iter(f"{SVG}rect"))) == 1 + 2 + MOST_STEPS
    assert f"{30 - MOST_STEPS} others" in texts
