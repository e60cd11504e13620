"""The forum's official API document, as a judge of requests and, loosely, of answers.

problems(seen)                     what the document says against a request that the fake saw
differences(method, path, body)    what it says against an answer
The document is not part of the project: FileNotFoundError where there is none.
"""

import json
import os
import re
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any, cast

from tests.fakes.discourse import undocumented
from tests.fakes.discourse.values import Seen
from tests.house import ROOT

NAME = "discourse-openapi.json"
Schema = Mapping[str, Any]


@cache
def document() -> Mapping[str, Any]:
    """The document."""
    return json.loads(contract(NAME).read_text(encoding="utf-8"))


def contract(name: str) -> Path:
    """What others laid down, from the folder that SHARED names, or from the one beside the project."""
    for folder in (Path(os.environ.get("SHARED", "nowhere")), ROOT.parent / "shared"):  # noqa: TID251 no setting
        if (folder / "contracts" / name).exists():
            return folder / "contracts" / name
    raise FileNotFoundError(
        f"no contracts/{name} in the folder that SHARED names, nor in shared beside the project"
    )


def problems(seen: Seen) -> list[str]:
    """What is wrong with a request: its path, its parameters, their types."""
    where = f"{seen.method} {seen.path}"
    extra = undocumented.endpoint(seen.method, seen.path)
    if extra is not None:
        unknown = sorted(name for name in {**seen.query, **seen.body} if not extra.allows(name))
        return [f"{where}: no such parameter: {name}" for name in unknown]
    named = _operation(seen.method, seen.path)
    if named is None:
        return [f"{where}: no such endpoint"]
    template, operation = named
    more = undocumented.parameters(seen.method, template)
    return [f"{where}: {each}" for each in (*_headers(operation, seen), *_values(operation, seen, more))]


def _operation(method: str, path: str) -> tuple[str, Mapping[str, Any]] | None:
    """The template that the path fits, and its operation; a literal template before one with placeholders."""
    for template, operations in sorted(document()["paths"].items(), key=lambda pair: pair[0].count("{")):
        pattern = re.sub(r"\\{\w+\\}", r"[^/]+", re.escape(template))
        if re.fullmatch(pattern, path) and method.lower() in operations:
            return template, operations[method.lower()]
    return None


def _headers(operation: Mapping[str, Any], seen: Seen) -> Iterator[str]:
    for each in operation.get("parameters", []):
        if each["in"] == "header" and each.get("required") and each["name"] not in seen.headers:
            yield f"header {each['name']} is missing"


def _values(operation: Mapping[str, Any], seen: Seen, more: frozenset[str]) -> Iterator[str]:
    """Against query and body: what is unknown, missing or of the wrong type."""
    query = {
        each["name"]: each.get("schema", {}) for each in operation.get("parameters", []) if each["in"] == "query"
    }
    content = operation.get("requestBody", {}).get("content", {})
    body: Schema = next(iter(content.values()))["schema"] if content else {}
    properties: Mapping[str, Schema] = body.get("properties", {})
    yield from _each(seen.query, query | (dict(properties) if seen.method == "GET" else {}), more, text=True)
    yield from _each(seen.body, properties, more, text=seen.form is not None)
    given = seen.query if seen.method == "GET" else seen.body
    for name in body.get("required", []):
        if name.removesuffix("[]") not in given and name not in given:
            yield f"{name} is missing"
    kind = seen.headers.get("Content-Type", "")
    if "multipart/form-data" in content and not kind.startswith("multipart/form-data"):
        yield "the body has to be multipart"


def _each(
    given: Mapping[str, Any], known: Mapping[str, Schema], more: frozenset[str], *, text: bool, at: str = ""
) -> Iterator[str]:
    known = {name.removesuffix("[]"): schema for name, schema in known.items()}
    for name, value in given.items():
        full = f"{at}{name.removesuffix('[]')}"
        schema = known.get(name.removesuffix("[]"))
        if schema is None:
            if full not in more:
                yield f"no such parameter: {full}"
        elif isinstance(value, dict) and "properties" in schema:
            below = cast("dict[str, Any]", value)
            yield from _each(below, schema["properties"], more, text=text, at=f"{full}.")
        elif isinstance(value, list):
            for item in cast("list[Any]", value):
                yield from _fits(full, item, schema, text=text)
        else:
            yield from _fits(full, value, schema, text=text)


def _fits(name: str, value: Any, schema: Schema, *, text: bool) -> Iterator[str]:
    """Against one value. What comes from a form or a query is text: then it has to read as the type."""
    kinds = _kinds(schema)
    if text and isinstance(value, str):
        patterns = {"integer": r"-?\d+", "boolean": r"true|false", "number": r"-?\d+(\.\d+)?"}
        if kinds and not any(re.fullmatch(patterns.get(kind, r"(?s).*"), value) for kind in kinds):
            yield f"{name} is {value!r}, not {' or '.join(kinds)}"
    elif isinstance(value, str | int | float | list | dict) and kinds and not _is(value, kinds):
        yield f"{name} is {value!r}, not {' or '.join(kinds)}"
    if "enum" in schema and value not in schema["enum"]:
        yield f"{name} is {value!r}, none of {', '.join(map(str, schema['enum']))}"


def _kinds(schema: Schema) -> list[str]:
    kinds = schema.get("type", [])
    return [kinds] if isinstance(kinds, str) else list(kinds)


def _is(value: Any, kinds: list[str]) -> bool:
    """Whether a JSON value has one of the types."""
    types: dict[str, tuple[type, ...]] = {
        "string": (str,),
        "integer": (int,),
        "number": (int, float),
        "boolean": (bool,),
        "array": (list,),
        "object": (dict,),
        "null": (type(None),),
    }
    if isinstance(value, bool):
        return "boolean" in kinds
    return any(isinstance(value, types[kind]) for kind in kinds)


def differences(method: str, path: str, body: Any) -> list[str]:
    """What an answer lacks or has of another type, the document's known errors apart."""
    named = _operation(method, path)
    if named is None:
        return [f"{method} {path}: no such endpoint"]
    template, operation = named
    answer = operation["responses"]["200"]
    schema = answer["content"]["application/json"]["schema"] if "content" in answer else {}
    lies = [pattern for verb, where, pattern in undocumented.LIES if (verb, where) == (method, template)]
    return [text for at, text in _shape(body, schema, "") if not any(fnmatchcase(at, lie) for lie in lies)]


def _shape(value: Any, schema: Schema, at: str) -> Iterator[tuple[str, str]]:
    kinds = _kinds(schema)
    if kinds and not _is(value, kinds):
        yield at, f"{at} is {value!r}, not {' or '.join(kinds)}"
    elif isinstance(value, dict):
        fields = cast("dict[str, Any]", value)
        for name in schema.get("required", []):
            if name not in fields:
                yield f"{at}.{name}".strip("."), f"{at}.{name} is missing".strip(".")
        for name, below in schema.get("properties", {}).items():
            if name in fields:
                yield from _shape(fields[name], below, f"{at}.{name}".strip("."))
    elif isinstance(value, list) and isinstance(schema.get("items"), dict):
        for item in cast("list[Any]", value):
            yield from _shape(item, schema["items"], f"{at}.*".strip("."))
