"""What comes in the place of an answer when a fault strikes."""

from tests.fakes.discord import limits
from tests.fakes.discord.door import refusal
from tests.fakes.discord.faults import Fault
from tests.fakes.discord.routing import Answer
from tests.fakes.discord.values import Problem

PROBLEMS = {
    "401": Problem(401, 0, "401: Unauthorized"),
    "403": Problem(403, 50013, "Missing Permissions"),
    "403 access": Problem(403, 50001, "Missing Access"),
    "404": Problem(404, 10003, "Unknown Channel"),
    "50035": Problem(400, 50035, "Invalid Form Body", {"content": "Must be 2000 or fewer in length."}),
    "automod": Problem(400, 200000, "Message was blocked by automatic moderation"),
    "10062": Problem(404, 10062, "Unknown interaction"),
}


def instead(fault: Fault, done: Answer | None) -> Answer | None:
    """The answer that arrives; None when the connection is cut."""
    what = fault.what
    if what.startswith(("slow", "truncated")):
        return done or refusal(Problem(500, 0, "500: Internal Server Error"))
    if what in PROBLEMS:
        return refusal(PROBLEMS[what])
    if what == "429 cloudflare":
        headers = {"Retry-After": str(int(fault.wait) + 1), "Server": "cloudflare"}
        return Answer(status=429, body=_page(429, "You are being rate limited"), kind="text/html", headers=headers)
    if what.startswith("429"):
        return limits.refused(fault.wait, scope=what.removeprefix("429 "))
    if what == "html":
        return Answer(body=_page(200, "Just a moment..."), kind="text/html")
    if what == "not json":
        return Answer(body=b'{"id": "1", ')
    if what.startswith("500"):
        return Answer(status=500, body={"message": "500: Internal Server Error", "code": 0})
    if what[:3].isdigit():
        return Answer(status=int(what[:3]), body=_page(int(what[:3]), "cloudflare"), kind="text/html")
    return None


def _page(status: int, title: str) -> str:
    return f"<html><head><title>{status} {title}</title></head><body><h1>{title}</h1></body></html>\n"
