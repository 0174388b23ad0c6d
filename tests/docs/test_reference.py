"""Every command, option, code, call and metric is documented, and nothing else is."""

import re

from tests.docs.surface import (
    commands,
    metric_names,
    operations,
    options,
    reference,
    result_codes,
)

_HEADING = re.compile(r"^#{2,6} `?(.+?)`?$", re.MULTILINE)
_FIRST_CELL = re.compile(r"^\| `([^`]+)`", re.MULTILINE)


def sections(text: str) -> dict[str, str]:
    """The text under each heading, up to the next one of any depth."""
    parts = _HEADING.split(text)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_every_command_has_a_section() -> None:
    documented = sections(reference("cli.md"))
    missing = [words for words, _ in commands() if words not in documented]
    assert not missing, f"docs/reference/cli.md has no section for {missing}"


def test_every_option_stands_in_the_section_of_its_command() -> None:
    documented = sections(reference("cli.md"))
    missing = [
        f"{words} {option}"
        for words, command in commands()
        for option in options(command)
        if not re.search(rf"`{re.escape(option)}[` =]", documented.get(words, ""))
    ]
    assert not missing, f"docs/reference/cli.md does not tell of {missing}"


def test_the_reference_names_no_command_that_is_not_there() -> None:
    real = {words for words, _ in commands()}
    invented = [
        heading
        for heading in sections(reference("cli.md"))
        if heading.startswith("holdfast") and heading not in real
    ]
    assert not invented, f"docs/reference/cli.md tells of {invented}"


def test_result_codes_are_documented_one_for_one() -> None:
    documented = set(_FIRST_CELL.findall(reference("result-codes.md").partition("\n## Problem codes")[0]))
    real = set(result_codes())
    assert real, "the ledger has no result code"
    assert documented == real, f"missing {real - documented}, invented {documented - real}"


def test_metrics_are_documented_one_for_one() -> None:
    documented = set(_FIRST_CELL.findall(reference("metrics.md")))
    real = set(metric_names())
    assert real, "no metric was found in the source"
    assert documented == real, f"missing {real - documented}, invented {documented - real}"


def test_every_call_of_the_api_has_a_section_and_no_other_has() -> None:
    call = re.compile(r"(GET|PUT|POST|DELETE|PATCH|HEAD|OPTIONS) /")
    documented = {name for name in sections(reference("http.md")) if call.match(name)}
    real = set(operations())
    assert real, "the OpenAPI document has no call"
    assert documented == real, f"missing {real - documented}, invented {documented - real}"
