"""The program, its control API, and its stream of changes."""

import json
import signal
import subprocess
from collections.abc import Iterator

import httpx
import pytest

from tests.simulator.outside import ALICE, BRAM, Application, Outside, command, until


def test_it_says_where_it_listens_and_ends_quietly_when_told(application: Application) -> None:
    started = command(application.url("/sms"))
    process = subprocess.Popen(started, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line.startswith("simulator ready on http://127.0.0.1:")
    url = line.split()[-1]
    with httpx.stream("GET", f"{url}/control/events") as stream:
        next(stream.iter_lines())
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=2)
    assert (process.returncode, out, err) == (0, "", "")


@pytest.mark.parametrize("wrong", [("--number", "me"), ("--sms-url", "nowhere")])
def test_bad_arguments_are_named(application: Application, wrong: tuple[str, str]) -> None:
    run = subprocess.run(
        [*command(application.url("/sms")), *wrong], capture_output=True, text=True, timeout=20
    )
    assert run.returncode == 2
    assert wrong[0] in run.stderr


def test_a_port_in_use_is_an_error(outside: Outside, application: Application) -> None:
    port = outside.url.rsplit(":", 1)[1]
    arguments = [*command(application.url("/sms")), "--port", port]
    run = subprocess.run(arguments, capture_output=True, text=True, timeout=20)
    assert (run.returncode, run.stderr.count("\n")) == (1, 1)


def test_a_misspelt_behaviour_is_refused(outside: Outside) -> None:
    wrong: list[dict[str, object]] = [
        {"calls": {"kind": "answers"}},
        {"calls": []},
        {"calls": {"kind": "answer", "then": [{"wait": 1}]}},
        {"calls": {"kind": "answer", "then": [{"press": "1", "say": "one"}]}},
        {"messages": {"kind": "reply", "txt": "ACK"}},
    ]
    for setup in wrong:
        assert outside.http.put(f"/phones/{ALICE}", json=setup).status_code == 422
    assert outside.http.put("/phones/alice", json={}).status_code == 422


def test_reset_forgets_everything_and_stops_the_calls(outside: Outside, application: Application) -> None:
    outside.carrier(slow=0.1)
    sid = str(outside.place().sid)
    outside.until_status(sid, "ringing")
    outside.http.post("/reset").raise_for_status()
    for kept in ("calls", "messages", "phones", "errors"):
        assert outside.http.get(f"/{kept}").json() == []
    assert outside.http.get("/carrier").json()["slow"] == 0
    assert outside.hand(ALICE, "pick-up").status_code == 409


def test_calls_are_shown_as_they_were_asked_for(outside: Outside, application: Application) -> None:
    outside.phone(ALICE, name="Alice", calls={"kind": "busy"})
    sid = str(outside.place().sid)
    call = outside.until_over(sid)
    assert call["parameters"]["StatusCallback"] == application.url("/status")
    assert (call["to"], call["from"], call["name"]) == (ALICE, "+15550000000", "Alice")
    assert call["created_at"] == call["states"][0]["at"]
    assert "." in call["created_at"]


def events(lines: Iterator[str]) -> Iterator[tuple[str, object]]:
    name = ""
    for line in lines:
        if line.startswith("event:"):
            name = line[6:].strip()
        elif line.startswith("data:"):
            yield name, json.loads(line[5:])


def test_a_reset_is_the_last_that_is_heard_of_a_call(outside: Outside, application: Application) -> None:
    application.documents["/voice"] = (
        '<Response><Gather><Say>Hello</Say><Pause length="30"/></Gather></Response>'
    )
    outside.phone(ALICE, calls={"kind": "answer", "after": 0})
    sid = str(outside.place().sid)
    until(lambda: outside.call(sid)["spoken"])
    with outside.http.stream("GET", "/events") as stream:
        changes = events(stream.iter_lines())
        next(changes)
        outside.http.post("/reset").raise_for_status()
        outside.phone(BRAM, name="Bram")
        names: list[str] = []
        while names[-1:] != ["phone"]:
            names.append(next(changes)[0])
    assert names == ["reset", "phone"]


def test_changes_stream_after_a_snapshot(outside: Outside) -> None:
    outside.phone(ALICE, name="Alice")
    with outside.http.stream("GET", "/events") as stream:
        changes = events(stream.iter_lines())
        name, world = next(changes)
        assert isinstance(world, dict)
        assert (name, [phone["name"] for phone in world["phones"]]) == ("snapshot", ["Alice"])
        outside.phone(BRAM, name="Bram", calls={"kind": "busy"})
        outside.place(to=BRAM)
        seen: list[str] = []
        for name, data in changes:
            if name == "call" and isinstance(data, dict) and data["status"] not in seen:
                seen.append(data["status"])
            if "busy" in seen:
                break
        assert seen == ["queued", "initiated", "busy"]
