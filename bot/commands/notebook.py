"""What the group brings and asks in a week: links, blog posts, questions."""

import re
from collections.abc import Sequence
from typing import Annotated, Literal

from bot import addresses
from bot.addresses import Address
from bot.command import Arg, command
from bot.context import Context
from bot.errors import UserError
from bot.notes import Between, Link, Question, Session, line, number, spans
from bot.values import Choice, Reply, code, escape, plural

MAX_NOTE = 300  # a note is a line, not a post
MAX_QUESTION = 500
BUTTONS = 5  # one row on Discord

Web = Annotated[str, Arg(help="a web address, then a few words about it if you like")]
AQuestion = Annotated[int, Arg(help="a question's number, such as 3", read=number)]
Undo = Annotated[bool, Arg(help="take it back")]


@command(
    "link", group="the week", examples=("link https://jalammar.github.io/illustrated-word2vec/ read this first",)
)
async def link(ctx: Context, address: Web) -> Reply:
    """Put a link into the week's list, with a note if you like.

    The same page is kept once, however it is written. It stays with whoever brought it first; a note can still
    be added, and you can change your own by linking the page again.
    """
    session, (page, note) = await _session(ctx), _page(ctx, "link", address)
    kept, new = await ctx.notebook.links.add(ctx.place, session.key, ctx.person, page, note, ctx.now)
    listed = await ctx.notebook.links.of(ctx.place, session.key)
    place = [each.address for each in listed].index(kept.address) + 1
    news = f"Newest: number {place}" if new else f"That is number {place} already"
    return Reply(
        text=f"{_list('Links', session, listed)}\n\n{news}, from {escape(kept.author)}.",
        running=f"links/{session.key}",
    )


@command("links", group="the week", examples=("links",))
async def links(ctx: Context) -> Reply:
    """List the week's links."""
    session = await _session(ctx)
    listed = await ctx.notebook.links.of(ctx.place, session.key)
    if not listed:
        return Reply(text=_nothing(ctx, session, "link", "link https://… why it is worth reading"))
    return Reply(text=_list("Links", session, listed))


@command("blog", group="the week", examples=("blog https://ann.example.org/embeddings What embeddings are",))
async def blog(ctx: Context, address: Web) -> Reply:
    """Show the group a blog post that you wrote.

    From then on I know whose blog that is: a link to it in anybody's post goes into the showcase by itself. On
    sites where many write, that holds for your own part of the site, such as `github.com/ann`.
    """
    session, (page, title) = await _session(ctx), _page(ctx, "blog", address)
    kept, new = await ctx.notebook.blogs.add(ctx.place, session.key, ctx.person, page, title, ctx.now)
    listed = await ctx.notebook.blogs.of(ctx.place, session.key)
    if not new:
        return Reply(
            text=f"That post is in the showcase already, from {escape(kept.author)}. {_showcase(ctx)} shows all."
        )
    also = f" Further links to {code(page.home)} will join it by themselves." if page.home else ""
    return Reply(
        text=f"Thank you, {escape(ctx.person.name)}: your post is in the showcase, which now has "
        f"{plural(len(listed), 'post')}.{also} {_showcase(ctx)} shows all."
    )


@command("showcase", group="the week", aliases=("blogs",), examples=("showcase",))
async def showcase(ctx: Context) -> Reply:
    """List the blog posts that members wrote this week."""
    session = await _session(ctx)
    listed = await ctx.notebook.blogs.of(ctx.place, session.key)
    if not listed:
        return Reply(text=_nothing(ctx, session, "blog post", "blog https://… its title"))
    return Reply(text=_list("Blog posts", session, listed))


@command(
    "q",
    group="the week",
    aliases=("ask",),
    examples=("q Why is the output of a 3×3 kernel 26×26?",),
)
async def q(ctx: Context, question: Annotated[str, Arg(help="your question, in a line", long=True)]) -> Reply:
    """Ask something that the group should come to.

    It gets a number and keeps it for the week. Asked again in the same words, by anybody, it is the same question
    and counts one asker more. What is not answered in the session is carried over to the next.
    """
    session, text = await _session(ctx), line(question, MAX_QUESTION, "question")
    if not re.search(r"\w", text):
        raise UserError("What would you like to know? A question needs a word or two.")
    kept, new = await ctx.notebook.questions.ask(ctx.place, session.key, ctx.person, text, ctx.now)
    if new:
        return Reply(
            text=f"Noted as question **{kept.number}**: {escape(kept.text)}",
            choices=(Choice(label="all questions", command=f"{ctx.prefix}questions"),),
        )
    return Reply(text=f"That is a question already, asked by {_people(kept.askers)} now.\n\n{_line(kept)}")


@command("questions", group="the week", examples=("questions", "questions state=open"))
async def questions(
    ctx: Context,
    *,
    state: Annotated[
        Literal["all", "open", "answered", "skipped", "done"], Arg(help="only those in this state")
    ] = "all",
) -> Reply:
    """List the week's questions: open, answered, skipped and done."""
    session = await _session(ctx)
    every = await ctx.notebook.questions.of(ctx.place, session.key)
    if not every:
        return Reply(text=_nothing(ctx, session, "question", "q …"))
    shown = [each for each in every if state in ("all", each.state)]
    counts = ", ".join(
        f"{sum(each.state == one for each in every)} {one}"
        for one in ("open", "answered", "skipped", "done")
        if any(each.state == one for each in every)
    )
    head = f"**Questions for {escape(session.title)}** ({counts})"
    body = "\n".join(f"- {_line(each)}" for each in shown) or f"None is {state} just now."
    waiting = [each for each in shown if each.state in ("open", "skipped")]
    return Reply(
        text=f"{head}\n\n{body}",
        choices=tuple(
            Choice(label=f"{each.number}: I want to know too", command=f"{ctx.prefix}vote {each.number}")
            for each in waiting[:BUTTONS]
        ),
    )


