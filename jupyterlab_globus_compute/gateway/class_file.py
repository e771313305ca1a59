"""The class file of a folder, `class.compute.json`: what it may say, and reading it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator

CLASS_FILE_NAME = "class.compute.json"

MAX_CLASS_FILE_BYTES = 256 * 1024

_SCHEMA = Path(__file__).with_name("class_file.schema.json")
_MAX_PROBLEMS = 10
_WHOLE = "the file"


class ClassFileInvalidError(Exception):
    """The text is no class file; `problems` say why, one sentence each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class ClassLimits:
    """What a class allows a student, on top of what is allowed anyway. None: nothing less."""

    tasks: int | None = None
    payload_bytes: int | None = None
    walltime_s: float | None = None


@dataclass(frozen=True)
class ClassFile:
    """A checked class file; `content` is its JSON object."""

    text: str
    content: dict[str, Any]

    @property
    def hash(self) -> str:
        """SHA-256 of the text, in hex: what is accepted is exactly this."""
        return hash_of(self.text)

    @property
    def class_id(self) -> str:
        """The UUID of the class, which stays when the file changes."""
        return str(self.content["id"]).lower()

    @property
    def service(self) -> str:
        """The name of the service."""
        return str(self.content["service"])

    @property
    def limits(self) -> ClassLimits:
        """What the class allows."""
        limits = self.content.get("limits", {})
        return ClassLimits(
            tasks=limits.get("tasks"),
            payload_bytes=limits.get("payloadBytes"),
            walltime_s=limits.get("walltimeSeconds"),
        )


def hash_of(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8, in hex."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def read_class_file(text: str) -> ClassFile:
    """Check the text of a class file. Raises `ClassFileInvalidError`."""
    if len(text.encode("utf-8", "surrogatepass")) > MAX_CLASS_FILE_BYTES:
        raise ClassFileInvalidError([f"{_WHOLE} is larger than {MAX_CLASS_FILE_BYTES:,} bytes"])
    try:
        content = json.loads(text, parse_constant=_refuse_constant)
        # JSON can write half of a character, which nothing can store.
        json.dumps(content, ensure_ascii=False).encode()
    except RecursionError:
        raise ClassFileInvalidError([f"{_WHOLE} is nested too deeply"]) from None
    except ValueError as error:
        raise ClassFileInvalidError([f"{_WHOLE} is not JSON ({error})"]) from None
    problems = find_problems(content)
    if problems:
        raise ClassFileInvalidError(problems)
    return ClassFile(text, content)


def read_accepted(text: str) -> ClassFile:
    """Read the text of a class file that was accepted, and so was checked then."""
    return ClassFile(text, json.loads(text))


def text_in(folder: Path) -> str | None:
    """Return the text of a folder's class file; None if it has none, as the server reads it.

    Of one that is too large, enough to be refused.
    """
    path = folder / CLASS_FILE_NAME
    try:
        # A pipe of that name would never end.
        if not path.is_file():
            return None
        with path.open("rb") as file:
            data = file.read(MAX_CLASS_FILE_BYTES + 1)
        # The end of a cut text may be half of a character.
        return data.decode("utf-8", "replace" if len(data) > MAX_CLASS_FILE_BYTES else "strict")
    except (OSError, UnicodeDecodeError):
        return None


def find_problems(content: object) -> list[str]:
    """Return where a JSON value is not what the schema of class files asks for, in words."""
    errors = sorted(_validator().iter_errors(content), key=lambda error: list(map(str, error.path)))
    problems = [
        f"{_place(error.absolute_path)}: {_words(error.message)}"
        for error in errors[:_MAX_PROBLEMS]
    ]
    return problems or _repeated_names(content)


def _repeated_names(content: Any) -> list[str]:
    names = [function["name"] for function in content.get("functions", ())]
    return [
        f"functions: two of them are called {name}"
        for name in dict.fromkeys(names)
        if names.count(name) > 1
    ]


@cache
def _validator() -> Draft202012Validator:
    # It takes up to a second to import, which a cell of a class should not wait for.
    from jsonschema import Draft202012Validator  # noqa: PLC0415

    return Draft202012Validator(json.loads(_SCHEMA.read_text(encoding="utf-8")))


def _place(path: Any) -> str:
    return ".".join(map(str, path)) or _WHOLE


def _words(message: str, limit: int = 200) -> str:
    return message if len(message) <= limit else f"{message[:limit]}…"


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON value")
