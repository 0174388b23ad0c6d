"""The services under load, each started fresh: ours, a constant on the same server, and two usual ways."""

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

HOST = "127.0.0.1"
KEY = "bench-key"
STOCK = 10**9
READY_WITHIN_S = 60.0

UVICORN = [
    sys.executable, "-m", "uvicorn", "--host", HOST, "--workers", "1", "--loop", "uvloop",
    "--http", "httptools", "--no-access-log", "--log-level", "warning",
]  # fmt: skip


@dataclass(frozen=True)
class Service:
    """A service that listens; `script` is the wrk script for it, `arguments` go to the script."""

    name: str
    port: int
    pid: int
    script: Path
    path: str


def call(port: int, method: str, path: str, body: object = None) -> object:
    """One JSON call with the bench's key."""
    request = urllib.request.Request(
        f"http://{HOST}:{port}{path}",
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Content-Type": "application/json", "Authorization": f"Bearer {KEY}"},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.loads(answer.read() or b"null")


def wait_ready(port: int, path: str, process: subprocess.Popen[bytes]) -> None:
    """Wait until the service answers anything but a refusal to connect."""
    until = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(f"http://{HOST}:{port}{path}", timeout=1)
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            if process.poll() is not None:
                break
            time.sleep(0.05)
    raise SystemExit(f"the service on port {port} did not start")


@contextmanager
def running(command: list[str], port: int, ready: str, env: dict[str, str], cwd: Path) -> Iterator[int]:
    """Run a service for the time of the block; gives its process id."""
    with (cwd / "service.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=cwd, stdout=log, stderr=log, env={**os.environ, **env})
        try:
            wait_ready(port, ready, process)
            yield process.pid
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()


@contextmanager
def holdfast(folder: Path, port: int, skus: int, store: str | None = None) -> Iterator[Service]:
    """Our server with every check on: limits per order, per buyer and across channels."""
    command = [str(Path(sys.executable).with_name("holdfast")), "serve", "--port", str(port)]
    command += ["--store", store or f"sqlite:///{folder}/holdfast.db"]
    with running(command, port, "/readyz", {"HOLDFAST_API_KEY": KEY}, folder) as pid:
        seed_holdfast(port, skus)
        yield Service("holdfast", port, pid, Path(__file__).with_name("holds.lua"), "/v1/holds")


@contextmanager
def replica(folder: Path, port: int, store: str) -> Iterator[Service]:
    """One more of our servers on a database that another one works for."""
    command = [str(Path(sys.executable).with_name("holdfast")), "serve", "--port", str(port)]
    command += ["--store", store, "--role", "api"]
    with running(command, port, "/readyz", {"HOLDFAST_API_KEY": KEY}, folder) as pid:
        yield Service("holdfast", port, pid, Path(__file__).with_name("holds.lua"), "/v1/holds")


def seed_holdfast(port: int, skus: int) -> None:
    """Items, channel and stock for the load."""
    call(port, "PUT", "/v1/channels/shop", {"platform": "shop", "name": "shop"})
    limits = {"period": "bench", "per_order": 5, "per_buyer": 5, "per_buyer_across_channels": 5}
    for number in range(skus):
        sku = f"SKU-{number}"
        call(port, "PUT", f"/v1/skus/{sku}", {"name": sku, "limits": limits})
        body = {"id": f"seed-{number}", "sku": sku, "from": "supplier", "to": "channel:shop"}
        call(port, "POST", "/v1/transfers", body | {"quantity": STOCK, "reason": "bench"})


@contextmanager
def constant(folder: Path, port: int) -> Iterator[Service]:
    """A bare ASGI application on the same server that answers every POST with the same bytes."""
    command = [*UVICORN, "--port", str(port), "bench.constant:app"]
    env = {"PYTHONPATH": str(Path(__file__).parents[1])}
    with running(command, port, "/", env, folder) as pid:
        yield Service("constant", port, pid, Path(__file__).with_name("holds.lua"), "/v1/holds")


@contextmanager
def redis_peer(peers: Path, folder: Path, port: int, redis_port: int) -> Iterator[Service]:
    """FastAPI and one Lua script on Redis that syncs every write."""
    command = [
        "redis-server", "--bind", HOST, "--port", str(redis_port), "--dir", str(folder), "--save", "",
        "--appendonly", "yes", "--appendfsync", "always", "--auto-aof-rewrite-percentage", "0",
    ]  # fmt: skip
    with (folder / "redis.log").open("wb") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            time.sleep(0.5)
            env = {"REDIS_URL": f"redis://{HOST}:{redis_port}", "PYTHONPATH": str(peers)}
            service = [*UVICORN, "--port", str(port), "redis_service:app"]
            with running(service, port, "/docs", env, folder) as pid:
                yield Service("redis", port, pid, peers / "wrk_reserve.lua", "/reservations")
        finally:
            server.terminate()
            server.wait(10)


@contextmanager
def postgres_peer(peers: Path, folder: Path, port: int, database_port: int) -> Iterator[Service]:
    """FastAPI and a row lock in a PostgreSQL transaction."""
    binaries = sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1]
    data = folder / "pg"
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if as_user:
        folder.chmod(0o755)
        data.mkdir()
        shutil.chown(data, "postgres")
    initdb = [*as_user, str(binaries / "initdb"), "-D", str(data), "-U", "postgres", "-A", "trust"]
    subprocess.run(initdb, check=True, capture_output=True, cwd="/")
    command = [
        *as_user,
        str(binaries / "postgres"),
        "-D",
        str(data),
        "-p",
        str(database_port),
        "-k",
        str(data),
    ]
    with (folder / "postgres.log").open("wb") as log:
        server = subprocess.Popen([*command, "-h", HOST], stdout=log, stderr=log, cwd="/")
        try:
            time.sleep(2)
            psql = [
                "psql",
                "-h",
                HOST,
                "-p",
                str(database_port),
                "-U",
                "postgres",
                "-c",
                "create database resv",
            ]
            subprocess.run(psql, check=True, capture_output=True)
            dsn = f"postgresql://postgres@{HOST}:{database_port}/resv"
            service = [*UVICORN, "--port", str(port), "pg_service:app"]
            env = {"PG_DSN": dsn, "PG_MODE": "tx", "PYTHONPATH": str(peers)}
            with running(service, port, "/docs", env, folder) as pid:
                yield Service("postgres", port, pid, peers / "wrk_reserve.lua", "/reservations")
        finally:
            subprocess.run(
                [*as_user, str(binaries / "pg_ctl"), "-D", str(data), "-m", "fast", "stop"],
                check=False,
                cwd="/",
            )
            server.wait(20)
