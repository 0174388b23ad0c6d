"""What `holdfast serve` says of the console when it starts."""

import pytest

from holdfast.cli.serving.server import _announce


def test_the_link_is_one_that_this_machine_can_open(capsys: pytest.CaptureFixture[str]) -> None:
    _announce("0.0.0.0", 8080, "token", None)
    assert "http://127.0.0.1:8080/console/#link=token" in capsys.readouterr().err
    _announce("::", 8080, "token", None)
    assert "http://[::1]:8080/console/#link=token" in capsys.readouterr().err


def test_without_a_build_it_says_what_to_run(capsys: pytest.CaptureFixture[str]) -> None:
    _announce("127.0.0.1", 8080, None, "hf_first")
    said = capsys.readouterr().err
    assert "make console" in said
    assert "#link=" not in said
    assert said.endswith("hf_first\n\n")
