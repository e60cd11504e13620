"""What the tests of the webhook share: a clock set by hand, and how the forum signs."""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta

SECRET = "a secret of the two"  # noqa: S105 - the tests' own
START = datetime(2026, 11, 25, 7, 0, tzinfo=UTC)


class Hands:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.passed = 0.0

    def now(self) -> datetime:
        """The wall clock."""
        return START + timedelta(seconds=self.passed)

    def monotonic(self) -> float:
        """Seconds it was moved on."""
        return self.passed

    async def sleep(self, seconds: float) -> None:
        """Move on."""
        self.passed += seconds


def signature(body: bytes, secret: str = SECRET) -> str:
    """What the forum puts into the header."""
    return f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"
