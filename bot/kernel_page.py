"""The kernels as JSON: the local thread's page slides them over what is drawn on it, while it is drawn."""

import json
from collections.abc import Awaitable, Callable

from bot.context import Kernels


def listed(kernels: Kernels) -> Callable[[], Awaitable[tuple[int, str, bytes]]]:
    """A page with the name and the weights of each kernel, in the catalogue's order."""

    async def page() -> tuple[int, str, bytes]:
        each = [{"name": kernel.name, "weights": kernel.weights} for kernel in kernels.catalogue.values()]
        return 200, "application/json", json.dumps(each).encode()

    return page
