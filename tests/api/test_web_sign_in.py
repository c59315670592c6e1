"""Signing in with a browser: what lets it in, and what does not (no Temporal and no database behind it)."""

import re
import time
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest
from pydantic import SecretStr

from api.auth import SIGNED_IN_FOR, cookie_name, new_session
from tests.api.conftest import House

TOKEN = "a-token"
DECLARATION = {"title": "x", "declared_by": "alice"}


@pytest.fixture
async def browser(alone: House) -> AsyncIterator[httpx.AsyncClient]:
    """Nobody yet."""
    async with httpx.AsyncClient(base_url=alone.http.base_url, trust_env=False) as client:
        yield client


@pytest.fixture
async def signed_in(browser: httpx.AsyncClient) -> httpx.AsyncClient:
    answer = await browser.post("/login", data={"token": TOKEN})
    assert answer.status_code == 303
    return browser


def ours(browser: httpx.AsyncClient) -> dict[str, str]:
    """What a browser says of a request that our own page sends."""
    origin = f"{browser.base_url.scheme}://{browser.base_url.netloc.decode()}"
    return {"Origin": origin, "Sec-Fetch-Site": "same-origin"}


@pytest.mark.parametrize("token", ["wrong", "", "a-toke", "ä-token", "a-token\x00"])
async def test_a_wrong_token_is_told_and_lets_nobody_in(browser: httpx.AsyncClient, token: str) -> None:
    for answer in (
        await browser.post("/login", data={"token": token}),
        await browser.get("/login", params={"token": token}),
    ):
        assert answer.status_code == 401
        assert "This is not the token" in answer.text
        assert "set-cookie" not in answer.headers
    assert (await browser.get("/api/v1/choices")).status_code == 401


async def test_the_right_token_signs_in_and_is_not_what_the_browser_keeps(
    alone: House, browser: httpx.AsyncClient
) -> None:
    answer = await browser.post(
        "/login", data={"token": f" {TOKEN}\n", "next": "/incidents/checkout.x.k3f9a"}
    )
    assert (answer.status_code, answer.headers["location"]) == (303, "/incidents/checkout.x.k3f9a")
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"{cookie_name(alone.settings)}=")
    assert "httponly" in cookie.lower()
    assert "samesite=strict" in cookie.lower()
    assert TOKEN not in cookie
    offered = (await browser.get("/api/v1/choices")).json()
    assert {"id": "alice", "name": "Alice Moreau"} in offered["people"]
    assert [severity["name"] for severity in offered["severities"]] == ["P0", "P1", "P2", "P3"]


async def test_a_token_in_the_address_signs_in_and_leaves_the_address(browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/login", params={"token": TOKEN})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert (await browser.get("/api/v1/choices")).status_code == 200


@pytest.mark.parametrize(
    "place",
    ["//evil.example", "https://evil.example", "/\\evil.example", "/login", "/incidents/../x", "/\n/x", ""],
)
async def test_nobody_is_sent_to_another_place_after_signing_in(
    browser: httpx.AsyncClient, place: str
) -> None:
    answer = await browser.post("/login", data={"token": TOKEN, "next": place})
    assert answer.headers["location"] == "/"
    assert "evil" not in (await browser.get("/login", params={"next": place})).text


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
    ],
)
async def test_another_page_cannot_act_for_who_is_signed_in(
    signed_in: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    for path in (
        "/api/v1/incidents",
        "/api/v1/incidents/checkout.x.k3f9a/close",
        "/ingest/generic",
        "/logout",
    ):
        answer = await signed_in.post(path, json=DECLARATION, headers=headers)
        assert (answer.status_code, answer.json()["error"]) == (403, "cross_site"), path
    assert (await signed_in.get("/api/v1/choices")).status_code == 200


@pytest.mark.parametrize("only", ["Origin", "Sec-Fetch-Site"])
async def test_our_own_page_can(signed_in: httpx.AsyncClient, only: str) -> None:
    answer = await signed_in.post(
        "/api/v1/incidents", json=DECLARATION, headers={only: ours(signed_in)[only]}
    )
    assert answer.json()["error"] == "temporal_unavailable"


async def test_who_has_the_token_itself_needs_no_origin(alone: House) -> None:
    answer = await alone.http.post("/api/v1/incidents", json=DECLARATION)
    assert answer.json()["error"] == "temporal_unavailable"


async def test_a_wrong_bearer_is_not_helped_by_a_session(signed_in: httpx.AsyncClient) -> None:
    answer = await signed_in.get("/api/v1/choices", headers={"Authorization": "Bearer wrong"})
    assert answer.status_code == 401


async def test_a_session_that_we_did_not_give_out_or_that_is_over_is_nothing(
    alone: House, browser: httpx.AsyncClient
) -> None:
    settings, now = alone.settings, time.time()
    right = new_session(settings, now)
    until, seal = right.split(".")
    other = settings.model_copy(update={"api_token": SecretStr("another")})
    over = new_session(settings, now - (SIGNED_IN_FOR + timedelta(seconds=2)).total_seconds())
    for session in (
        f"{int(until) + 1}.{seal}",
        until,
        f"{until}.",
        ".",
        f"x.{seal}",
        new_session(other, now),
        over,
    ):
        browser.cookies = httpx.Cookies({cookie_name(settings): session})
        assert (await browser.get("/api/v1/choices")).status_code == 401, session
    browser.cookies = httpx.Cookies({cookie_name(settings): right})
    assert (await browser.get("/api/v1/choices")).status_code == 200


async def test_signing_out_forgets(signed_in: httpx.AsyncClient) -> None:
    answer = await signed_in.post("/logout", headers=ours(signed_in))
    assert (answer.status_code, answer.headers["location"]) == (303, "/login")
    assert (await signed_in.get("/api/v1/choices")).status_code == 401


async def test_over_https_the_session_never_travels_in_the_clear(browser: httpx.AsyncClient) -> None:
    plain = await browser.post("/login", data={"token": TOKEN})
    assert "secure" not in plain.headers["set-cookie"].lower()
    secure = await browser.post("/login", data={"token": TOKEN}, headers={"Host": "midwatch.example.com"})
    assert "secure" in secure.headers["set-cookie"].lower()


@pytest.mark.parametrize("path", ["/", "/login", "/incidents/%22%3E%3Cscript%3Ealert(1)"])
async def test_a_page_runs_and_loads_only_what_is_ours(browser: httpx.AsyncClient, path: str) -> None:
    answer = await browser.get(path)
    assert answer.status_code == 200
    policy = answer.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert re.findall(r"<script(?![^>]*\bsrc=\"/static/)", answer.text) == []
    assert re.findall(r"\s(?:on\w+|style)=", answer.text) == []
    assert re.findall(r"(?:src|href)=\"(?!/|#)", answer.text) == []
    assert "<script>alert(1)" not in answer.text


async def test_a_released_script_is_never_mixed_with_an_older_one(browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/static/list.js")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cache-control"] == "no-cache"
    again = await browser.get("/static/list.js", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("page", ["/on-call", "/configuration"])
async def test_signing_in_leads_to_the_page_that_was_asked_for(browser: httpx.AsyncClient, page: str) -> None:
    answer = await browser.post("/login", data={"token": TOKEN, "next": page})
    assert (answer.status_code, answer.headers["location"]) == (303, page)
