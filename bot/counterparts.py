"""The book's names for what it takes from fastai, and what does the same here.

Where fastai is not installed, its names lead to ours.
"""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Counterpart:
    """A name of fastai's (or of the book's own), the module it is in, and ours as `bot.sources` finds it."""

    name: str
    module: str
    ours: str


COUNTERPARTS = (
    Counterpart(name="collab_learner", module="fastai.collab", ours="training.train"),
    Counterpart(name="CollabDataLoaders", module="fastai.collab", ours="ratings.read"),
    Counterpart(name="EmbeddingDotBias", module="fastai.collab", ours="DotProductBias"),
    Counterpart(name="CollabNN", module="the book's chapter 8", ours="EmbeddingNN"),
    Counterpart(name="TabularModel", module="fastai.tabular.model", ours="EmbeddingNN"),
    Counterpart(name="get_emb_sz", module="fastai.tabular.model", ours="embedding_size"),
    Counterpart(name="emb_sz_rule", module="fastai.tabular.model", ours="embedding_size"),
    Counterpart(name="fit_one_cycle", module="fastai.callback.schedule", ours="one_cycle"),
    Counterpart(name="RandomSplitter", module="fastai.data.transforms", ours="r42"),
    Counterpart(name="pca", module="fastai.torch_core", ours="geometry.components"),
)
