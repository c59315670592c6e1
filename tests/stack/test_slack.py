"""The simulated Slack of a stack: the people of the configuration are in it, and it reaches our API."""

from pathlib import Path

import httpx
import pytest

import settings
from stack.ports import free_port
from stack.stack import Stack, slack_id


@pytest.mark.timeout(60)
async def test_everybody_is_in_the_simulated_slack_also_after_it_was_restarted(tmp_path: Path) -> None:
    port = str(free_port(None))
    loaded = settings.load({"MIDWATCH_DATA_DIR": str(tmp_path), "MIDWATCH_SIMULATOR_PORT": port})
    people = {"alice@example.com": "Alice Moreau"}
    async with Stack(loaded, search_attributes={}, parts={"temporal", "simulator"}, chatters=people) as stack:
        assert stack.slack_page_url == f"http://127.0.0.1:{port}/slack"
        async with httpx.AsyncClient(base_url=stack.simulator_url or "", trust_env=False) as world:

            async def names() -> dict[str, str]:
                found = (await world.get("/control/slack/users")).json()
                return {user["id"]: user["name"] for user in found}

            assert (await names())[slack_id("alice@example.com")] == "Alice Moreau"
            await stack.kill("simulator")
            await stack.start("simulator")
            assert (await names())[slack_id("Alice@example.com")] == "Alice Moreau"
            assert (await world.get("/slack")).status_code == 200


@pytest.mark.timeout(60)
async def test_with_a_real_slack_only_the_phones_are_simulated(tmp_path: Path) -> None:
    loaded = settings.load(
        {
            "MIDWATCH_DATA_DIR": str(tmp_path),
            "MIDWATCH_SIMULATOR_PORT": str(free_port(None)),
            "MIDWATCH_PUBLIC_URL": "https://pager.example.com",
            "SLACK_BOT_TOKEN": "xoxb-real",
            "SLACK_SIGNING_SECRET": "real",
        }
    )
    async with Stack(
        loaded,
        search_attributes={},
        parts={"temporal", "simulator"},
        phones={"+12025550101": "Alice"},
        chatters={"alice@example.com": "Alice"},
    ) as stack:
        assert stack.slack_page_url is None
        async with httpx.AsyncClient(base_url=stack.simulator_url or "", trust_env=False) as world:
            assert (await world.get("/control/slack/users")).status_code == 404
            assert len((await world.get("/control/phones")).json()) == 1
