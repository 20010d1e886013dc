"""A hub on this machine: as much of the protocol as `huggingface_hub` needs to download models.

It serves folders as commits of repositories, remembers what was asked of it, and can be told to
guard a repository, to cut a connection in the middle of a file, or to send something else.
"""

import hashlib
import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

PIECE = 1 << 16
"""Bytes that are sent at once."""


@dataclass
class Repository:
    """What the hub keeps of one model."""

    commits: dict[str, Path] = field(default_factory=dict)
    refs: dict[str, str] = field(default_factory=dict)
    gated: bool = False


@dataclass
class Hub:
    """A hub that listens; see `serve`."""

    url: str = ""
    repositories: dict[str, Repository] = field(default_factory=dict)
    asked: list[tuple[str, str, str]] = field(default_factory=list)
    """Method, path and range of every request."""
    cut_after: int | None = None
    """Bytes of a file after which the connection is cut."""
    cuts: int = 0
    """How many more connections to cut."""
    pause: float = 0.0
    """Seconds between two pieces of a file: a slow line."""
    spoiled: bool = False
    """Whether large files arrive with other bytes than promised."""

    def add(self, name: str, folder: Path, *, ref: str = "main", gated: bool = False) -> str:
        """Publish a folder as a new commit that `ref` points to; returns the commit."""
        repository = self.repositories.setdefault(name, Repository())
        commit = hashlib.sha1(f"{name} {len(repository.commits)}".encode()).hexdigest()
        repository.commits[commit] = folder
        repository.refs[ref] = commit
        repository.gated = gated
        return commit

    def ranges_of(self, name: str) -> list[str]:
        """Return the ranges asked of files called `name`; empty for a whole one."""
        return [r for method, path, r in self.asked if method == "GET" and path.endswith(name)]


@contextmanager
def serve() -> Iterator[Hub]:
    """Listen on a free port of this machine alone."""
    hub = Hub()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"hub": hub}))
    server.daemon_threads = True
    hub.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    hub: Hub
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else each body waits 40 ms for the receipt of its header

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def log_message(self, *_: object) -> None:
        pass

    def _answer(self) -> None:
        path = unquote(urlsplit(self.path).path)
        self.hub.asked.append((self.command, path, self.headers.get("Range", "")))
        api = re.fullmatch(r"/api/models/([^/]+/[^/]+)(?:/revision/(.+))?", path)
        file = re.fullmatch(r"/([^/]+/[^/]+)/resolve/([^/]+)/(.+)", path)
        found = api or file
        if found is None:
            return self._refuse(404, "EntryNotFound")
        repository = self.hub.repositories.get(found[1])
        if repository is None:
            return self._refuse(404, "RepoNotFound")
        if repository.gated and file:
            return self._refuse(403 if self.headers.get("Authorization") else 401, "GatedRepo")
        asked = found[2] or "main"
        commit = repository.refs.get(asked, asked)
        if commit not in repository.commits:
            return self._refuse(404, "RevisionNotFound")
        folder = repository.commits[commit]
        if api:
            return self._send(json.dumps(_info(found[1], commit, folder)).encode())
        assert file is not None
        if not (folder / file[3]).is_file():
            return self._refuse(404, "EntryNotFound", commit)
        return self._send_file(folder / file[3], commit)

    def _send_file(self, path: Path, commit: str) -> None:
        data = path.read_bytes()
        etag = _sha256(data) if _is_large(path) else _git_id(data)
        if self.hub.spoiled and _is_large(path):
            data = data[:-1] + bytes([data[-1] ^ 1])
        start = int((re.findall(r"bytes=(\d+)-", self.headers.get("Range", "")) or [0])[0])
        self.send_response(206 if start else 200)
        self.send_header("X-Repo-Commit", commit)
        self.send_header("ETag", f'"{etag}"')
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("Content-Length", str(len(data) - start))
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
        self.end_headers()
        if self.command == "HEAD":
            return
        cut = self.hub.cut_after
        if cut is not None and self.hub.cuts > 0 and _is_large(path) and len(data) - start > cut:
            self.hub.cuts -= 1
            self.wfile.write(data[start : start + cut])
            self.close_connection = True
            return
        with suppress(ConnectionError):  # nobody wants the rest
            for place in range(start, len(data), PIECE):
                time.sleep(self.hub.pause)
                self.wfile.write(data[place : place + PIECE])

    def _send(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _refuse(self, status: int, code: str, commit: str = "") -> None:
        self.send_response(status)
        self.send_header("X-Error-Code", code)
        self.send_header("X-Error-Message", code)
        if commit:
            self.send_header("X-Repo-Commit", commit)
        self.send_header("Content-Length", "0")
        self.end_headers()


def _info(name: str, commit: str, folder: Path) -> dict[str, Any]:
    siblings = []
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        data = path.read_bytes()
        sibling: dict[str, Any] = {
            "rfilename": path.relative_to(folder).as_posix(),
            "size": len(data),
            "blobId": _git_id(data),
        }
        if _is_large(path):
            sibling["lfs"] = {"sha256": _sha256(data), "size": len(data), "pointerSize": 130}
        siblings.append(sibling)
    return {"id": name, "sha": commit, "private": False, "tags": [], "siblings": siblings}


def _is_large(path: Path) -> bool:
    return path.suffix in (".safetensors", ".bin", ".ckpt")


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _git_id(data: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()
