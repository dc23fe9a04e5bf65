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
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

_COMPRESSION_LEVEL = 9  # done once: every byte of the first load counts
_WORTH_PACKING = 0.9  # of its length, at most, that is left; a font or a picture is compressed already
_TAG_DIGITS = 32

_CODING = re.compile(r"(?:^|,)(?:x-)?(gzip|\*)(?:;q=([01](?:\.[0-9]*)?))?(?=,|$)")
_METHODS = ("GET", "HEAD")

# Not from the system's table: reading it takes longer than all else here, and some say that .js is text/plain, which a
# browser that is told not to sniff refuses to run.
_TYPES = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".json": "application/json; charset=utf-8",
    ".mjs": "text/javascript",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
_OTHER = "text/plain"  # licences


class Kept(NamedTuple):
    """A file in memory. `changed` tells whether the disk still has it so; `packed` is None where it gains little."""

    changed: tuple[int, int]
    plain: Response
    packed: Response | None


class Files:
    """ASGI application: the files of a directory, and of those below it, by their paths.

    `also` has other paths at which some of them are too. No link is followed, so none leads elsewhere.
    """

    def __init__(self, directory: Path, also: Mapping[str, str]) -> None:
        files = [path for path in directory.rglob("*") if path.is_file() and not path.is_symlink()]
        self._paths = {f"/{path.relative_to(directory).as_posix()}": path for path in files}
        self._paths |= {path: self._paths[file] for path, file in also.items()}
        self._kept: dict[Path, Kept] = {}
        self._reading = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request for a file.   Raises: HTTPException, 404 and 405."""
        path = self._paths.get(scope["path"])
        if path is None:
            raise HTTPException(404)
        if scope["method"] not in _METHODS:
            raise HTTPException(405, headers={"allow": ", ".join(_METHODS)})
        kept, asked = await self._current(path), Headers(scope=scope)
        answer = kept.plain
        if kept.packed and takes_gzip(",".join(asked.getlist("accept-encoding"))):
            answer = kept.packed
        if matches(",".join(asked.getlist("if-none-match")), answer.headers["etag"]):
            # Of what an answer says of a content, only its length and kind are left out: there is none.
            told = {name: value for name, value in answer.headers.items() if name in ("etag", "vary")}
            answer = Response(status_code=304, headers=told)
        await answer(scope, receive, send)

    async def _current(self, path: Path) -> Kept:
        """The file as it is on the disk.   Raises: HTTPException, where it has gone since."""
        try:
            changed = _changed(path.stat())
            kept = self._kept.get(path)
            if kept is not None and kept.changed == changed:
                return kept
            async with self._reading:  # one at a time, and what others wait for is not read again
                kept = self._kept.get(path)
                if kept is None or kept.changed != changed:
                    kept = self._kept[path] = await asyncio.to_thread(read, path)
                return kept
        except OSError:
            self._kept.pop(path, None)
            raise HTTPException(404) from None


def _changed(found: os.stat_result) -> tuple[int, int]:
    return found.st_mtime_ns, found.st_size


def read(path: Path) -> Kept:
    """The file, plain and packed.   Raises: OSError."""
    with path.open("rb") as file:
        changed = _changed(os.fstat(file.fileno()))
        content = file.read()
    tag = hashlib.sha256(content).hexdigest()[:_TAG_DIGITS]
    packed = gzip.compress(content, _COMPRESSION_LEVEL, mtime=0)
    if len(packed) > _WORTH_PACKING * len(content):
        return Kept(changed, _answer(path, content, {"etag": f'"{tag}"'}), None)
    plain = {"etag": f'"{tag}"', "vary": "accept-encoding"}
    # Other bytes, so another tag: a cache that holds one form must not take it for the other.
    other = plain | {"etag": f'"{tag}-gzip"', "content-encoding": "gzip"}
    return Kept(changed, _answer(path, content, plain), _answer(path, packed, other))


def _answer(path: Path, content: bytes, headers: Mapping[str, str]) -> Response:
    return Response(content, headers=headers, media_type=_TYPES.get(path.suffix, _OTHER))


def takes_gzip(accepted: str) -> bool:
    """Whether who sent this Accept-Encoding reads gzip, or anything, and not with a weight of zero."""
    weights = dict(_CODING.findall(accepted.replace(" ", "").lower()))
    weight = weights.get("gzip", weights.get("*"))
    return weight is not None and float(weight or 1) > 0


def matches(tags: str, tag: str) -> bool:
    """Whether `tag` is among those of an If-None-Match. One that a proxy has weakened is as good."""
    return any(it.strip().removeprefix("W/") in (tag, "*") for it in tags.split(",")) if tags else False
