"""What the bytes of a file are: text in some encoding; or something else, refused by its name with what to do."""

import codecs
import io
import re
from collections.abc import Generator
from typing import NamedTuple, TextIO

from app.documents.problems import BadRequest, UnsupportedMediaType
from app.tables.choices import ENCODINGS

_MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_SAVE = "open it where it was made, and save it as CSV"
_AS_ONNX = "a model is opened here as ONNX, or by its weights as JSON"
_UNPACK = "unpack it, and bring what was inside"
# What the first bytes of a file say that it is, and what to do.
_SIGNATURES = {
    b"\xd0\xcf\x11\xe0": ("an old workbook (xls)", _SAVE),
    b"PAR1": ("a Parquet file", "write it as CSV, such as by pandas.read_parquet(…).to_csv(…, index=False)"),
    b"ARROW1": ("an Arrow file", "write it as CSV, such as by pandas.read_feather(…).to_csv(…, index=False)"),
    b"\x89HDF\r\n": ("an HDF5 file", f"write the table in it as CSV; {_AS_ONNX}"),
    b"\x93NUMPY": (
        "a NumPy array (npy)",
        'write it as CSV, such as by numpy.savetxt("data.csv", array, delimiter=",")',
    ),
    b"MATLAB 5.0": ("a MATLAB file (mat)", "write the matrix in it as CSV, such as by writematrix"),
    b"SQLite format 3": ("a database (SQLite)", "write one of its tables as CSV"),
    b"%PDF": ("a PDF", "copy the table in it, and paste it as text"),
    b"{\\rtf": ("a text document (rtf)", "copy the table in it, and paste it as text"),
    b"\x89PNG": ("a picture (PNG)", "bring a CSV file with a number for each pixel"),
    b"\xff\xd8\xff": ("a picture (JPEG)", "bring a CSV file with a number for each pixel"),
    b"GIF8": ("a picture (GIF)", "bring a CSV file with a number for each pixel"),
    b"\x00\x00\x08\x03": ("pictures in the IDX format", "bring a CSV file with a picture a line"),
    b"\x00\x00\x08\x01": ("labels in the IDX format", "bring a CSV file with a picture and its label a line"),
    b"\x1f\x8b": ("a compressed file (gzip)", _UNPACK),
    b"BZh": ("a compressed file (bzip2)", _UNPACK),
    b"\xfd7zXZ": ("a compressed file (xz)", _UNPACK),
    b"\x28\xb5\x2f\xfd": ("a compressed file (zstd)", _UNPACK),
    b"7z\xbc\xaf": ("an archive (7z)", _UNPACK),
    b"Rar!": ("an archive (rar)", _UNPACK),
    b"\x80\x04\x95": ("a Python pickle", f"write the table in it as CSV; {_AS_ONNX}"),
    b"\x80\x05\x95": ("a Python pickle", f"write the table in it as CSV; {_AS_ONNX}"),
    b"version https://git-lfs": ("a pointer to a file in Git LFS", "fetch the file itself with git lfs pull"),
}
# What the names of its first members say of a zip archive.
_MEMBERS = {
    b"xl/": ("a workbook (xlsx)", _SAVE),
    b"opendocument.spreadsheet": ("a workbook (ods)", _SAVE),
    b"Index/Document.iwa": ("a workbook (numbers)", _SAVE),
    b"word/": ("a text document (docx)", "copy the table in it, and paste it as text"),
    b".pkl": ("a PyTorch model (pt)", _AS_ONNX),
    b"metadata.json": ("a Keras model (keras)", _AS_ONNX),
    b".npy": ("NumPy arrays (npz)", "write them as CSV, such as by numpy.savetxt"),
}
_MARKUP = re.compile(rb"\s*(?:<!doctype\s+html|<html|<table|<head|<body|<\?xml|<svg|<div|<script)", re.IGNORECASE)
_NOT_TEXT = "this is not text; what can be read is CSV, with one example a line, or JSON"
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_SAMPLE_BYTES = 4096
_BLOCK_BYTES = 1 << 18
_CHARACTER_BYTES = {"utf-16-le": 2, "utf-16-be": 2}


