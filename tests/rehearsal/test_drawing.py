"""The drawing stands by itself and says what the rehearsal showed."""

import xml.etree.ElementTree as ElementTree
from datetime import timedelta

from rehearsal.drawing import drawn
from rehearsal.record import Rehearsed
from tests.rehearsal.made import a_page, a_rehearsed, a_scene

SVG = "{http://www.w3.org/2000/svg}"
MINUTE = timedelta(minutes=1)


def texts(rehearsed: Rehearsed) -> list[str]:
    return [node.text or "" for node in ElementTree.fromstring(drawn(rehearsed)).iter(f"{SVG}text")]


def test_each_person_has_a_row_and_each_page_a_mark_that_tells() -> None:
    rehearsed = a_rehearsed(a_page(MINUTE), a_page(2 * MINUTE, method="sms"), a_page(5 * MINUTE, "ben"))
    root = ElementTree.fromstring(drawn(rehearsed))
    told = [title.text or "" for group in root.iter(f"{SVG}g") for title in group.iter(f"{SVG}title")]
    assert [line.split(" at ")[0] for line in told] == ["call to Alice", "SMS to Alice", "call to Ben"]
    assert {"Alice", "Ben"} <= set(texts(rehearsed))


def test_names_cannot_break_out_of_the_drawing() -> None:
    evil = a_page(MINUTE).model_copy(update={"name": "<script>alert('&')</script>", "why": '"><b>'})
    root = ElementTree.fromstring(drawn(a_rehearsed(evil)))
    assert not list(root.iter(f"{SVG}script"))


def test_the_clock_is_the_services_own() -> None:
    assert "03:00" in texts(a_rehearsed(a_page(MINUTE)))
    assert "02:00" not in texts(a_rehearsed(a_page(MINUTE)))


def test_the_night_is_shaded_and_the_day_is_not() -> None:
    night = drawn(a_rehearsed(a_page(MINUTE)))
    noon = a_scene().at + timedelta(hours=9)
    scene = a_scene(at=noon)
    day = drawn(a_rehearsed(scene=scene, rungs=(), ends=scene.at + scene.length))
    # The legend has one, too.
    assert night.count('class="night"') == 2
    assert day.count('class="night"') == 1


def test_it_asks_no_other_host_for_anything() -> None:
    whole = drawn(a_rehearsed(a_page(MINUTE)))
    assert whole.count("http") == 1  # The name of the format.
    assert "@import" not in whole
    assert "url(" not in whole


def test_a_rehearsal_of_no_pages_can_be_drawn() -> None:
    assert "Nobody is paged" in " ".join(texts(a_rehearsed(rungs=())))


def test_weeks_have_room_on_it() -> None:
    scene = a_scene(length=timedelta(days=40))
    rehearsed = a_rehearsed(a_page(timedelta(days=30)), scene=scene, ends=scene.at + scene.length)
    assert len(texts(rehearsed)) < 60
