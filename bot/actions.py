"""What the commands with several verbs can do: `session move 9 Dec to=10 Dec 19:00` is the action `move`.

Each action is declared once, here. Text is read by the words alone; completion, the help page and Discord's
slash commands, which have a form for each action, read the rest as well.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.errors import UserError
from bot.values import code


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is typed after an action's word. `complete` names a completer, as of a command's parameter."""

    name: str
    help: str
    required: bool = True
    complete: str = ""


@dataclass(frozen=True, kw_only=True)
class Action:
    """One thing that a command can do: its word, what follows it, and which of the command's options apply.

    What it `wants` stands after the word, one after the other; it cannot do without the options that it `needs`,
    nor without what is to `attach` to the post. `admin`: it is for the group's admins, though the command is for
    all.
    """

    name: str
    help: str
    wants: tuple[Wanted, ...] = ()
    needs: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    attach: Literal["", "file"] = ""
    admin: bool = False


def chosen(command: str, word: str, actions: Sequence[Action]) -> str:
    """The action that was typed, or the first when none was; UserError names those there are."""
    names = [action.name for action in actions]
    if word.casefold() in ("", *names):
        return word.casefold() or names[0]
    *most, last = map(code, names)
    raise UserError(f"{code(word[:40])} is nothing that `{command}` can do: it takes {', '.join(most)} or {last}.")


def only(command: str, word: str, actions: Sequence[Action], given: Collection[str]) -> None:
    """Refuse an option of the command that the chosen action would pass over."""
    takes = next((*action.options, *action.needs) for action in actions if action.name == word)
    for name in given:
        if name not in takes:
            known = ", ".join(map(code, takes)) or "no option"
            raise UserError(f"{code(f'{command} {word}')} does not take {code(name)}: it takes {known}.")


_DAY = Wanted(name="day", help="the session's day, such as 9 Dec, or next", complete="sessions")
_MESSAGE = Wanted(name="what", help="which message, such as remind-day", complete="messages")
_PLACE = Wanted(name="place", help="its place in the plan, such as 3", complete="topics")
_NUMBER = Wanted(name="number", help="its number in the list, such as 3", complete="deliveries")
_QUESTION = Wanted(name="question", help="the question's number, such as 57")
_ANSWER = Wanted(name="answer", help="the answer's number, such as 12")
_FIELDS = ("number", "reading", "homework", "guest", "note")

