"""The questionnaires as the commands see them: an item, an asking of it, what a member and the group do with it.

`bot/questions/` keeps all that. An item is known by the hash of its text, so its history outlives renumbering.
"""

from typing import Literal

Kind = Literal["recall", "task"]
"""Something to remember, or something to do."""
Grade = Literal["again", "hard", "good", "easy"]
"""How well somebody says they knew an answer."""
GRADES: tuple[Grade, ...] = ("again", "hard", "good", "easy")
