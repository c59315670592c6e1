"""`midwatch oncall`, as people call it: who is on call, a schedule drawn, somebody who stands in."""

from collections.abc import AsyncIterator

import pytest

from tests.api.conftest import House, house
from tests.api.test_oncall import staffed_organisation
from tests.commands.conftest import CommandLine


class Shell(CommandLine):
    """Somebody at a shell beside an API without a worker."""

    def __init__(self, built: House) -> None:
        self.environ = {
            "PATH": "",
            "MIDWATCH_URL": str(built.http.base_url),
            "MIDWATCH_API_TOKEN": built.settings.api_token.get_secret_value(),
            "MIDWATCH_AS": "ben",
        }


@pytest.fixture(scope="module")
async def shell(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Shell]:
    place = tmp_path_factory.mktemp("oncall")
    async with house(place, staffed_organisation(place), None) as built:
        yield Shell(built)


def row(out: str, *words: str) -> list[str]:
    """The lines in which all of these words are."""
    return [line for line in out.splitlines() if all(word in line for word in words)]


async def test_2_1_who_is_on_call_until_when_why_and_who_is_next(shell: Shell) -> None:
    out = await shell.says("oncall", "--at", "2030-03-06 03:00")
    assert "At Wed 6 Mar 2030 03:00 CET:" in out
    assert row(
        out, "Storefront primary", "Ben Okafor", "Mon 11 Mar 2030 09:00 CET", "weekly", "Chiara Lindqvist"
    )
    assert row(out, "New York office", "nobody", "Wed 6 Mar 2030 09:00 EST", "Dev Raman")
    assert "nobody is on call" in out


async def test_2_1_without_a_moment_it_is_now(shell: Shell) -> None:
    assert row(await shell.says("oncall"), "Storefront primary")


async def test_2_1_a_moment_without_a_zone_is_the_schedules_which_is_said(shell: Shell) -> None:
    out = await shell.says("oncall", "--schedule", "office", "--at", "2030-03-06 12:00")
    assert "At Wed 6 Mar 2030 12:00 EST:" in out
    assert "Dev Raman" in out
    assert "Storefront" not in out


async def test_3_1_a_services_ladder_is_shown_rung_by_rung(shell: Shell) -> None:
    out = await shell.says("oncall", "--service", "checkout", "--at", "2030-03-06 03:00")
    assert row(out, "1", "primary", "Ben Okafor (Storefront primary)")
    assert row(out, "2", "secondary", "nobody: the next rung is paged")
    assert row(out, "3", "manager", "Dev Raman", "P0")


async def test_machines_get_what_the_api_answers(shell: Shell) -> None:
    found = (await shell.run("oncall", "--json", "--at", "2030-03-06T03:00")).json
    assert [one["person"] and one["person"]["id"] for one in found["schedules"]] == ["ben", None]
    assert (await shell.run("oncall", "show", "office", "--json")).json["id"] == "office"
    assert "overrides" in (await shell.run("oncall", "overrides", "--json")).json


async def test_2_1_a_schedule_is_drawn_a_bar_for_each_person_and_day(shell: Shell) -> None:
    out = await shell.says("oncall", "show", "primary", "--weeks", "2", "--from", "2030-03-04")
    assert "Storefront primary, Europe/Berlin" in out
    assert row(out, "Mar 2030", "Mon 4", "Sun 10")
    # Alice hands over on Monday at nine, three cells into the day.
    [alice] = row(out, "Alice Moreau")
    assert alice.removeprefix("Alice Moreau").strip() == " ".join(["███·····", *["········"] * 6])
    first, second = row(out, "Ben Okafor")
    assert first.removeprefix("Ben Okafor").strip() == " ".join(["···█████", *["████████"] * 6])
    assert second.count("█") == 3
    assert "schedules/primary.ics?key=" in out


async def test_2_1_a_gap_is_drawn_and_listed(shell: Shell) -> None:
    out = await shell.says("oncall", "show", "office", "--weeks", "1", "--from", "2030-03-04")
    assert row(out, "nobody", "█")
    assert row(out, "Mon 4 Mar 2030 17:00 EST to Tue 5 Mar 2030 09:00 EST")
    assert row(out, "Calendar partners: never read")


async def test_2_1_one_stands_in_and_takes_it_back(shell: Shell) -> None:
    times = ("--from", "2030-03-12 18:00", "--to", "09:00")
    out = await shell.says(
        "oncall", "override", "primary", "--person", "alice", *times, "--reason", "a concert"
    )
    said, zone = out.splitlines()
    assert said.startswith(
        "Alice Moreau is on call by Storefront primary from Tue 12 Mar 18:00 CET to Wed 13 Mar 09:00 CET"
    )
    assert zone == "Times without a zone were read in Europe/Berlin."
    number = said.rpartition(" ")[2].rstrip(".")
    [listed] = row(await shell.says("oncall", "overrides"), "Alice Moreau")
    assert listed.split()[0] == number
    assert "a concert (by Ben Okafor)" in listed
    assert row(await shell.says("oncall", "show", "primary", "--from", "2030-03-11"), "Alice Moreau", "▓")
    assert "Chiara Lindqvist is on call then" in await shell.says("oncall", "cancel", number)
    assert "Nobody stands in" in await shell.says("oncall", "overrides")


async def test_2_1_one_takes_over_now_for_some_hours(shell: Shell) -> None:
    made = await shell.run("oncall", "override", "office", "--to", "8h", "--json")
    override = made.json["override"]
    assert override["person"]["id"] == "ben"
    assert row(await shell.says("oncall"), "New York office", "Ben Okafor", "override by Ben Okafor")
    await shell.says("oncall", "cancel", str(override["id"]))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("override", "primary", "--to", "soon"), "'soon' is not a moment"),
        (("override", "primary"), "Until when? Give --to."),
        (("override", "shop", "--to", "8h"), "There are: primary, office."),
        (("override", "--to", "8h"), "Which schedule?"),
        (("override", "office", "--person", "zoe", "--to", "8h"), "'zoe' is not known"),
        (
            ("override", "office", "--from", "2030-03-05 18:00", "--to", "2030-03-05 17:00"),
            "ends before it begins",
        ),
        (
            ("override", "primary", "--from", "2030-03-11 09:00", "--to", "2030-03-12 09:00"),
            "--despite-rest",
        ),
        (("cancel", "4711"), "No override 4711 holds or will."),
        (("cancel", "one"), "'one' is not the number of an override."),
        (("show", "shop"), "There is no schedule 'shop'."),
        (("show", "primary", "--from", "monday"), "'monday' is not a moment"),
        (("--at", "midnight"), "'midnight' is not a moment"),
        (("--service", "shop"), "known are catalogue, checkout"),
    ],
)
async def test_what_cannot_be_done_is_refused_with_the_reason(
    shell: Shell, words: tuple[str, ...], said: str
) -> None:
    assert said in await shell.refuses("oncall", *words)
