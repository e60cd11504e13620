"""Pictures and files on the forum: uploaded once for each content, however often they are shown."""

import logging
from collections import OrderedDict
from collections.abc import Collection, Sequence
from hashlib import sha256

from bot.errors import Refused
from bot.platforms.discourse.api import Api
from bot.platforms.discourse.values import Upload
from bot.render import Picture
from bot.values import Image, TextFile

MOST = 500  # pictures remembered: the forum knows the rest by their content

log = logging.getLogger(__name__)


class Uploads:
    """The pictures of replies. `largest`: no larger file is offered."""

    def __init__(self, api: Api, largest: int) -> None:
        self._api, self._largest = api, largest
        self._known: OrderedDict[str, Upload] = OrderedDict()

    async def of(self, images: Sequence[Image]) -> list[Picture]:
        """Each picture with its address there; without one where it was not drawn, or the forum refused it."""
        return [await self._one(image) for image in images]

    async def kept(self, file: TextFile | None, allowed: Collection[str]) -> str:
        """The address of a file there; empty where there is none, or the forum takes none of its kind."""
        if file is None or not {file.name.rpartition(".")[2], "*"} & {*allowed}:
            return ""
        try:
            return (await self._api.upload(file.text.encode(), file.name)).short_url
        except Refused as problem:
            log.warning("a file was refused, so its text stands in its place: %s", problem)
            return ""

    async def _one(self, image: Image) -> Picture:
        if not image.png or len(image.png) > self._largest:
            return Picture(address="", alt=image.alt, width=0, height=0)
        name = sha256(image.png).hexdigest()
        upload = self._known.get(name)
        if upload is None:
            try:
                upload = await self._api.upload(image.png, f"{image.plot}-{name[:12]}.{image.kind}")
            except Refused as problem:
                log.warning("a picture was refused, so its message stands in its place: %s", problem)
                return Picture(address="", alt=image.alt, width=0, height=0)
            self._known[name] = upload
            if len(self._known) > MOST:
                self._known.popitem(last=False)
        self._known.move_to_end(name)
        return Picture(address=upload.short_url, alt=image.alt, width=upload.width, height=upload.height)
