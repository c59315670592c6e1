"""What customers should not read is found, and what they may read is let pass (spec 7.3)."""

import pytest

from domain.response import Phase
from policy.wording import Objection, internal, objections

NAMES = {"payment-gw", "kraken", "Order Router", "ledger_v2"}


def found(
    text: str,
    *,
    phase: Phase = Phase.MONITORING,
    names: set[str] = NAMES,
    reported: bool = True,
    fix: bool = False,
) -> tuple[Objection, ...]:
    return objections(text, phase=phase, internal_names=names, customers_reported=reported, validated_fix=fix)


def places(text: str) -> list[str]:
    return [objection.where for objection in found(text)]


GOOD = [
    "Customers may have trouble using Checkout. We are investigating. Next update by 2026-03-01 03:30 UTC.",
    "Customers may have trouble using our service. We have found what to work on and are working on it. "
    "Next update by 2026-03-01 03:30 UTC.",
    "Checkout is recovering. A mitigation is in place and we are watching it. Next update by 2026-03-01 "
    "04:30 UTC.",
    "Checkout works normally again. It lasted from 2026-03-01 03:00 UTC to 2026-03-01 04:10 UTC, 1h10m. You "
    "do not need to do anything. We will have reviewed what happened by 2026-03-06 04:10 UTC.",
    "Some payments are failing at checkout. Your cart is kept. We are looking into it.",
    "Payments by card fail for about one in three customers. Payment by invoice works.",
    "Users in Europe cannot sign in. We are rolling back a recent change, and will post an update "
    "by 14:30 CET.",
    "We are investigating reports of slow page loads since 9:15 am PST.",
    "Pages load slowly (all times are UTC): it began at 14:05, and grew worse at 14:20.",
    "Between 14:05 and 14:40 UTC, emails were delayed by up to 20 minutes. No emails were lost.",
    "Emails were delayed from 2:05 pm to 2:40 pm (PDT).",
    "From 14:05\N{EN DASH}14:40 Europe/Berlin some images were missing.",
    "It began on 2026-03-01T14:05Z, and customers saw it until 2026-03-01T14:40:10+01:00.",
    "We do not have an estimate of when service will be restored yet. Next update by 15:00 UTC.",
    "We cannot yet say when payments will work again. The next update comes within 30 minutes.",
    "We will share an update on the fix by 14:30 UTC.",
    "Service was restored at 14:00 UTC, and we will monitor the recovery today.",
    "Payments succeed again. Confirmation emails come up to ten minutes late.",
    "We do not expect this to be resolved today.",
    "There is no impact on payments by invoice, while payments by card still fail.",
    "A fix is in place and everything should be back to normal. We keep watching.",
    "The ratio of screens is 16:9, and build 3.12.4 is not affected.",
    "We returned 450 payments to customers, and 500 orders are on their way.",
    "Customers in us-east-1 see errors when they upload files.",
    "An upstream provider has trouble, and calls to Asia do not connect.",
    "Podcasts do not play for some listeners.",
    "Sign in again if the page says so. Data is safe, and nothing was lost.",
    "We continue to work to restore service, and will give the next update by 16:00 UTC.",
    "Order routers of our partners are unaffected; orders arrive late.",
]


@pytest.mark.parametrize("text", GOOD)
@pytest.mark.parametrize("phase", [Phase.MONITORING, Phase.RESOLVED])
def test_7_3_what_is_fit_for_customers_passes(text: str, phase: Phase) -> None:
    assert found(text, phase=phase) == ()


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("Requests to payment-gw fail.", "payment-gw"),
        ("Kraken is slow for customers.", "Kraken"),
        ("The Order Router drops orders.", "Order Router"),
        ("We restart LEDGER_V2.", "LEDGER_V2"),
    ],
)
def test_7_3_internal_names_are_found(text: str, where: str) -> None:
    [objection] = found(text)
    assert (objection.where, objection.why) == (where, "is a name that customers do not know")


def test_a_name_within_another_word_is_another_word() -> None:
    assert places("Krakens and payment-gw-like things fail.") == []


