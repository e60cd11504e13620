"""The bot about itself."""

from dataclasses import replace

from bot.app import LOCAL, App
from bot.dispatch import Refusal


async def test_about_names_data_licence_and_citation(app: App) -> None:
    """Whose data the model was trained on stands there, and how well it does."""
    reply = await app.ask("!about", draw=False)
    assert "MovieLens 100K" in reply.text
    assert "10.1145/2827872" in reply.text
    assert reply.table is not None
    facts = {row[0]: row[1] for row in reply.table.rows}
    assert (facts["films"], facts["users in the data"], facts["ratings in the data"]) == (
        "1,664",
        "943",
        "100,000",
    )


async def test_help_lists_and_explains(app: App) -> None:
    """The index names every command; each has a page."""
    index = await app.ask("!help", draw=False)
    for command in app.registry:
        assert f"`!{command.name}`" in index.text
        assert not isinstance(await app.ask(f"!help {command.name}", draw=False), Refusal)


async def test_everybody_sees_what_is_kept_of_them(app: App) -> None:
    """Ratings and notes, to nobody else, with the commands that erase them; then nothing is left."""
    ada, bob = (replace(LOCAL, id=name, is_admin=False) for name in ("ada", "bob"))
    assert "Nothing is kept of you" in (await app.ask("!mydata", draw=False, person=ada)).text
    await app.ask("!rate Fargo 4.5", draw=False, person=ada)
    await app.ask("!link https://example.org/ada mine", draw=False, person=ada)
    await app.ask("!rate Fargo 1", draw=False, person=bob)
    shown = await app.ask("!mydata", draw=False, person=ada)
    assert shown.private
    assert shown.table is not None
    assert ("rating", "Fargo (1996): 4.5 stars") in shown.table.rows
    assert any(kind == "links" and "example.org/ada" in str(text) for kind, text in shown.table.rows)
    assert len(shown.table.rows) == 2
    for what in ("ratings", "notes"):
        assert f"`!forget {what}`" in shown.text
        await app.ask(f"!forget {what}", draw=False, person=ada)
    assert "Nothing is kept of you" in (await app.ask("!mydata", draw=False, person=ada)).text
    assert (await app.ask("!mydata", draw=False, person=bob)).table is not None
