"""The settings as one TOML file a person can read: written with comments, read with clear errors.

Rule: a wrong file is never overwritten and never half used; the error names the line, the key, the
value and the limit.
"""

from __future__ import annotations

import difflib
import os
import tempfile
from pathlib import Path
from typing import Any

import platformdirs
import tomlkit
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from tomlkit.exceptions import TOMLKitError

from calmvoice import language
from calmvoice.errors import LanguageError, SettingsError
from calmvoice.settings import Settings
from calmvoice.toml_lines import line_of


def default_path() -> Path:
    """Return where the settings live for this user."""
    return platformdirs.user_config_path("calmvoice") / "settings.toml"


def load(path: Path) -> Settings:
    """Read the settings; raises ``SettingsError`` for the first thing that is wrong."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: cannot be read ({error})") from error
    try:
        values = tomlkit.parse(text).unwrap()
    except TOMLKitError as error:
        raise SettingsError(f"{path}: {error}", "Mend the line, or move the file away.") from error
    return check(values, str(path), text)


def load_or_default(path: Path) -> Settings:
    """Read the settings if there are any."""
    return load(path) if path.exists() else Settings()


def check(values: dict[str, Any], name: str, text: str = "") -> Settings:
    """Build settings from plain values; raises ``SettingsError`` that says key, value and limit.

    ``text`` is the file they stand in, by whose lines faults are told.
    """
    try:
        return Settings.model_validate(_with_first_words(values))
    except ValidationError as error:
        told = (
            (f"line {line_of(text, detail['loc'])}: " if text else "") + explain(detail, Settings)
            for detail in error.errors()
        )
        raise SettingsError(f"{name}: " + "; ".join(told)) from error


def without_agreement(settings: Settings) -> Settings:
    """Return the settings as they are before anybody agreed."""
    return check(settings.model_dump(exclude={"agreement", "reminders"}), "the settings")


def save(path: Path, settings: Settings) -> None:
    """Write the settings with their comments, replacing the file in one step."""
    write_whole(path, to_toml(settings))


def write_whole(path: Path, text: str) -> None:
    """Replace a file in one step, or leave it as it was; raises ``SettingsError``."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".settings-")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(path)
        except BaseException:  # Ctrl-C too
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise SettingsError(f"{path}: cannot be written ({error.strerror})") from error


def to_toml(settings: Settings) -> str:
    """Return the file's text, each key under the comment that explains it."""
    document = tomlkit.document()
    document.add(tomlkit.comment("CalmVoice: settings and agreement. Change them when it is calm."))
    for name in Settings.model_fields:
        part: BaseModel = getattr(settings, name)
        table = tomlkit.table()
        table.add(tomlkit.comment((part.__doc__ or "").strip().splitlines()[0]))
        for key, field in type(part).model_fields.items():
            table.add(tomlkit.nl())
            table.add(tomlkit.comment((field.description or "") + _range(field.metadata)))
            table.add(key, getattr(part, key))
        document.add(tomlkit.nl())
        document.add(name, table)
    return tomlkit.dumps(document)


def _with_first_words(values: dict[str, Any]) -> dict[str, Any]:
    """Let a language's own words stand where nothing was agreed on; the defaults are English."""
    computer, agreement = values.get("computer", {}), values.get("agreement", {})
    used = computer.get("language", "en") if isinstance(computer, dict) else "en"
    if used == "en" or not isinstance(used, str) or not isinstance(agreement, dict):
        return values
    try:
        first = language.load(used).first
    except LanguageError:
        return values  # whoever needs its words will say what is wrong with it
    return {**values, "agreement": {**first, **agreement}}


def _range(metadata: list[Any]) -> str:
    low = next((item.ge for item in metadata if hasattr(item, "ge")), None)
    high = next((item.le for item in metadata if hasattr(item, "le")), None)
    return f" From {low:g} to {high:g}." if low is not None and high is not None else ""


def explain(detail: ErrorDetails, root: type[BaseModel]) -> str:
    """Put one thing that is wrong into words: key, value and limit; ``root`` is the whole file."""
    key = ".".join(str(part) for part in detail["loc"])
    value, context = detail["input"], detail.get("ctx", {})
    match detail["type"]:
        case "extra_forbidden":
            return f"{key} is not known{_near(detail['loc'], root)}"
        case "greater_than_equal":
            return f"{key} is {value!r}: the least is {context['ge']:g}"
        case "less_than_equal":
            return f"{key} is {value!r}: the most is {context['le']:g}"
        case "string_too_long":
            return f"{key} has {len(value)} characters: the most is {context['max_length']}"
        case "string_too_short":
            return f"{key} is empty"
        case "too_long":
            return f"{key} has {len(value)} entries: the most is {context['max_length']}"
        case "missing":
            return f"{key} is missing"
        case "literal_error":
            return f"{key} is {value!r}: it must be {context['expected']}"
        case "value_error":
            return f"{key}: {context['error']}"
    return f"{key} is {value!r}: {detail['msg'].lower()}"


def _near(location: tuple[int | str, ...], model: type[BaseModel]) -> str:
    for part in location[:-1]:
        annotation = model.model_fields[str(part)].annotation
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            model = annotation
    near = difflib.get_close_matches(str(location[-1]), model.model_fields, n=1)
    return f"; did you mean {near[0]}?" if near else f"; there are {', '.join(model.model_fields)}"
