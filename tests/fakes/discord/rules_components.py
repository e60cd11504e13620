"""What buttons, selects, layouts and modals may be."""

from collections.abc import Iterator

from tests.fakes.discord.values import JSON

ROW, BUTTON, STRING_SELECT, TEXT_INPUT, SECTION, TEXT, CONTAINER, LABEL = 1, 2, 3, 4, 9, 10, 17, 18
SELECTS = (3, 5, 6, 7, 8)
MODERN = range(9, 18)
FIELDS = (4, 3, 5, 6, 7, 8, 19, 21, 22, 23)
"""What in a modal somebody fills in."""
Wrong = Iterator[tuple[str, str]]


def walk(given: list[JSON], at: str = "components") -> Iterator[tuple[str, JSON]]:
    """Every component, and where it stands."""
    for index, each in enumerate(given):
        here = f"{at}.{index}"
        yield here, each
        yield from walk(each.get("components") or [], f"{here}.components")
        for name in ("accessory", "component"):
            if each.get(name):
                yield f"{here}.{name}", each[name]


def components(given: list[JSON], *, modern: bool) -> Wrong:
    """What speaks against a message's components."""
    if not modern and len(given) > 5:
        yield "components", "Must be 5 or fewer in length."
    everything = list(walk(given))
    if modern and len(everything) > 40:
        yield "components", "The total number of components cannot exceed 40."
    if sum(len(each.get("content") or "") for _, each in everything if each.get("type") == TEXT) > 4000:
        yield "components", "The total length of text displays cannot exceed 4000."
    for at, each in enumerate(given):
        if not modern and each.get("type") != ROW:
            yield f"components.{at}.type", "Value must be one of (1,)."
    for where, each in everything:
        yield from _one(where, each, modern=modern)
    yield from _unique(everything)


def _one(where: str, each: JSON, *, modern: bool) -> Wrong:
    kind = each.get("type")
    if kind in MODERN and not modern:
        yield f"{where}.type", "Components of that type need MessageFlags.IS_COMPONENTS_V2."
    if kind == ROW:
        inner: list[JSON] = each.get("components") or []
        if not 1 <= len(inner) <= 5:
            yield f"{where}.components", "Must be between 1 and 5 in length."
        if len(inner) > 1 and any(part.get("type") in SELECTS for part in inner):
            yield f"{where}.components", "A select stands in its row alone."
    if kind == BUTTON:
        yield from _button(where, each)
    if kind in SELECTS:
        yield from _select(where, each)
    if kind == SECTION and not 1 <= len(each.get("components") or []) <= 3:
        yield f"{where}.components", "Must be between 1 and 3 in length."


def _button(where: str, each: JSON) -> Wrong:
    link = each.get("style") == 5
    if link and not each.get("url"):
        yield f"{where}.url", "A url is required"
    if not link and each.get("style") != 6:
        yield from _custom_id(where, each)
    if len(each.get("label") or "") > 80:
        yield f"{where}.label", "Must be 80 or fewer in length."
    if not each.get("label") and not each.get("emoji"):
        yield f"{where}.label", "A button needs a label or an emoji."


def _select(where: str, each: JSON) -> Wrong:
    yield from _custom_id(where, each)
    if each.get("type") != STRING_SELECT:
        return
    options: list[JSON] = each.get("options") or []
    if not 1 <= len(options) <= 25:
        yield f"{where}.options", "Must be between 1 and 25 in length."
    values = [option.get("value") for option in options]
    for at, option in enumerate(options):
        for name in ("label", "value"):
            if not 1 <= len(option.get(name) or "") <= 100:
                yield f"{where}.options.{at}.{name}", "Must be between 1 and 100 in length."
        if values.index(option.get("value")) != at:
            yield f"{where}.options.{at}.value", "The specified option value is already used"


def _custom_id(where: str, each: JSON) -> Wrong:
    if not 1 <= len(each.get("custom_id") or "") <= 100:
        yield f"{where}.custom_id", "Must be between 1 and 100 in length."


def _unique(everything: list[tuple[str, JSON]]) -> Wrong:
    used: set[str] = set()
    for where, each in everything:
        name = each.get("custom_id")
        if name and name in used:
            yield f"{where}.custom_id", "Component custom id cannot be duplicated"
        if name:
            used.add(name)


def modal(given: JSON) -> Wrong:
    """What speaks against a modal."""
    if not 1 <= len(given.get("title") or "") <= 45:
        yield "data.title", "Must be between 1 and 45 in length."
    yield from _custom_id("data", given)
    parts: list[JSON] = given.get("components") or []
    if not 1 <= len(parts) <= 5:
        yield "data.components", "Must be between 1 and 5 in length."
    everything = list(walk(parts, "data.components"))
    for where, each in everything:
        if each.get("type") in FIELDS:
            yield from _custom_id(where, each)
        if each.get("type") == TEXT_INPUT and len(each.get("value") or "") > 4000:
            yield f"{where}.value", "Must be 4000 or fewer in length."
        if each.get("type") == LABEL and not 1 <= len(each.get("label") or "") <= 45:
            yield f"{where}.label", "Must be between 1 and 45 in length."
    yield from _unique(everything)


def numbered(given: list[JSON]) -> list[JSON]:
    """The components with an `id` each, as Discord hands them back."""
    used = {each["id"] for _, each in walk(given) if each.get("id")}
    free = (number for number in range(1, 1000) if number not in used)
    return [_numbered(each, free) for each in given]


def _numbered(given: JSON, free: Iterator[int]) -> JSON:
    made: JSON = {**given, "id": given.get("id") or next(free)}
    if "components" in made:
        made["components"] = [_numbered(each, free) for each in made["components"]]
    for name in ("accessory", "component"):
        if made.get(name):
            made[name] = _numbered(made[name], free)
    return made
