"""The first look at a file from outside: too large, disguised, in another encoding or with programs, it is refused."""

import re
from io import BytesIO
from zipfile import ZipFile, ZipInfo

from chatbot.errors import ExchangeError
from chatbot.knowledge.exchange_model import Entry

#: The largest file that is read, and the largest that a packed one (Excel, Word) may become, in bytes.
MAX_BYTES = 10_000_000
MAX_UNPACKED = 60_000_000
MAX_PARTS = 2_000
#: Honest spreadsheets and documents shrink to a tenth or so; a bomb to a thousandth.
MAX_RATIO = 200

MAX_ENTRIES = 5_000
MAX_TEXT = 50_000

_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_MACROS = re.compile(r"vbaproject|macrosheets|activex|\.bin$", re.IGNORECASE)
_PLAIN_PARTS = re.compile(r"printersettings", re.IGNORECASE)
_ENTITIES = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_SAVE_AS_UTF8 = "Save it as UTF-8 (in Excel: 'CSV UTF-8'; in an editor: encoding UTF-8) and try again."


def text_of(data: bytes, name: str) -> str:
    """The text of a file in UTF-8.

    Raises:
        ExchangeError: it is too large, in another encoding, or no text.
    """
    _refuse_size(data, name)
    if data.startswith(_UTF_16) or data[:400].count(0) > len(data[:400]) // 4:
        raise ExchangeError(f"{name} is in UTF-16. {_SAVE_AS_UTF8}")
    if data.startswith((b"PK", _OLD_OFFICE)) or b"\0" in data[:4000]:
        raise ExchangeError(f"{name} is no text file, whatever its name says. Export it anew from its program.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ExchangeError(f"{name} is not in UTF-8 (line {line}), maybe in Windows-1252. {_SAVE_AS_UTF8}") from None
    text = text.replace("\0", "")
    if not text.strip():
        raise ExchangeError(f"{name} is empty.")
    return text


def package_of(data: bytes, name: str) -> ZipFile:
    """The parts of an Excel or Word file.

    Raises:
        ExchangeError: it is too large, packed or unpacked, has macros, a password or XML entities, or is no such file.
    """
    _refuse_size(data, name)
    if data.startswith(_OLD_OFFICE):
        raise ExchangeError(f"{name} is in the old format of Office, or has a password. Save it as .xlsx or .docx.")
    try:
        package = ZipFile(BytesIO(data))
        parts = package.infolist()
        _refuse_bomb(parts, name)
        _refuse_macros(package, parts, name)
    except ExchangeError:
        raise
    except Exception as error:  # noqa: BLE001 - zipfile and its decompressors have many, and none may get out
        raise ExchangeError(f"{name} is damaged or no Office file ({type(error).__name__}). Save it anew.") from None
    return package


def refuse_many(entries: list[Entry], name: str) -> None:
    """Refuse more entries, or longer texts, than any clinic writes.

    Raises:
        ExchangeError: there are.
    """
    if len(entries) > MAX_ENTRIES:
        raise ExchangeError(f"{name} has {len(entries)} questions; at most {MAX_ENTRIES} are read. Split the file.")
    for entry in entries:
        if max(len(text) for text in (entry.question, entry.answer, *entry.phrasings)) > MAX_TEXT:
            raise ExchangeError(f"{name}, row {entry.place}: a text has more than {MAX_TEXT} letters. Shorten it.")


def _refuse_size(data: bytes, name: str) -> None:
    if len(data) > MAX_BYTES:
        size = len(data) / 1_000_000
        raise ExchangeError(f"{name} has {size:.0f} MB; at most {MAX_BYTES // 1_000_000} MB are read. Split the file.")
    if not data.strip():
        raise ExchangeError(f"{name} is empty.")


def _refuse_bomb(parts: list[ZipInfo], name: str) -> None:
    """What the parts say of their sizes holds: zipfile reads no further."""
    unpacked = sum(part.file_size for part in parts)
    packed = max(sum(part.compress_size for part in parts), 1)
    if len(parts) > MAX_PARTS or unpacked > MAX_UNPACKED or (unpacked > MAX_BYTES and unpacked / packed > MAX_RATIO):
        limit = f"{MAX_UNPACKED // 1_000_000} MB in {MAX_PARTS} parts, and {MAX_RATIO} times its packed size"
        raise ExchangeError(
            f"{name} would unpack to {unpacked / 1_000_000:.0f} MB in {len(parts)} parts; at most {limit}."
        )
    if any(part.flag_bits & 1 for part in parts):
        raise ExchangeError(f"{name} has a password. Remove it and try again.")


def _refuse_macros(package: ZipFile, parts: list[ZipInfo], name: str) -> None:
    names = [part.filename for part in parts if not _PLAIN_PARTS.search(part.filename)]
    types = package.read("[Content_Types].xml") if "[Content_Types].xml" in names else b""
    if any(_MACROS.search(part) for part in names) or b"macroenabled" in types.lower():
        raise ExchangeError(f"{name} carries macros, which are programs. Save it without them (.xlsx or .docx).")
    for part in parts:
        if part.filename.lower().endswith((".xml", ".rels")):
            with package.open(part) as stream:
                if _ENTITIES.search(stream.read(2_000)):
                    raise ExchangeError(f"{name} defines XML entities, which Office never does. It is refused.")
