"""Discord's official OpenAPI document, as a judge of requests and of the fake's answers.

problems(seen)      what the document says against a request that the fake saw, and against the answer it gave
The document is not part of the project: FileNotFoundError where there is none.
"""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, cast

from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from tests.fakes.discord import undocumented
from tests.fakes.discord.values import JSON, Seen
from tests.fakes.discourse.openapi import contract

NAME = "discord-openapi.json"
URN = "urn:discord"
LISTS = ("roles", "users", "sticker_ids", "applied_tags")


@cache
def document() -> Mapping[str, Any]:
    """The document."""
    return json.loads(contract(NAME).read_text(encoding="utf-8"))


@cache
def registry() -> Any:
    """Where references lead: all of them into the document."""
    whole = _absolute(document())
    return Registry().with_resource(URN, Resource.opaque(whole))


def _absolute(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            name: f"{URN}{each}" if name == "$ref" and str(each).startswith("#/") else _absolute(each)
            for name, each in value.items()
        }
    return [_absolute(each) for each in value] if isinstance(value, list) else value


@cache
def _judge(*path: str) -> Draft202012Validator:
    """A validator of one schema of the document, by where it stands."""
    schema: Any = document()
    for part in path:
        schema = schema[int(part) if isinstance(schema, list) else part]
    return Draft202012Validator(_absolute(schema), registry=registry())


def problems(seen: Seen) -> list[str]:
    """What is wrong with a request and its answer: path, query, body, status, shape."""
    template = operation(seen.method, seen.path)
    if template is None:
        return [f"{seen.method} {seen.path}: no such endpoint"]
    found = [*_query(seen, template), *_body(seen, template)]
    if seen.status and not seen.fault:
        found += _answer(seen, template)
    return [
        f"{seen.method} {template}: {each}"
        for each in found
        if not undocumented.known(seen.method, template, each)
    ]


def misshapen(value: Any, schema: str) -> list[str]:
    """What speaks against something that the gateway tells, whose parts alone are in the document."""
    return list(_wrong(_judge("components", "schemas", schema), value, schema))


def operation(method: str, path: str) -> str | None:
    """The template that a path fits; a literal one before one with placeholders."""
    for template, operations in sorted(document()["paths"].items(), key=lambda pair: pair[0].count("{")):
        pattern = re.sub(r"\\{\w+\\}", r"[^/]+", re.escape(template))
        if re.fullmatch(pattern, path) and method.lower() in operations:
            return template
    return None


def _operation(seen: Seen, template: str) -> Mapping[str, Any]:
    return document()["paths"][template][seen.method.lower()]


def _query(seen: Seen, template: str) -> Iterator[str]:
    """Parameters: unknown ones, and values that do not read as their type."""
    listed = _operation(seen, template).get("parameters", [])
    known = {each["name"]: at for at, each in enumerate(listed) if each["in"] == "query"}
    for name, value in seen.query.items():
        if name not in known:
            yield f"no such parameter: {name}"
            continue
        judge = _judge("paths", template, seen.method.lower(), "parameters", str(known[name]), "schema")
        if not any(judge.is_valid(each) for each in _readings(value)):
            yield f"{name} is {value!r}"


def _readings(text: str) -> Iterator[Any]:
    """What a text in a query may mean."""
    yield text
    if re.fullmatch(r"-?\d{1,15}", text):
        yield int(text)
    if text in ("0", "1", "true", "false"):
        yield text in ("1", "true")


def _body(seen: Seen, template: str) -> Iterator[str]:
    content = _operation(seen, template).get("requestBody", {}).get("content", {})
    if not content:
        if seen.body not in (None, {}):
            yield "a body where there is none"
        return
    if seen.body is None:
        if _operation(seen, template)["requestBody"].get("required"):
            yield "there is no body"
        return
    path = ("paths", template, seen.method.lower(), "requestBody", "content", "application/json", "schema")
    yield from _wrong(_judge(*path), _texts(seen.body), "body")


def _texts(value: Any) -> Any:
    """With snowflakes as texts: discord.py writes some as numbers, and Discord takes both."""
    if isinstance(value, list):
        return [_texts(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {name: _snowflake(name, each) for name, each in cast("JSON", value).items()}


def _snowflake(name: str, value: Any) -> Any:
    if isinstance(value, list) and name in LISTS:
        return [str(each) if isinstance(each, int) else each for each in value]
    if isinstance(value, list) and name == "attachments":
        return [_texts({**each, "id": str(each.get("id"))}) for each in value]
    long = isinstance(value, int) and value >= 2**31
    return str(value) if long and (name == "id" or name.endswith("_id")) else _texts(value)


def _answer(seen: Seen, template: str) -> Iterator[str]:
    """The status is one of the documented, and the body has its shape."""
    answers = _operation(seen, template)["responses"]
    status = str(seen.status)
    if status not in answers:
        status = next((each for each in ("4XX", "5XX") if each[0] == status[0] and each in answers), "")
        if not status:
            yield f"answer: no such status: {seen.status}"
            return
    found = answers[status]
    path: tuple[str, ...] = ("paths", template, seen.method.lower(), "responses", status)
    if "$ref" in found:
        path = tuple(found["$ref"].removeprefix("#/").split("/"))
        found = document()["components"]["responses"][path[-1]]
    if not found.get("content"):
        if seen.answer is not None:
            yield f"answer: {seen.status} has no body"
        return
    yield from _wrong(_judge(*path, "content", "application/json", "schema"), seen.answer, "answer")


def _wrong(judge: Draft202012Validator, value: Any, what: str) -> Iterator[str]:
    """What a validator says; of alternatives, what speaks against the nearest."""
    for error in judge.iter_errors(value):
        nearest = error
        while nearest.context:
            nearest = min(nearest.context, key=lambda each: (-len(each.absolute_path), len(each.message)))
        at = ".".join(str(each) for each in nearest.absolute_path)
        yield f"{what}{'.' if at else ''}{at}: {nearest.message[:300]}"
