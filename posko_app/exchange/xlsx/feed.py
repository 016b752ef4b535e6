"""XML parsing without its dangers: no document types, UTF-8 only, no giant tags."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import IO, TypeAlias
from xml.parsers import expat

Start: TypeAlias = Callable[[str, dict[str, str]], None]
End: TypeAlias = Callable[[str], None]
Text: TypeAlias = Callable[[str], None]

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main "
_STRICT = {
    "http://purl.oclc.org/ooxml/spreadsheetml/main": MAIN.strip(),
    "http://purl.oclc.org/ooxml/officeDocument/relationships": (
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    ),
}
_CHUNK = 64 * 1024
_LONGEST_TAG = 256 * 1024


def _no_document_type(*_: object) -> None:
    raise ValueError("document type in a workbook")


def feed(stream: IO[bytes], start: Start, end: End | None = None, text: Text | None = None) -> None:
    """Parse a whole stream. Names come as `namespace local`; ValueError, ExpatError if hostile."""
    for _ in feed_steps(stream, start, end, text):
        pass


def feed_steps(
    stream: IO[bytes], start: Start, end: End | None = None, text: Text | None = None
) -> Iterator[None]:
    """Parse a stream step by step, so that what was collected can be taken between the steps."""
    # the encoding is set, not taken from the file: names of encodings are an attack of their own
    parser = expat.ParserCreate("UTF-8", " ")
    parser.buffer_text = True
    parser.buffer_size = _CHUNK
    parser.StartDoctypeDeclHandler = _no_document_type
    parser.EntityDeclHandler = _no_document_type
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    fed = 0
    while chunk := stream.read(_CHUNK):
        parser.Parse(chunk, False)
        fed += len(chunk)
        # an unfinished tag is parsed again with every chunk: a giant one would take hours
        if fed - parser.CurrentByteIndex > _LONGEST_TAG:
            raise ValueError("a giant tag")
        yield
    parser.Parse(b"", True)
    yield


def plain_name(name: str) -> str:
    """`namespace local` with the namespaces of the strict variant put as the usual ones."""
    space, _, local = name.rpartition(" ")
    return f"{_STRICT.get(space, space)} {local}"
