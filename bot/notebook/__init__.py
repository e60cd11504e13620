"""What the group leaves behind in a week. A page of the notebook is one session in one place."""

from collections.abc import Callable, Mapping, Sequence

from bot.database import Database
from bot.notebook.blogs import Blogs
from bot.notebook.catchup import Catchup
from bot.notebook.homework import Homework
from bot.notebook.links import Links
from bot.notebook.marks import Marks
from bot.notebook.questions import Questions
from bot.notebook.turning import Taken, turn
from bot.values import Person


class Notebook:
    """All that is kept, part by part; and what of it is one person's."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.links = Links(database)
        self.blogs = Blogs(database)
        self.questions = Questions(database)
        self.homework = Homework(database)
        self.marks = Marks(database)
        self.catchup = Catchup(database)

    async def turn(self, to: str, taken: Callable[[str], Taken]) -> None:
        """Take along to the page `to`, in every place, what `taken` says of each other page."""
        await turn(self._database, to, taken)

    async def of(self, person: Person) -> Mapping[str, Sequence[str]]:
        """All that is kept of one person, by kind, as text."""
        kept = {
            "links": await self.links.by(person),
            "blog posts": await self.blogs.by(person),
            "questions": await self.questions.by(person),
            "votes for questions": await self.questions.voted(person),
            "homework": await self.homework.by(person),
            "votes for slots": await self.catchup.by(person),
        }
        return {kind: rows for kind, rows in kept.items() if rows}

    async def forget(self, person: Person) -> int:
        """Erase what is one person's; links and questions stay, as somebody's. Returns how many rows."""
        stores = (self.links, self.blogs, self.questions, self.homework, self.catchup)
        return sum([await store.forget(person) for store in stores])


__all__ = ["Notebook"]
