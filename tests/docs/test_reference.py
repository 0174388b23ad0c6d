"""Every command, option, code, call and metric is documented, and nothing else is."""

import re

from tests.docs.surface import (
    arguments,
    commands,
    metrics,
    operations,
    options,
    problem_codes,
    reference,
    result_codes,
    settings,
)

_HEADING = re.compile(r"^#{2,6} `?(.+?)`?$", re.MULTILINE)
_ROW = re.compile(r"^\| `([^`]+)` \| ([^|]*?) \|", re.MULTILINE)
_CALL = re.compile(r"(GET|PUT|POST|DELETE|PATCH|HEAD|OPTIONS) /")
_PROBLEM_HEADING = "\n## Problem codes"


def sections(text: str) -> dict[str, str]:
    """The text under each heading, up to the next one of any depth."""
    parts = _HEADING.split(text)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def rows(text: str) -> dict[str, str]:
    """The first two cells of each table row whose first one is code."""
    return dict(_ROW.findall(text))


def test_every_command_has_a_section_and_no_other_has() -> None:
    documented = {name for name in sections(reference("cli.md")) if name.startswith("holdfast")}
    real = {words for words, _ in commands()}
    assert documented == real, f"missing {real - documented}, invented {documented - real}"


def test_every_option_and_argument_stands_in_the_section_of_its_command() -> None:
    documented = sections(reference("cli.md"))
    missing = [
        f"{words} {name}"
        for words, command in commands()
        for name in options(command) + arguments(command)
        if not re.search(rf"`{re.escape(name)}[` =]", documented.get(words, ""))
    ]
    assert not missing, f"docs/reference/cli.md does not tell of {missing}"


def test_no_section_tells_of_an_option_that_its_command_does_not_have() -> None:
    documented = sections(reference("cli.md"))
    for words, command in commands():
        real = {spelling for parameter in command.params for spelling in parameter.opts}
        real |= {spelling for parameter in command.params for spelling in parameter.secondary_opts}
        named = set(re.findall(r"^\| `(--[\w-]+)", documented.get(words, ""), re.MULTILINE))
        assert named <= real, f"{words} has no {named - real}"


def test_result_codes_are_documented_one_for_one() -> None:
    ledger, heading, _ = reference("result-codes.md").partition(_PROBLEM_HEADING)
    assert heading, "docs/reference/result-codes.md has no section of problem codes"
    documented, real = set(rows(ledger)), set(result_codes())
    assert documented == real, f"missing {real - documented}, invented {documented - real}"


def test_result_codes_are_documented_in_the_order_of_their_checks() -> None:
    ledger = reference("result-codes.md").partition(_PROBLEM_HEADING)[0]
    assert list(rows(ledger)) == result_codes()


def test_problem_codes_are_documented_one_for_one_with_their_status() -> None:
    documented = rows(reference("result-codes.md").partition(_PROBLEM_HEADING)[2])
    assert documented == {code: str(status) for code, status in problem_codes().items()}


def test_every_call_of_the_api_has_a_section_and_no_other_has() -> None:
    documented = {name for name in sections(reference("http.md")) if _CALL.match(name)}
    real = set(operations())
    assert documented == real, f"missing {real - documented}, invented {documented - real}"


def test_every_section_names_the_role_and_the_parameters_of_its_call() -> None:
    documented = sections(reference("http.md"))
    for name, operation in operations().items():
        text = documented[name]
        role = operation.role.label if operation.role is not None else "none"
        assert f"Role: {role}." in text, f"{name} needs the role {role}"
        missing = [query.name for query in operation.query if f"`{query.name}`" not in text]
        assert not missing, f"{name} does not tell of {missing}"


def test_every_section_names_the_fields_of_the_body() -> None:
    documented = sections(reference("http.md"))
    for name, operation in operations().items():
        fields = getattr(operation.takes, "__struct_encode_fields__", ())
        missing = [field for field in fields if f"`{field}`" not in documented[name]]
        assert not missing, f"{name} does not tell of {missing}"


def test_settings_are_documented_one_for_one() -> None:
    documented, real = set(rows(reference("settings.md"))), set(settings())
    assert documented == real, f"missing {real - documented}, invented {documented - real}"


def test_metrics_are_documented_one_for_one_with_their_type() -> None:
    assert rows(reference("metrics.md")) == metrics()
