"""A word that was left over: which option it was meant for."""

from difflib import get_close_matches

from bot.command import Command
from bot.values import code

CLOSE = 0.75  # flip and filp are that close


def meant(command: Command, word: str, prefix: str) -> str:
    """A sentence that says how the word could have been an option of the command, or which ones there are."""
    plain = word.casefold()
    near = get_close_matches(plain, command.spellings, n=1, cutoff=CLOSE)
    if near:
        param = command.spellings[near[0]]
        usage = code(param.usage.strip("[]"))
        if near[0] == plain and param.flag:
            return f"One {usage} is enough."
        if near[0] == plain:
            return f"{code(word)} is an option with a value: {usage}."
        return f"{code(word)} is no option; did you mean {usage}?"
    held = [param for param in command.params if plain in {*param.choices, *param.arg.synonyms}]
    if held:
        return f"{code(word)} alone is no option; did you mean {code(f'{held[0].name}={plain}')}?"
    picture = next((param for param in command.params if param.arg.complete == "images"), None)
    if picture is not None and (len(word) == 1 or plain == "card"):
        return f"Did you mean the picture {code(f'{picture.name}={word}')}?"
    known = ", ".join(code(name) for name in command.options) or "none"
    return f"{code(word)} is no option of {code(prefix + command.name)}. The options: {known}."