def test_a_name_that_customers_know_is_not_internal() -> None:
    names = {"checkout", "Product catalogue", "catalogue", "checkout-api"}
    assert internal(names, ["Checkout", "Product pages"]) == {
        "Product catalogue",
        "catalogue",
        "checkout-api",
    }
    assert internal({"product-pages"}, ["Product pages"]) == frozenset()


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("Customers receive HTTP 503.", "HTTP 503"),
        ("Customers see elevated 5xx rates.", "5xx"),
        ("The API is returning 502s.", "502s"),
        ("Pages show error 504.", "error 504"),
        ("Some see an Internal Server Error.", "Internal Server Error"),
        ("Sign-in fails with error code AUTH-1021.", "error code AUTH-1021"),
        ("Exports fail: NullPointerException.", "NullPointerException"),
        ("Uploads fail with ECONNRESET.", "ECONNRESET"),
        ("We found a stack trace.", "stack trace"),
        ("Servers were OOMKilled.", "OOMKilled"),
        ("We restarted the pods.", "pods"),
        ("Our k8s cluster is unhealthy.", "k8s"),
        ("One shard of the database is slow.", "shard"),
        ("The p99 is high.", "p99"),
        ("Replication lag is high.", "Replication lag"),
        ("We are restarting Redis.", "Redis"),
        ("This is a SEV1.", "SEV1"),
        ("We treat it as P1.", "P1"),
        ("The host 10.2.0.17 is down.", "10.2.0.17"),
        ("The server db3.eu.internal is down.", "db3.eu.internal"),
        ("We opened the circuit breaker.", "circuit breaker"),
    ],
)
def test_7_3_error_codes_and_jargon_are_found(text: str, where: str) -> None:
    assert places(text) == [where]


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("It began at 14:05.", "14:05"),
        ("It began at 2:05 pm, on Sunday.", "2:05 pm"),
        ("Payments failed from 14:05 to 14:40.", "14:05 to 14:40"),
        ("The next update comes at 3pm.", "3pm"),
        ("The next update comes by noon.", "noon"),
        ("The next update comes at 4 o'clock.", "4 o'clock"),
        ("It began at 14:05 UTC and the next update comes at 15:00.", "15:00"),
    ],
)
def test_7_3_a_time_without_a_zone_is_found(text: str, where: str) -> None:
    [objection] = found(text)
    assert (objection.where, objection.why) == (where, "is a time without a zone")


@pytest.mark.parametrize(
    "text",
    [
        "There is no customer impact.",
        "There was no impact on customers.",
        "We see no impact.",
        "The change was made without impact.",
        "No customers are affected.",
        "Customers were not affected.",
        "Nobody is affected.",
        "This does not affect users.",
        "This doesn\N{RIGHT SINGLE QUOTATION MARK}t impact our customers.",
    ],
)
def test_7_3_no_impact_is_never_said_where_customers_have_reported(text: str) -> None:
    [objection] = found(text)
    assert objection.why == "denies an impact that customers have reported"
    assert found(text, reported=False) == ()


@pytest.mark.parametrize(
    "text",
    [
        "Service will be restored by 16:00 UTC.",
        "We expect this to be fixed within an hour.",
        "Payments should be back within the next 30 minutes.",
        "We expect a full recovery by the end of the day.",
        "By 16:00 UTC, payments will be fully restored.",
        "Next update by 15:00 UTC, and we expect to be fully operational by 16:00 UTC.",
        "Our ETA is 30 minutes, at 15:10 UTC.",
        "The issue will be resolved shortly.",
        "Estimated time to resolution: within 2 hours.",
        "Everything will be back to normal tomorrow.",
    ],
)
def test_7_3_no_restoration_is_promised_before_a_fix_is_validated(text: str) -> None:
    [objection] = found(text)
    assert objection.why == "promises when service is restored"
    assert found(text, fix=True) == ()


@pytest.mark.parametrize(
    "text",
    [
        "We are investigating. Some payments fail.",
        "We are investigating an issue.",
        "Our engineers have found the cause. Customers cannot pay.",
        "A configuration change was made at 14:05 UTC.",
        "A mitigation is in progress.",
    ],
)
@pytest.mark.parametrize("phase", [Phase.INVESTIGATING, Phase.IDENTIFIED])
def test_7_3_the_first_sentence_says_what_customers_notice(text: str, phase: Phase) -> None:
    [objection] = found(text, phase=phase)
    assert objection.where == text.split(". ")[0].rstrip(".") + "."
    assert objection.warning
    assert found(text, phase=Phase.MONITORING) == ()


@pytest.mark.parametrize(
    "text",
    [
        "Customers may have trouble using Checkout. We are investigating.",
        "Some payments are failing.",
        "Pages do not load. We are investigating.",
        "We are investigating reports of issues with sign-in.",
        "Uploads take longer than usual. We take them one by one.",
        "Sign-in is unavailable.",
        "Our API times out for some requests.",
    ],
)
def test_a_first_sentence_in_customers_words_passes(text: str) -> None:
    assert found(text, phase=Phase.INVESTIGATING) == ()


def test_every_fault_of_a_text_is_named_once_and_firmly() -> None:
    text = "HTTP 503 from kraken since 14:05. HTTP 503 again. No customer impact. It will be back by 3pm UTC."
    faults = found(text, phase=Phase.INVESTIGATING)
    assert [fault.where for fault in faults if not fault.warning] == [
        "kraken",
        "HTTP 503",
        "14:05",
        "No customer impact",
        "will be back by 3pm",
    ]
    assert all(fault.mend for fault in faults)


def test_an_empty_text_is_somebody_elses_matter() -> None:
    assert found("", phase=Phase.INVESTIGATING) == ()


@pytest.mark.parametrize(
    "part", ["a-", "a ", "a.", "14:05, ", "we will ", "next update ", "we expect ", "no customer ", "1.1."]
)
def test_a_text_of_any_length_is_read_to_its_end(part: str) -> None:
    # A pattern that goes back and forth would take hours over this.
    end = " We will be back at 14:05."
    objections = found("we expect " + part * 20_000 + end, phase=Phase.IDENTIFIED)
    assert any("14:05" in objection.where for objection in objections)
