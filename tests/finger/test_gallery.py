from __future__ import annotations

import pytest

from tenprint import finger
from tenprint.finger import Gallery, GalleryUnusable, cylinders
from tenprint.finger import gallery as gallery_module


@pytest.fixture
def people(scattered) -> dict[str, dict[int, finger.Template]]:
    return {f"p{n}": {position: scattered(100 * n + position) for position in (1, 2, 6, 7)} for n in range(8)}


def filled(people) -> Gallery:
    gallery = Gallery()
    for person, fingers in people.items():
        for position, template in fingers.items():
            gallery.add(person, position, template)
    return gallery


def test_everyone_is_found_by_other_impressions_above_the_threshold(people, again):
    gallery = filled(people)
    for person, fingers in people.items():
        best, second, *_ = gallery.search({p: again(t, p) for p, t in fingers.items()})
        assert best.person == person
        assert best.score >= finger.threshold(len(best.fingers)) > second.score
        assert set(best.fingers) == set(fingers)
        assert best.score == pytest.approx(sum(min(6, v) for v in best.fingers.values()) / len(best.fingers))


def test_a_stranger_stays_below_the_threshold(people, scattered):
    stranger = {position: scattered(9000 + position) for position in (1, 2, 6, 7)}
    assert all(c.score < finger.threshold(len(c.fingers)) for c in filled(people).search(stranger))


def test_only_fingers_that_both_have_are_used(people, scattered, again):
    gallery = Gallery()
    gallery.add("old", 1, people["p0"][1])
    gallery.add("old", 6, people["p0"][6])
    best = gallery.search({p: again(t, p) for p, t in people["p0"].items()})[0]
    assert set(best.fingers) == {1, 6}
    assert gallery.search({3: scattered(1)}) == []


def test_the_best_of_several_impressions_counts(people, again):
    gallery = filled(people)
    probe = {1: again(people["p3"][1], 77)}
    before = gallery.search(probe)[0].fingers[1]
    gallery.add("p3", 1, probe[1])
    after = gallery.search(probe)[0]
    assert after.person == "p3"
    assert after.fingers[1] > before


def test_who_is_removed_is_not_found_and_the_others_are(people, again):
    gallery = filled(people)
    gallery.remove("p3")
    assert "p3" not in gallery
    assert len(gallery) == 7
    probe = {p: again(t, p) for p, t in people["p3"].items()}
    assert all(c.person != "p3" for c in gallery.search(probe))
    other = {p: again(t, p) for p, t in people["p4"].items()}
    rebuilt = filled({name: fingers for name, fingers in people.items() if name != "p3"})
    assert gallery.search(other) == rebuilt.search(other)
    with pytest.raises(GalleryUnusable):
        gallery.remove("p3")


@pytest.mark.parametrize("position", [0, 11, 14, -1])
def test_positions_that_are_no_single_finger_are_refused(people, position):
    with pytest.raises(GalleryUnusable, match="1 to 10"):
        Gallery().add("a", position, people["p0"][1])
    with pytest.raises(GalleryUnusable, match="1 to 10"):
        filled(people).search({position: people["p0"][1]})


def test_an_empty_gallery_finds_nobody(people):
    assert Gallery().search(people["p0"]) == []
    assert filled(people).search({}) == []


def test_old_plain_thumbs_are_found_by_the_rolled_ones_of_a_real_card(card, people):
    def template(position: int) -> finger.Template:
        return finger.extract(*finger.read_image(card[position]))

    gallery = filled(people)
    gallery.add("old encounter", 1, template(11))
    gallery.add("old encounter", 6, template(12))
    best, second, *_ = gallery.search({1: template(1), 6: template(6)})
    assert best.person == "old encounter"
    assert best.score >= 1.2 * finger.threshold(2)
    assert second.score < 0.8 * finger.threshold(2)


@pytest.fixture(scope="module")
def crowd(scattered) -> dict[str, finger.Template]:
    return {f"c{n:03d}": scattered(n + 1, 30) for n in range(gallery_module.EXACT + 20)}


@pytest.mark.parametrize("mapped", [False, True])
def test_a_large_gallery_finds_the_same_person_through_its_first_stage(crowd, again, tmp_path, mapped):
    gallery = Gallery(tmp_path if mapped else None)
    for name, template in crowd.items():
        gallery.add(name, 2, template)
    for name in ("c000", "c123", "c319"):
        best = gallery.search({2: again(crowd[name], 9)}, limit=3)[0]
        assert best.person == name
        assert best.score > finger.threshold(1)
    gallery.remove("c123")
    assert all(one.person != "c123" for one in gallery.search({2: crowd["c123"]}, limit=50))


def test_a_gallery_of_edges_finds_the_same_people_without_any_cylinder_code(crowd, again, monkeypatch):
    def claimed(*_):
        raise AssertionError("a cylinder code was made")

    monkeypatch.setattr(cylinders, "describe", claimed)
    gallery = Gallery(descriptor="edges")
    for name, template in crowd.items():
        gallery.add(name, 2, template)
    assert len(gallery) > gallery_module.EXACT
    for name in ("c000", "c123", "c319"):
        best, second, *_ = gallery.search({2: again(crowd[name], 9)}, limit=3)
        assert best.person == name
        assert best.score > finger.threshold(1) > second.score
    with pytest.raises(AssertionError, match="cylinder"):
        Gallery().add("a", 1, crowd["c000"])


def test_what_was_removed_is_in_no_mapped_file(crowd, tmp_path):
    gallery = Gallery(tmp_path)
    for name in ("c001", "c002"):
        gallery.add(name, 1, crowd[name])
    gallery.remove("c001")
    lost = crowd["c001"].minutiae[:, :3].tobytes()
    assert any(crowd["c002"].minutiae[:5, :3].tobytes() in path.read_bytes() for path in tmp_path.rglob("points.*"))
    assert all(lost[:24] not in path.read_bytes() for path in tmp_path.rglob("*.*"))


def test_removing_most_people_leaves_the_others_as_if_alone(crowd, again):
    gallery, alone = Gallery(), Gallery()
    for name, template in crowd.items():
        gallery.add(name, 3, template)
    for name in list(crowd)[10:]:
        gallery.remove(name)
    for name in list(crowd)[:10]:
        alone.add(name, 3, crowd[name])
    probe = {3: again(crowd["c004"], 2)}
    assert gallery.search(probe) == alone.search(probe)
    assert gallery.bytes_used < 100 * alone.bytes_used / 10


def test_m9_a_few_fingers_do_not_outrank_many_that_are_rarer(people, scattered, again, monkeypatch):
    """Ranked by score over the threshold for the number of fingers: 3.0 of two is less rare than 2.8 of four."""
    gallery = Gallery()
    for position in (1, 2, 6, 7):
        gallery.add("many", position, people["p0"][position])
    for position in (1, 2):
        gallery.add("few", position, people["p1"][position])
    monkeypatch.setattr(gallery_module, "fused", lambda each: 3.0 if len(each) == 2 else 2.8)
    found = gallery.search({p: again(t, p) for p, t in people["p0"].items()})
    assert [c.person for c in found] == ["many", "few"]
    assert [c.score for c in found] == [2.8, 3.0]
