"""A stand-in for the local service: its command line, and answers by plan.

Run in the place of `python -m jupyterlab_globus_compute.local`. It keeps the
service's lock, state file and ready line, answers only what `plan.json` in the
data folder lists, and writes down every request as it came.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import json
import os
import secrets
import signal
import sys
import threading
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

EXIT_CODE_BUSY = 3
EXIT_CODE_DIES = 9


def append(path: Path, record: dict[str, Any]) -> None:
    """Append one JSON line."""
    with path.open("a", encoding="utf-8") as lines:
        lines.write(json.dumps(record) + "\n")


class Plan:
    """What the test wants to happen; read anew each time, so it may change."""

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / "plan.json"
        self._lock = threading.Lock()

    def take(self, section: str, key: str) -> Any:
        """The next entry of a list in the plan; the last one stays for good."""
        with self._lock:
            plan = json.loads(self._path.read_text(encoding="utf-8"))
            entries = plan[section].get(key)
            if not entries:
                return None
            if len(entries) > 1:
                entry = entries.pop(0)
                self._path.write_text(json.dumps(plan), encoding="utf-8")
                return entry
            return entries[0]


class Handler(BaseHTTPRequestHandler):
    """Answers by plan."""

    server: StandInServer

    def handle_any(self) -> None:
        """Write the request down, then do what the plan says."""
        path = self.path.partition("?")[0].lstrip("/")
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        key = f"{self.command} {path}"
        entry = self.server.plan.take("answers", key)
        append(
            self.server.data_dir / "requests.jsonl",
            {
                "pid": os.getpid(),
                "target": self.path,
                "method": self.command,
                "headers": [[name.lower(), value] for name, value in self.headers.items()],
                "body": body.decode("utf-8"),
                "expected": entry is not None,
            },
        )
        if self.headers.get("Authorization") != f"Bearer {self.server.token}":
            self.answer({"status": 401, "body": {"code": "WRONG_TOKEN"}})
        elif entry is None:
            self.answer({"status": 500, "body": {"code": "UNEXPECTED_CALL"}})
        else:
            self.follow(entry)

    def follow(self, entry: dict[str, Any]) -> None:
        """Do what one entry of the plan says."""
        match entry.get("act", "answer"):
            case "answer":
                self.answer(entry)
            case "die":
                os._exit(EXIT_CODE_DIES)
            case "drop":
                self.close_connection = True
                self.connection.shutdown(2)
            case "hang":
                self.server.released.wait()
            case unknown:
                raise ValueError(unknown)

    def answer(self, entry: dict[str, Any]) -> None:
        """Send a status, headers and a body."""
        body = entry.get("body", {})
        raw = (body if isinstance(body, str) else json.dumps(body)).encode()
        self.send_response(entry.get("status", 200))
        headers = {"Content-Type": "application/json", "Content-Length": str(len(raw))}
        for name, value in {**headers, **entry.get("headers", {})}.items():
            self.send_header(name, value)
        self.end_headers()
        with contextlib.suppress(ConnectionError):
            self.wfile.write(raw)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the base class's name)
        """No access log."""

    # The base class finds these by name.
    do_GET = do_POST = do_DELETE = handle_any  # noqa: N815


class StandInServer(ThreadingHTTPServer):
    """The server with what its handler needs."""

    daemon_threads = True

    def __init__(self, data_dir: Path, plan: Plan, token: str) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.data_dir = data_dir
        self.plan = plan
        self.token = token
        self.released = threading.Event()


def fail_to_start(how: str) -> None:
    """End, or do not, as a service that cannot start would."""
    match how:
        case "missing-package":
            print("Traceback (most recent call last):", file=sys.stderr)
            print("ModuleNotFoundError: No module named 'starlette'", file=sys.stderr)
            sys.exit(1)
        case "crash":
            print("disk full", file=sys.stderr)
            sys.exit(1)
        case "garbled":
            print("hello there", flush=True)
            sys.stdin.read()
            sys.exit(0)
        case "silent":
            print("still thinking", file=sys.stderr, flush=True)
            sys.stdin.read()
            sys.exit(0)


def endpoint_id(data_dir: Path) -> str:
    """One id for each data folder."""
    path = data_dir / "endpoint_id"
    if not path.exists():
        path.write_text(str(uuid.uuid4()), encoding="utf-8")
    return path.read_text(encoding="utf-8")


def main() -> None:
    """Start as the local service does."""
    if sys.argv[1:3] != ["-m", "jupyterlab_globus_compute.local"]:
        sys.exit(f"unexpected command: {sys.argv}")
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--data-dir", type=Path, required=True)
    parser.add_argument("--workers", type=int)
    parser.add_argument("--exit-with-stdin", action="store_true", required=True)
    arguments = parser.parse_args(sys.argv[3:])
    data_dir: Path = arguments.data_dir

    with (data_dir / "service.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            append(data_dir / "refusals.jsonl", {"pid": os.getpid()})
            sys.exit(EXIT_CODE_BUSY)
        plan = Plan(data_dir)
        how = plan.take("starts", "how") or "normally"
        record = {"pid": os.getpid(), "how": how, "cwd": str(Path.cwd())}
        record |= {"argv": sys.argv[3:], "environment": sorted(os.environ)}
        append(data_dir / "starts.jsonl", record)
        fail_to_start(how)
        serve(data_dir, plan, how)


def serve(data_dir: Path, plan: Plan, how: str) -> None:
    """Answer until stdin ends."""
    token = secrets.token_urlsafe(32)
    server = StandInServer(data_dir, plan, token)
    state = json.dumps(
        {
            "url": f"http://127.0.0.1:{server.server_address[1]}",
            "token": token,
            "endpoint_id": endpoint_id(data_dir),
            "pid": os.getpid(),
        }
    )
    state_file = data_dir / "service.json"
    state_file.touch(mode=0o600)
    state_file.write_text(state, encoding="utf-8")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    if how == "ignores-signals":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    print(state, flush=True)
    print(f"my token is {token}", file=sys.stderr, flush=True)
    if how == "dies-when-ready":
        os._exit(EXIT_CODE_DIES)
    if how in ("ignores-stdin", "ignores-signals"):
        threading.Event().wait()
    sys.stdin.read()
    state_file.unlink()


if __name__ == "__main__":
    main()
