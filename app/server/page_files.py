"""The page's files, each read and compressed once, then sent from memory.

Which files there are is read when the app is made, so what a path says is looked up and never joined to a directory. A
file is read when it is first asked for, in another thread, since packing the largest takes a tenth of a second; after
that a request for it costs one look at its date, so that an edited file is seen at once. The tag of a file is made of
its content: whichever server answers, an unchanged file is not sent again.
"""

import asyncio
import gzip
import hashlib
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from starlette.exceptions import HTTPException
from starlette.types import Receive, Scope, Send

COMPRESSION_LEVEL = 9  # done once: every byte of the first load counts
WORTH_PACKING = 0.9  # of its length, at most, that is left; a font or a picture is compressed already
INDEX = "index.html"
TAG_BYTES = 16

_CODING = re.compile(r"(?:^|,)(?:x-)?(gzip|\*)(?:;q=([01](?:\.[0-9]*)?))?(?=,|$)")

_METHODS = ("GET", "HEAD")
_TEXTS = ("text/", "application/json")

# Not from the system's table: reading it takes longer than all else here, and some say that .js is text/plain, which a
# browser that is told not to sniff refuses to run.
_TYPES = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".json": "application/json",
    ".mjs": "text/javascript",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
_OTHER = "text/plain"  # licences

Headers = list[tuple[bytes, bytes]]
Stamp = tuple[int, int]


class Form(NamedTuple):
    """A file as it travels, plain or packed."""

    tag: str
    headers: Headers
    content: bytes


class Kept(NamedTuple):
    """A file in memory. `stamp` tells whether the disk still has it so; `packed` is None where it gains little."""

    stamp: Stamp
    plain: Form
    packed: Form | None


class Files:
    """ASGI application: the files of a directory, and of those below it, by their paths; `/` is the index."""

    def __init__(self, directory: Path) -> None:
        self._paths = dict(_walk(directory, "/"))
        if f"/{INDEX}" in self._paths:
            self._paths["/"] = self._paths[f"/{INDEX}"]
        self._kept: dict[Path, Kept] = {}
        self._reading = asyncio.Lock()

    def also(self, path: str, file: str) -> None:
        """Let `path` be the file that is at the path `file` too."""
        self._paths[path] = self._paths[file]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request for a file.   Raises: HTTPException, 404 and 405."""
        path = self._paths.get(scope["path"])
        if path is None:
            raise HTTPException(404)
        if scope["method"] not in _METHODS:
            raise HTTPException(405, headers={"allow": ", ".join(_METHODS)})
        kept = await self._current(path)
        form = kept.packed if kept.packed and takes_gzip(_values(scope, b"accept-encoding")) else kept.plain
        if matches(_values(scope, b"if-none-match"), form.tag):
            # Of what an answer says of a content, only its length and kind are left out: there is none.
            headers = [pair for pair in form.headers if pair[0] in (b"etag", b"vary")]
            await send({"type": "http.response.start", "status": 304, "headers": headers})
            await send({"type": "http.response.body", "body": b""})
            return
        await send({"type": "http.response.start", "status": 200, "headers": form.headers})
        await send({"type": "http.response.body", "body": form.content if scope["method"] == "GET" else b""})

    async def _current(self, path: Path) -> Kept:
        """The file as it is on the disk.   Raises: HTTPException, where it has gone since."""
        try:
            stamp = _stamp(path.stat())
            kept = self._kept.get(path)
            if kept is not None and kept.stamp == stamp:
                return kept
            async with self._reading:  # one at a time, and what others wait for is not read again
                kept = self._kept.get(path)
                if kept is None or kept.stamp != stamp:
                    kept = self._kept[path] = await asyncio.to_thread(read, path)
                return kept
        except OSError:
            self._kept.pop(path, None)
            raise HTTPException(404) from None


def _walk(directory: Path, prefix: str) -> Iterator[tuple[str, Path]]:
    """The path in a URL, and on the disk, of each file. No link is followed, so none leads elsewhere."""
    with os.scandir(directory) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from _walk(directory / entry.name, f"{prefix}{entry.name}/")
            elif entry.is_file(follow_symlinks=False):
                yield prefix + entry.name, directory / entry.name


def _stamp(found: os.stat_result) -> Stamp:
    return found.st_mtime_ns, found.st_size


def read(path: Path) -> Kept:
    """The file, plain and packed.   Raises: OSError."""
    with path.open("rb") as file:
        stamp = _stamp(os.fstat(file.fileno()))
        content = file.read()
    kind = _kind(path)
    tag = hashlib.sha256(content).hexdigest()[: 2 * TAG_BYTES]
    packed = gzip.compress(content, COMPRESSION_LEVEL, mtime=0)
    if len(packed) > WORTH_PACKING * len(content):
        return Kept(stamp, _form(f'"{tag}"', content, kind), None)
    varies = (b"vary", b"accept-encoding")
    # Other bytes, so another tag: a cache that holds one form must not take it for the other.
    return Kept(
        stamp,
        _form(f'"{tag}"', content, kind, varies),
        _form(f'"{tag}-gzip"', packed, kind, varies, (b"content-encoding", b"gzip")),
    )


def _form(tag: str, content: bytes, kind: str, *more: tuple[bytes, bytes]) -> Form:
    length = str(len(content)).encode()
    headers = [(b"content-type", kind.encode()), (b"content-length", length), (b"etag", tag.encode()), *more]
    return Form(tag, headers, content)


def _kind(path: Path) -> str:
    kind = _TYPES.get(path.suffix, _OTHER)
    return f"{kind}; charset=utf-8" if kind.startswith(_TEXTS) else kind


def _values(scope: Scope, wanted: bytes) -> str:
    """All values of a header, as one list."""
    return ",".join([value.decode("latin-1") for name, value in scope["headers"] if name == wanted])


def takes_gzip(accepted: str) -> bool:
    """Whether who sent this Accept-Encoding reads gzip, or anything, and not with a weight of zero."""
    weights = dict(_CODING.findall(accepted.replace(" ", "").lower()))
    weight = weights.get("gzip", weights.get("*"))
    return weight is not None and float(weight or 1) > 0


def matches(tags: str, tag: str) -> bool:
    """Whether `tag` is among those of an If-None-Match. One that a proxy has weakened is as good."""
    return any(it.strip().removeprefix("W/") in (tag, "*") for it in tags.split(",")) if tags else False
