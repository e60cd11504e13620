"""What the bot answers to interactions: the callback, and the webhook of fifteen minutes."""

from tests.fakes.discord import interacting, posting
from tests.fakes.discord.routes_messages import shown
from tests.fakes.discord.routing import NOTHING, Answer, Call, route
from tests.fakes.discord.values import JSON, Interaction, Message, Problem

HOOK = "/webhooks/{application}/{token:[^/]+}"
WHICH = HOOK + "/messages/{message:@original|\\d+}"


@route("POST", "/interactions/{interaction}/{token:[^/]+}/callback", open=True)
def callback(call: Call) -> Answer:
    """The first response."""
    state = call.state
    which = state.tables.interactions.get(call.number("interaction"))
    if which is None or which.token != call.text["token"]:
        raise Problem(404, 10062, "Unknown interaction")
    try:
        message = interacting.respond(state, which, call.body, call.seen.files)
    except Problem as problem:
        which.problem = problem
        raise
    if call.seen.query.get("with_response") not in ("1", "true"):
        return NOTHING
    return Answer(body=_outcome(call, which, message))


def _outcome(call: Call, which: Interaction, message: Message | None) -> JSON:
    about: JSON = {"id": str(which.id), "type": which.kind}
    body: JSON = {"interaction": about}
    if message is not None:
        about |= {
            "response_message_id": str(message.id),
            "response_message_loading": message.loading,
            "response_message_ephemeral": message.ephemeral,
        }
        if call.body["type"] in (interacting.MESSAGE, interacting.UPDATE):
            body["resource"] = {"type": call.body["type"], "message": shown(call.state, message)}
    return body


def _held(call: Call) -> Interaction:
    if call.number("application") != call.state.application_id:
        raise Problem(404, 10015, "Unknown Webhook")
    return interacting.by_token(call.state, call.text["token"])


def _which(call: Call) -> tuple[Interaction, Message]:
    held = _held(call)
    if call.text["message"] == "@original":
        return held, interacting.original(held)
    found = next((each for each in held.messages if str(each.id) == call.text["message"]), None)
    if found is None or found.deleted:
        raise Problem(404, 10008, "Unknown Message")
    return held, found


@route("POST", HOOK, open=True)
def followup(call: Call) -> Answer:
    """Say more."""
    held = _held(call)
    try:
        message = interacting.follow(call.state, held, call.body, call.seen.files)
    except Problem as problem:
        held.problem = problem
        raise
    return Answer(body=shown(call.state, message)) if call.seen.query.get("wait") in ("1", "true") else NOTHING


@route("GET", WHICH, open=True)
def get(call: Call) -> Answer:
    """A response."""
    return Answer(body=shown(call.state, _which(call)[1]))


@route("PATCH", WHICH, open=True)
def change(call: Call) -> Answer:
    """Edit a response."""
    held, message = _which(call)
    try:
        interacting.change(call.state, held, message, call.body, call.seen.files)
    except Problem as problem:
        held.problem = problem
        raise
    return Answer(body=shown(call.state, message))


@route("DELETE", WHICH, open=True)
def delete(call: Call) -> Answer:
    """Take a response back; a placeholder that is gone, the next followup does not fill."""
    held, message = _which(call)
    if message is held.original:
        held.placeholder = False
    posting.remove(call.state, message)
    if message in held.messages:
        held.messages.remove(message)
    return NOTHING