@command("vote", group="the week", aliases=("metoo",), examples=("vote 1",))
async def vote(ctx: Context, question: AQuestion) -> Reply:
    """Say that you want the answer to a question too."""
    session = await _session(ctx)
    voted = await ctx.notebook.questions.vote(ctx.place, session.key, ctx.person, question)
    if voted is None:
        return await _no_question(ctx, session, question)
    found, new = voted
    return Reply(text=f"{'Counted' if new else 'You were counted already'}.\n\n{_line(found)}")


@command("answered", group="the week", admin=True, examples=("answered 1", "answered 1 by=Ann"))
async def answered(
    ctx: Context,
    question: AQuestion,
    *,
    by: Annotated[str, Arg(help="who answered it; else you")] = "",
    link: Annotated[str, Arg(help="the web address of the answer")] = "",
    undo: Undo = False,
) -> Reply:
    """Mark a question as answered, by whom and where."""
    session = await _session(ctx)
    who = "" if undo else line(by, 80, "name") or ctx.person.name
    where = _page(ctx, f"answered {question} link=", link)[0].text if link and not undo else ""
    found = await ctx.notebook.questions.settle(
        ctx.place, session.key, question, "open" if undo else "answered", ctx.now, by=who, answer=where
    )
    return Reply(text=_line(found)) if found else await _no_question(ctx, session, question)


@command("skip", group="the week", admin=True, instead="later", examples=("skip 1", "skip 1 done"))
async def skip(
    ctx: Context,
    question: Annotated[int, Arg(help="a question's number, such as 3 (in a quiz: `later`)", read=number)],
    *,
    done: Annotated[bool, Arg(help="lay it to rest: it will not come back")] = False,
    undo: Undo = False,
) -> Reply:
    """Skip a question for now: it comes back next week, unless it is done with."""
    session = await _session(ctx)
    if done and undo:
        raise UserError("`done` and `undo` exclude each other.")
    state = "done" if done else "open" if undo else "skipped"
    found = await ctx.notebook.questions.settle(ctx.place, session.key, question, state, ctx.now)
    return Reply(text=_line(found)) if found else await _no_question(ctx, session, question)


def _page(ctx: Context, again: str, text: str) -> tuple[Address, str]:
    """The address in what was typed, and the note beside it; UserError says what is wrong with either."""
    try:
        page, note = addresses.first(text)
    except ValueError as problem:
        word = text.split()[0]
        guess = _guess(word)
        again_line = f"{ctx.prefix}{again}{'' if again.endswith('=') else ' '}{guess}"
        also = f" Did you mean {code(guess)}?" if guess else ""
        raise UserError(
            f"I cannot keep {code(word[:80])}. {problem}{also}",
            [Choice(label=guess[:60], command=again_line)] if guess else [],
        ) from problem
    return page, line(note, MAX_NOTE, "note")


def _guess(word: str) -> str:
    """`fast.ai/about` → `https://fast.ai/about`; empty where the word is nothing of the kind."""
    try:
        return (
            addresses.read(f"https://{word}").text if re.match(r"[\w-]+(\.[\w-]+)*\.[a-z]{2,}(/|$)", word) else ""
        )
    except ValueError:
        return ""


def _list(what: str, session: Session, listed: Sequence[Link]) -> str:
    said = ((each, f"{escape(each.note)}, " if each.note else "") for each in listed)
    lines = (
        f"{place}. <{each.address}> — {note}from {escape(each.author)}"
        for place, (each, note) in enumerate(said, start=1)
    )
    return "\n".join([f"**{what} for {escape(session.title)}**\n", *lines])


def _line(question: Question) -> str:
    """A question with its number, who asked, who else wants to know, and what became of it."""
    others = question.votes - 1
    wanted = f", wanted by {_people(question.votes)}" if others > 0 else ""
    state = {
        "open": "open",
        "answered": f"answered by {escape(question.answered_by)}"
        + (f": <{question.answer}>" if question.answer else ""),
        "skipped": "skipped for now; it comes back",
        "done": "done with",
    }[question.state]
    return f"**{question.number}.** {escape(question.text)} — {escape(question.author)}{wanted}; {state}"


async def _no_question(ctx: Context, session: Session, number: int) -> Reply:
    known = [each.number for each in await ctx.notebook.questions.of(ctx.place, session.key)]
    if not known:
        return Reply(text=_nothing(ctx, session, "question", "q …"))
    raise UserError(f"There is no question {number}. There {'is' if len(known) == 1 else 'are'} {spans(known)}.")


def _nothing(ctx: Context, session: Session, what: str, line: str) -> str:
    return f"No {what} yet for {escape(session.title)}. {code(ctx.prefix + line)} adds the first."


def _showcase(ctx: Context) -> str:
    return code(ctx.prefix + "showcase")


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count} people"


async def _session(ctx: Context) -> Session:
    return await ctx.week.session(ctx.now) or Between()
