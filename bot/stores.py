"""What one bot keeps: the database, and the stores on it, each made when it is first asked for."""

from functools import cached_property
from typing import TYPE_CHECKING

from bot.settings import Settings

if TYPE_CHECKING:
    from bot.database import Database
    from bot.guesses import Guesses
    from bot.inbox import Inbox
    from bot.members import MemberRatings
    from bot.notebook import Notebook
    from bot.unfinished import Unfinished


class Stores:
    """The stores of one bot (`bot.app.App`, which closes the database)."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @cached_property
    def database(self) -> "Database":
        """The one truth."""
        from bot.database import connect

        return connect(self.settings.database_url)

    @cached_property
    def ratings(self) -> "MemberRatings":
        """What the members rated."""
        from bot.members import MemberRatings

        return MemberRatings(self.database)

    @cached_property
    def inbox(self) -> "Inbox":
        """Which posts are done with."""
        from bot.inbox import Inbox

        return Inbox(self.database)

    @cached_property
    def unfinished(self) -> "Unfinished":
        """Which answers have begun."""
        from bot.unfinished import Unfinished

        return Unfinished(self.database)

    @cached_property
    def notebook(self) -> "Notebook":
        """What the group leaves behind in a week."""
        from bot.notebook import Notebook

        return Notebook(self.database)

    @cached_property
    def guesses(self) -> "Guesses":
        """What the members were asked to guess."""
        from bot.guesses import Guesses

        return Guesses(self.database)
