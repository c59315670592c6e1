"""The sandbox of the tests: decisions and workflows are loaded anew in it, so that a clock read fails."""

from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

STRICT_SANDBOX = SandboxedWorkflowRunner(
    restrictions=SandboxRestrictions.default.with_passthrough_modules(
        "domain", "pydantic", "phonenumbers", "holidays"
    )
)
