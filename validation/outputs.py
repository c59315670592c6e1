"""What is wrong, said to people, to machines, to code scanning and to a review."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from validation.check import Checked, Problem
from validation.rules import RULES

Output = Callable[[Checked], str]

SARIF = "https://json.schemastore.org/sarif-2.1.0.json"


def shown(file: Path) -> str:
    """A path as one would write it from here."""
    try:
        return file.absolute().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return str(file)


def as_json(checked: Checked) -> str:
    """For machines."""
    return json.dumps(
        {
            "errors": checked.count("error"),
            "warnings": checked.count("warning"),
            "findings": [
                {
                    "file": shown(problem.file),
                    "line": problem.line,
                    "level": problem.level,
                    "rule": problem.rule,
                    "message": problem.message,
                    "mend": problem.mend,
                }
                for problem in checked.problems
            ],
        },
        indent=2,
        ensure_ascii=False,
    )


def as_sarif(checked: Checked) -> str:
    """SARIF 2.1.0, which code scanning reads."""
    rules = sorted(RULES)
    run = {
        "tool": {
            "driver": {
                "name": "midwatch validate",
                "rules": [{"id": rule, "shortDescription": {"text": RULES[rule]}} for rule in rules],
            }
        },
        "columnKind": "unicodeCodePoints",
        "results": [_result(problem, rules.index(problem.rule)) for problem in checked.problems],
    }
    return json.dumps({"$schema": SARIF, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=False)


def _result(problem: Problem, rule: int) -> dict[str, Any]:
    file = shown(problem.file)
    uri = Path(file).as_uri() if Path(file).is_absolute() else quote(file)
    return {
        "ruleId": problem.rule,
        "ruleIndex": rule,
        "level": problem.level,
        "message": {"text": said(problem)},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": uri},
                    "region": {"startLine": problem.line},
                }
            }
        ],
    }


def as_annotations(checked: Checked) -> str:
    """Workflow commands that GitHub shows beside the lines of a change."""
    return "\n".join(
        f"::{problem.level} file={_property(shown(problem.file))},line={problem.line},"
        f"title={_property(problem.rule)}::{_data(said(problem))}"
        for problem in checked.problems
    )


def said(problem: Problem) -> str:
    """What is wrong and what to do, in one line."""
    return f"{problem.message}; {problem.mend}" if problem.mend else problem.message


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


FOR_MACHINES: Mapping[str, Output] = {"json": as_json, "sarif": as_sarif, "github": as_annotations}
