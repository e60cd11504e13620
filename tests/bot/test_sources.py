"""Source code is found by name, misspelt or not, in packages on the list only, and nothing is imported for it."""

from pathlib import Path

import pytest

from bot.app import App
from bot.counterparts import COUNTERPARTS
from bot.dispatch import Refusal
from bot.sources import Package, Sources, installed
from bot.values import escape


@pytest.fixture(scope="module")
def sources() -> Sources:
    """What is installed here."""
    return Sources()


@pytest.fixture
def library(tmp_path: Path) -> Sources:
    """A folder that looks like the lecture's library."""
    (tmp_path / "collab.py").write_text(
        "def collab_learner(dls, n_factors=50, *, y_range=None):\n"
        '    "Create a Learner for collaborative filtering on `dls`."\n'
        "    return None\n\n\n"
        "class EmbeddingDotBias(Module):\n"
        '    "Base dot model for collaborative filtering."\n'
        "    def __init__(self, n_factors, n_users): pass\n"
        "    def forward(self, x): pass\n",
        encoding="utf-8",
    )
    (tmp_path / "broken.py").write_text("def half(:\n", encoding="utf-8")
    return Sources([Package(name="fastai", folder=tmp_path, version="2.8.12")])


@pytest.mark.parametrize(
    "name", ["collab_learner", "ColabLearner", "Collab Learner", "colab learner", "COLLAB_LEARNER"]
)
def test_the_lectures_search_is_found(library: Sources, name: str) -> None:
    """However the name is written, it leads to the file and line, with signature and first sentence."""
    (found,) = library.find(name).definitions
    assert (found.name, found.file, found.line) == ("collab_learner", "fastai/collab.py", 1)
    assert found.signature == "def collab_learner(dls, n_factors=50, *, y_range=None)"
    assert found.summary.startswith("Create a Learner")
    assert found.address == "https://github.com/fastai/fastai/blob/2.8.12/fastai/collab.py#L1"
    assert found.excerpt == ""


def test_a_class_and_its_methods(library: Sources) -> None:
    """A name that stands for a class, roughly or with a method behind its dot."""
    (found,) = library.find("embedding.bias").definitions
    assert found.name == "EmbeddingDotBias"
    assert found.signature == "class EmbeddingDotBias(Module)\n    def __init__(self, n_factors, n_users)"
    (method,) = library.find("embedding dot bias.forward").definitions
    assert (method.name, method.line) == ("EmbeddingDotBias.forward", 9)


def test_a_file_that_is_no_python_is_no_fault(library: Sources) -> None:
    """What cannot be read is not shown."""
    assert library.find("half").definitions == ()


def test_ours_comes_with_an_excerpt(sources: Sources) -> None:
    """Our own code is shown as it stands, and comes before a library's of the same name."""
    (found,) = sources.find("dot product bias").definitions
    assert (found.package, found.file) == ("engine", "engine/models.py")
    assert found.excerpt.startswith("class DotProductBias(nn.Module):")
    assert sources.find("sigmoid_range").definitions[0].excerpt.startswith("def sigmoid_range(x: Tensor")
    assert [each.package for each in sources.find("Adam").definitions][:2] == ["engine", "torch"]


@pytest.mark.parametrize(
    "name", ["nn.Linear", "torch.nn.Linear", "linear.Linear", "torch.nn.modules.linear.Linear"]
)
def test_a_library_is_found_by_dotted_name(sources: Sources, name: str) -> None:
    """The public name leads to where it is written; code that is not ours is pointed at, not shown."""
    found = sources.find(name).definitions[0]
    assert found.file == "torch/nn/modules/linear.py"
    assert found.signature.startswith("class Linear(Module)\n    def __init__(self, in_features: int")
    assert found.excerpt == ""
    assert f"/torch/nn/modules/linear.py#L{found.line}" in found.address


def test_capitals_choose_between_a_class_and_a_function(sources: Sources) -> None:
    """Embedding is the class, embedding the function; both are shown, the one that was written first."""
    assert [each.name for each in sources.find("Embedding").definitions][:2] == ["Embedding", "embedding"]
    assert sources.find("embedding").definitions[0].name == "embedding"


@pytest.mark.parametrize(
    "name", ["os.system", "subprocess.run", "../../etc", "Settings.discord_token", "", ".", "__"]
)
def test_what_is_not_on_the_list_is_not_found(sources: Sources, name: str) -> None:
    """No other package, no path, nothing of the bot's own."""
    assert all(each.package in ("engine", "torch", "fastai") for each in sources.find(name).definitions)
    assert not any("system" in each.name or each.file.startswith("bot") for each in sources.find(name).definitions)


def test_only_what_is_installed_is_listed() -> None:
    """The engine has no version of its own; the libraries say theirs."""
    names = [package.name for package in installed()]
    assert names[:2] == ["engine", "torch"]
    assert Sources().packages["engine"] == ""
    assert Sources().packages["torch"].startswith("2.")


@pytest.mark.parametrize(
    ("name", "ours"),
    [
        ("Colab Learner", "train"),
        ("collab_learner", "train"),
        ("EmbeddingDotBias", "DotProductBias"),
        ("fastai.collab_learner", "train"),
        *((each.name, each.ours.split(".")[-1]) for each in COUNTERPARTS),
    ],
)
async def test_without_fastai_its_names_lead_to_ours(app: App, name: str, ours: str) -> None:
    """And it is said whose name that is."""
    app.inside.sources = Sources([each for each in installed() if each.name != "fastai"])
    found = app.inside.sources.find(name)
    assert found.definitions[0].name == ours
    assert found.definitions[0].package == "engine"
    assert found.instead is not None
    reply = await app.ask(f"!source {name}", draw=False)
    assert f"`{found.instead.name}` ({escape(found.instead.module)}) is not installed here" in reply.text


def test_with_fastai_its_names_are_its_own(library: Sources) -> None:
    """Where it is installed, nothing stands in for it."""
    assert library.find("collab_learner").instead is None


@pytest.mark.parametrize("name", ["ease", "engine.ease", "Ease", "engine/ease.py"])
def test_our_modules_are_found(sources: Sources, name: str) -> None:
    """By name, with what they say of themselves; a class of the name comes first."""
    (found,) = sources.find(name).definitions
    assert (found.name, found.file, found.line) == ("engine.ease", "engine/ease.py", 1)
    assert "EASE, Steck 2019" in found.excerpt
    assert [each.name for each in sources.find("Ratings").definitions][:2] == ["Ratings", "engine.ratings"]


async def test_the_command_shows_where(app: App) -> None:
    """File and line, the excerpt of ours, a link for a library; a misspelt name is found."""
    reply = await app.ask("!source Dot Product Bais", draw=False)
    assert "`engine/models.py:" in reply.text
    assert "```python\nclass DotProductBias(nn.Module):" in reply.text
    linked = await app.ask("!source nn.Linear", draw=False)
    assert "([read it](https://github.com/pytorch/pytorch/blob/v" in linked.text


async def test_an_unknown_name_is_a_sentence(app: App) -> None:
    """It says where was looked, and offers what is near; what was typed does no harm."""
    reply = await app.ask("!source @everyone <script>", draw=False)
    assert isinstance(reply, Refusal)
    assert "I find nothing called `@everyone <script>` in engine and torch" in reply.text
    near = await app.ask("!source Lineer Layr", draw=False)
    for choice in near.choices:
        assert not isinstance(await app.ask(choice.command, draw=False), Refusal)