SESSION = (
    Action(name="show", help="Show the next weeks."),
    Action(name="move", help="Move a session to another day or hour.", wants=(_DAY,), needs=("to",)),
    Action(name="skip", help="Skip a session; its chapter waits.", wants=(_DAY,)),
    Action(name="cancel", help="Cancel a session; calendars show it crossed out.", wants=(_DAY,)),
    Action(
        name="add",
        help="Add a session, or hold one after all.",
        wants=(Wanted(name="when", help="its day and hour, such as 12 Dec 2026 10:00"),),
    ),
)
SCHEDULE = (
    Action(name="show", help="Show the sessions to come.", options=("weeks",)),
    Action(name="set", help="Change the rhythm.", options=("at", "zone", "every", "from"), admin=True),
    Action(name="pause", help="Pause the programme; chapters wait.", options=("from",), admin=True),
    Action(name="resume", help="Go on after a pause.", options=("from",), admin=True),
    Action(name="tidy", help="Forget changes that no longer fit the host's file.", admin=True),
)
REMINDER = (
    Action(name="show", help="Show which messages go out, and when."),
    Action(
        name="set",
        help="Say when a message goes out.",
        wants=(_MESSAGE, Wanted(name="when", help="from the start, such as -26h or -6d 17:00")),
    ),
    Action(name="off", help="Turn a message off.", wants=(_MESSAGE,)),
)
THREAD = (
    Action(name="show", help="Show how the week's thread stands."),
    Action(name="open", help="Open it now."),
    Action(name="pin", help="Pin it."),
    Action(name="close", help="Close it by unpinning it."),
)
DELIVERY = (
    Action(name="list", help="List what is owed to each place and what became of it.", options=("state",)),
    Action(name="retry", help="Send again what has failed or was dropped.", wants=(_NUMBER,)),
    Action(name="drop", help="Do not send it.", wants=(_NUMBER,)),
    Action(
        name="resume",
        help="Go on with a place that had refused us.",
        wants=(Wanted(name="where", help="the place, as the list names it", complete="stopped"),),
    ),
)
QUESTIONNAIRE = (
    Action(name="show", help="Show how the questions went, of four people or more."),
    Action(
        name="post",
        help="Put a question to the group now.",
        wants=(Wanted(name="which", help="a question's number, or a chapter such as ch8", required=False),),
    ),
    Action(name="skip", help="Ask a question no more.", wants=(_QUESTION,)),
    Action(name="ask", help="Ask a question again that was left out.", wants=(_QUESTION,)),
    Action(name="accept", help="Mark a shared answer as the group's.", wants=(_ANSWER,)),
    Action(name="reject", help="Take that mark away again.", wants=(_ANSWER,)),
    Action(name="pause", help="Put no questions to the group for a while."),
    Action(name="resume", help="Go on after a pause."),
    Action(
        name="add",
        help="Add a question of your own.",
        wants=(
            Wanted(name="chapter", help="its chapter, such as 8"),
            Wanted(name="question", help="the question, then => and the answer if you like"),
        ),
    ),
    Action(
        name="kind",
        help="Say whether a question is one to recall or a task.",
        wants=(_QUESTION, Wanted(name="kind", help="recall or task")),
    ),
    Action(name="import", help="Import questions from the file on your message.", attach="file"),
)
TRAIN = (
    Action(name="start", help="Train, and show the losses.", options=("model", "factors", "epochs", "wd")),
    Action(name="stop", help="End the training that is under way."),
)
MODEL = (
    Action(name="status", help="Show which model answers, and how good it is."),
    Action(name="dotbias", help="Show the layers of the lecture's dot product with biases."),
    Action(name="dot", help="Show those of the dot product alone."),
    Action(name="nn", help="Show those of the neural net."),
    Action(name="bayes", help="Show what recommends."),
    Action(
        name="load",
        help="Answer from another model file.",
        wants=(Wanted(name="file", help="its name in the folder of models", complete="files"),),
        admin=True,
    ),
    Action(name="reload", help="Read the model's file again.", admin=True),
    Action(name="refit", help="Learn anew from the members' own ratings, too.", admin=True),
)
CHAPTER = (
    Action(name="list", help="List what the sessions are about."),
    Action(
        name="add",
        help="Add one, at the end or at a place.",
        wants=(Wanted(name="topic", help="what the session is about"),),
        options=(*_FIELDS, "to"),
    ),
    Action(name="change", help="Change one.", wants=(_PLACE,), options=("title", *_FIELDS)),
    Action(name="move", help="Move one to another place in the plan.", wants=(_PLACE,), needs=("to",)),
    Action(name="drop", help="Take one out of the plan.", wants=(_PLACE,)),
    Action(name="reset", help="Take the plan of the host's file again."),
)
_SIDE = Wanted(name="side", help="the picture's side, such as 28", required=False)
CONV = (
    Action(name="questions", help="The questions that came up, each with the command that answers it."),
    Action(
        name="size",
        help="How large the output is, and which cells are visited.",
        wants=(_SIDE,),
        options=("n", "k", "p", "s", "d"),
    ),
    Action(
        name="shape",
        help="The shapes and parameter counts of a layer, or of several.",
        options=("n", "k", "p", "s", "d", "channels", "filters", "groups"),
    ),
    Action(
        name="matrix",
        help="The convolution as one product of matrices.",
        wants=(_SIDE,),
        options=("n", "k", "p", "s", "d"),
    ),
    Action(
        name="code",
        help="Three lines of PyTorch that do it.",
        wants=(Wanted(name="which", help="a kernel's name, or edges for the book's four", required=False),),
        options=("kernel", "n", "p", "s", "d"),
    ),
    Action(
        name="rf",
        help="What one output cell looks at: the receptive field, traced back to pixels.",
        wants=(Wanted(name="each", help="a word for each layer, such as 3s2p1 3s2p1", required=False),),
        options=("layers", "n", "k", "p", "s", "d"),
    ),
)
