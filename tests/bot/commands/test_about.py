"""The bot about itself."""

from bot.app import App
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
