import asyncio, pytest, json
from datetime import timedelta, datetime, UTC
from tests.whole.town import presses
from tests.eventually import eventually

@pytest.mark.timeout(240)
async def test_smoke(night, skipping):
    await night.everybody(presses("1"))
    await night.phone("alice", presses("1"))
    incident = await night.alert(impact="Nobody can pay")
    h = await night.handle(incident)
    await night.until_taken(incident) if False else None
    async def taken():
        r = await night.report(incident); return r if r.commander else None
    r = await eventually(taken)
    async def do(path, **b):
        a = await night.api.post(f"/api/v1/incidents/{incident}/{path}", json={"by":"alice"}|b)
        print(path, a.status_code, a.text[:300]); return a
    await do("role", role="communications lead")
    await do("resolve", resolution="Rolled back", cause="A certificate")
    await do("confirm", fix_deployed=True, metrics_recovering=True, postmortem_owner="ben")
    await do("draft", audience="public", phase="resolved", text="All is well again for everybody.")
    r = await night.report(incident)
    print([ (u.number,u.phase,u.published_at) for u in r.updates], r.closing)
    n = max(u.number for u in r.updates)
    await do("approve", number=n); await do("publish", number=n)
    r = await night.report(incident); print(r.status, r.closing)
    async def over():
        r = await night.report(incident); return r if r.postmortem else None
    r = await eventually(over, within=10, what=str(r.status))
    print(r.status, r.postmortem)
    entries = await night.timeline(incident)
    for e in entries[-12:]: print(e.sequence, e.at, e.kind.value, e.text)
    a = await night.api.get(f"/api/v1/incidents/{incident}/postmortem"); print(a.status_code, a.text[-600:])
    hh = night._client.get_workflow_handle(f"postmortem/{incident}")
    await skipping.fast_forward(hh, timedelta(days=2))
    entries = await night.timeline(incident)
    for e in entries[-12:]: print(e.sequence, e.at, e.kind.value, e.text)
    print(await h.describe())
    d = await hh.describe(); print(d.typed_search_attributes)