class Text(NamedTuple):
    """The bytes of a text, and how they are read."""

    body: bytes
    encoding: str  # a name of ENCODINGS
    note: str | None = None

    def opened(self) -> TextIO:
        """Its lines, with their ends, from the first; the text is never in memory as a whole."""
        return io.TextIOWrapper(io.BytesIO(self.body), ENCODINGS[self.encoding], "replace", newline="")


def text(body: bytes, encoding: str | None) -> Generator[None, None, Text]:
    """The text that a file is. An encoding not given is found.   Raises: BadRequest, UnsupportedMediaType."""
    if not body.strip(b" \t\r\n\x00\xef\xbb\xbf\xff\xfe"):
        raise BadRequest("there is nothing in this file; rows of numbers are needed, one example a line")
    _demand_text(body)
    if encoding is not None:
        if (yield from _is_wrong(body, ENCODINGS[encoding])):
            raise BadRequest(f"the file is not in {encoding}; leave the encoding out, and it is found")
        return _sane(Text(body, encoding))
    for mark, name in _MARKS.items():
        if body.startswith(mark) and not (yield from _is_wrong(body, ENCODINGS[name])):
            return _sane(Text(body, name))
    wide = _wide(body[:_SAMPLE_BYTES])
    if wide is not None and not (yield from _is_wrong(body, ENCODINGS[wide])):
        return _sane(Text(body, wide))
    if not (yield from _is_wrong(body, "utf-8")):
        return _sane(Text(body, "utf-8"))
    if _CONTROL.search(body):
        raise UnsupportedMediaType(_NOT_TEXT)
    note = "the file is not in UTF-8, and was read as Windows-1252; where letters look wrong, name its encoding"
    return Text(body, "windows-1252", note)


def _demand_text(body: bytes) -> None:
    """Refuse what is known by its first bytes to be something else."""
    start = body[:_SAMPLE_BYTES]
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        known = next((it for name, it in _MEMBERS.items() if name in start), ("a zip archive", _UNPACK))
        raise _refused(*known)
    for signature, known in _SIGNATURES.items():
        if start.startswith(signature):
            raise _refused(*known)
    if _MARKUP.match(start.removeprefix(codecs.BOM_UTF8)):
        what = "XML" if b"<?xml" in start[:200] else "a web page (HTML)"
        raise _refused(what, "copy the table in it, and paste it as text")


def _refused(what: str, remedy: str) -> UnsupportedMediaType:
    return UnsupportedMediaType(f"this is {what}, not a table in text; {remedy}")


def _wide(start: bytes) -> str | None:
    """The encoding of two bytes a letter that has no mark, by where its zeros are."""
    even, odd = start[0::2].count(0), start[1::2].count(0)
    most = len(start) // 2
    if odd > most * 0.4 and even < most * 0.1:
        return "utf-16le"
    return "utf-16be" if even > most * 0.4 and odd < most * 0.1 else None


def _is_wrong(body: bytes, codec: str) -> Generator[None, None, bool]:
    """Whether the bytes are no text in that encoding."""
    if len(body) % _CHARACTER_BYTES.get(codec, 1):
        return True
    decoder = codecs.getincrementaldecoder(codec)()
    try:
        for start in range(0, len(body), _BLOCK_BYTES):
            decoder.decode(body[start : start + _BLOCK_BYTES], start + _BLOCK_BYTES >= len(body))
            yield
    except UnicodeError:
        return True
    return False


def _sane(found: Text) -> Text:
    """The same, unless it has letters that no text has.   Raises: UnsupportedMediaType."""
    is_wide = found.encoding.startswith("utf-16")
    has_zeros = b"\x00\x00" in found.body and "\x00" in found.opened().read() if is_wide else b"\x00" in found.body
    if has_zeros:
        raise UnsupportedMediaType(_NOT_TEXT)
    return found
