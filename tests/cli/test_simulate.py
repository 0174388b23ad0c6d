"""`holdfast simulate` as a process: it says where it is, serves, and stops cleanly."""

import json
import signal
import socket
import subprocess

import httpx
from click.testing import CliRunner

from holdfast.cli.demo.server_process import COMMAND
from holdfast.cli.main import main
from holdfast.simulators.registry import platforms

SIMULATE = [*COMMAND, "simulate", "douyin", "--port", "0", "--seed", "7"]


def test_it_tells_what_a_connection_needs_serves_and_ends_with_success() -> None:
    with subprocess.Popen([*SIMULATE, "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            text = ""
            while "\n}" not in text:
                text += process.stdout.readline().decode()
            document = json.loads(text)
            told = httpx.get(f"{document['control']}/credentials", trust_env=False).json()
            assert told == {name: document[name] for name in told}
            assert document["seed"] == 7
            process.send_signal(signal.SIGINT)
            assert process.wait(10) == 0
        finally:
            process.kill()


def test_it_shows_address_seed_credentials_and_three_ways_to_control_it() -> None:
    command = [*SIMULATE, "--language", "en"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        try:
            assert process.stderr is not None
            lines: list[str] = []
            while not lines or "Ctrl-C" not in lines[-1]:
                lines.append(process.stderr.readline().decode())
            process.send_signal(signal.SIGTERM)
            assert process.wait(10) == 0
            assert process.stdout is not None
            assert process.stdout.read() == b""
        finally:
            process.kill()
    text = "".join(lines)
    assert "http://127.0.0.1:" in lines[0]
    assert "seed 7" in lines[0]
    assert text.count("curl -X") == 3
    assert all(name in text for name in ("app_key", "app_secret", "access_token", "refresh_token"))


def test_an_unknown_platform_is_told_the_known_ones() -> None:
    result = CliRunner().invoke(main, ["simulate", "myspace"])
    assert result.exit_code == 2
    assert all(name in result.stderr for name in platforms())


def test_a_port_that_is_taken_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        result = CliRunner().invoke(main, ["simulate", "douyin", "--port", port, "--language", "en"])
    assert result.exit_code == 1
    assert f"cannot listen on 127.0.0.1:{port}" in result.stderr
