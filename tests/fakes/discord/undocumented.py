"""What the official document does not say, or says wrongly, each with its reason."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Gap:
    """Where the document is not the last word: for which operations, what it says, and why that is wrong."""

    where: str
    said: str
    reason: str

    def covers(self, method: str, template: str, text: str) -> bool:
        """Whether it is about that."""
        return bool(re.fullmatch(self.where, f"{method} {template}") and re.match(self.said, text))


GAPS: tuple[Gap, ...] = (
    Gap(
        where=r"POST /channels/{channel_id}/threads",
        said="no such parameter: use_nested_fields",
        reason="an old parameter: a forum's first message is an object of its own; discord.py sends it",
    ),
    Gap(
        where=".*",
        said=r"answer\.errors\..*_errors\.\d+\.code: '[A-Z0-9_]+' is not of type 'integer'",
        reason="the documentation's examples have words there (reference.mdx, error messages)",
    ),
    Gap(
        where=".*",
        said="answer: 'code' is a required property",
        reason="a 429 has a code only for some limits (topics/rate-limits.mdx)",
    ),
)


def known(method: str, template: str, text: str) -> bool:
    """Whether a finding is one of the document's own."""
    return any(each.covers(method, template, text) for each in GAPS)
