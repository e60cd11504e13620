"""What comes in the place of an answer when a fault strikes."""

from tests.fakes.discourse.door import read_only, refusal
from tests.fakes.discourse.faults import Fault
from tests.fakes.discourse.limits import slow_down
from tests.fakes.discourse.routing import Answer
from tests.fakes.discourse.state import forbidden, missing

HOUR = 3600


def instead(fault: Fault, done: Answer | None) -> Answer | None:
    """The answer that arrives; None when the connection is cut."""
    what = fault.what
    if what.startswith("truncated"):
        return done
    own = {
        "429 json": slow_down(fault.wait),
        "429 late": slow_down(HOUR),
        "503 read only": read_only(),
        "403": forbidden(),
        "404": missing(),
    }
    if what in own:
        return refusal(own[what])
    if what in ("429 text", "429 bus"):
        headers = {"Retry-After": str(int(fault.wait))} | (
            {"Discourse-Rate-Limit-Error-Code": "ip_10_secs_limit"} if what == "429 text" else {}
        )
        return Answer(status=429, body="Slow down, too many requests.\n", kind="text/plain", headers=headers)
    if what == "elsewhere":
        return Answer(
            status=302, kind="text/html", body="moved", headers={"Location": "http://localhost:9/elsewhere"}
        )
    if what == "html":
        return _page(200, "Sign in")
    if what == "not json":
        return Answer(body=b'{"latest_posts": [{"id": 1, ')
    return _page(int(what[:3]), "nginx") if what[:3].isdigit() else None


def _page(status: int, title: str) -> Answer:
    body = f"<html><head><title>{status} {title}</title></head><body><h1>{title}</h1></body></html>\n"
    return Answer(status=status, body=body, kind="text/html")
