"""The bot about itself."""

from typing import Annotated

from bot import VERSION
from bot.command import Arg, command
from bot.context import Context
from bot.values import Choice, Reply, Table, code, escape


@command(
    "help", group="the bot", aliases=("commands",), examples=("help", "help films", "help similar"), aside=True
)
async def help(  # noqa: A001 - the command's own name
    ctx: Context,
    command: Annotated[str, Arg(help="the name of a command, or of a group of them", complete="commands")] = "",
) -> Reply:
    """List the commands, say what those of a group do, or show one command's page."""
    return ctx.help.page(command, ctx.person) if command else ctx.help.index(ctx.person)


@command("about", group="the bot", examples=("about",))
async def about(ctx: Context) -> Reply:
    """Say what this bot is, which model it has loaded, and whose data that was."""
    card = ctx.films.card
    rows = (
        ("model", "dot product with biases" if card.model == "dotbias" else card.model),
        ("from", ctx.shelf.current.name),
        ("films", f"{len(ctx.films.titles):,}"),
        ("users in the data", f"{len(ctx.films.users):,}"),
        ("ratings in the data", f"{card.ratings:,}"),
        ("mean squared error on ratings held back", f"{card.metrics.mse:.4f}"),
        ("mean absolute error", f"{card.metrics.mae:.4f} stars"),
        ("mean squared error of what recommends", f"{card.chooser.metrics.mse:.4f}"),
        ("trainings averaged for similarity", str(len(card.seeds))),
    )
    paragraphs = [
        f"**Study Group Bot {VERSION}**: films recommended and kernels slid, in the thread, to the digit. "
        f"{code(ctx.prefix + 'help')} lists what I do.",
        f"The film model was trained on {escape(card.data)}. {escape(card.licence)}",
        escape(card.citation),
    ]
    return Reply(
        text="\n\n".join(paragraph for paragraph in paragraphs if paragraph),
        table=Table(columns=("the film model", ""), rows=rows),
        choices=(Choice(label="help", command=f"{ctx.prefix}help"),),
    )


@command("mydata", group="the bot", examples=("mydata",))
async def mydata(ctx: Context) -> Reply:
    """Show all that is kept of you, for your eyes only, and how to erase it."""
    ratings = [(title, f"{stars:g} stars") for title, stars in (await ctx.ratings.of(ctx.person)).items()]
    notes = [(kind, text) for kind, texts in (await ctx.notebook.of(ctx.person)).items() for text in texts]
    quizzed = [(kind, text) for kind, texts in (await ctx.quiz.of(ctx.person)).items() for text in texts]
    guessed = await ctx.guesses.of(ctx.person)
    guesses = [("guesses", f"right {guessed.right} of {guessed.given} times")] if guessed.given else []
    kept = {"ratings": ratings, "notes": notes, "guesses": guesses, "quiz": quizzed}
    if not any(kept.values()):
        return Reply(text="Nothing is kept of you, but for your posts themselves.", private=True)
    commands = [code(f"{ctx.prefix}forget {what}") for what, rows in kept.items() if rows]
    erase = " and ".join([", ".join(commands[:-1]), commands[-1]] if len(commands) > 1 else commands)
    rows = [*(("rating", f"{title}: {stars}") for title, stars in ratings), *notes, *guesses, *quizzed]
    return Reply(
        text=f"**All that I keep of you**, but for your posts themselves. {erase} "
        f"{'erase' if len(commands) > 1 else 'erases'} it.",
        table=Table(columns=("what", ""), rows=tuple(rows)),
        private=True,
    )
