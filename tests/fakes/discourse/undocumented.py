"""What the official document does not say, or says wrongly, each with its reason.

The document's answers are generated from one fixture, so a type there is that fixture's, not the field's.
"""

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """An endpoint that the document lacks: its parameters (`*` in a name stands for anything), and who says so."""

    method: str
    path: str
    source: str
    parameters: tuple[str, ...] = ()

    def allows(self, name: str) -> bool:
        """Whether there is such a parameter."""
        return any(fnmatchcase(name, each) for each in self.parameters)


ENDPOINTS = (
    Endpoint(
        method="POST",
        path=r"/message-bus/[\w-]+/poll",
        source="message_bus 4.5.1, captured; channels are parameters",
        parameters=("/*", "__seq", "dlp"),
    ),
    Endpoint(method="GET", path=r"/session/current\.json", source="source 2.9.0.beta9, config/routes.rb"),
    Endpoint(method="GET", path=r"/session/scopes\.json", source="source 2.9.0.beta9, config/routes.rb"),
    Endpoint(method="GET", path=r"/srv/status", source="source 2.9.0.beta9, config/routes.rb"),
    Endpoint(method="GET", path=r"/site/settings\.json", source="source 2.9.0.beta9, config/routes.rb"),
    Endpoint(method="GET", path=r"/about\.json", source="source 2.9.0.beta9, config/routes.rb"),
    Endpoint(
        method="GET",
        path=r"/raw/\d+(/\d+)?",
        source="source 2.9.0.beta9, posts_controller.rb",
        parameters=("page",),
    ),
    Endpoint(method="GET", path=r"/posts/\d+/raw", source="source 2.9.0.beta9, posts_controller.rb"),
    Endpoint(
        method="GET",
        path=r"/private-posts\.json",
        source="source 2.9.0.beta9, posts_controller.rb",
        parameters=("before",),
    ),
    Endpoint(method="GET", path=r"/posts/by_number/\d+/\d+\.json", source="source 2.9.0.beta9, config/routes.rb"),
    Endpoint(
        method="GET",
        path=r"/t/([^/]+/)?\d+/\d+\.json",
        source="source 2.9.0.beta9, config/routes.rb",
        parameters=("include_raw",),
    ),
    Endpoint(
        method="GET",
        path=r"/t/[^/]*[^/\d][^/]*/\d+\.json",
        source="where the external id redirects to; source 2.9.0.beta9, topics_controller.rb",
        parameters=("include_raw",),
    ),
    Endpoint(method="GET", path=r"/t/\d+/post_ids\.json", source="source 2.9.0.beta9, topics_controller.rb"),
    Endpoint(
        method="PUT",
        path=r"/t/\d+/slow_mode\.json",
        source="source 2.9.0.beta9, topics_controller.rb",
        parameters=("seconds", "enabled_until"),
    ),
    Endpoint(
        method="PUT",
        path=r"/polls/vote\.json",
        source="source 2.9.0.beta9, plugins/poll",
        parameters=("post_id", "poll_name", "options"),
    ),
    Endpoint(
        method="PUT",
        path=r"/polls/toggle_status\.json",
        source="source 2.9.0.beta9, plugins/poll",
        parameters=("post_id", "poll_name", "status"),
    ),
    Endpoint(
        method="GET",
        path=r"/polls/voters\.json",
        source="source 2.9.0.beta9, plugins/poll",
        parameters=("post_id", "poll_name", "option_id", "page", "limit"),
    ),
)

PARAMETERS: dict[tuple[str, str], tuple[str, ...]] = {
    ("POST", "/posts.json"): ("tags", "skip_validations", "nested_post", "no_bump", "visible", "import_mode"),
    ("PUT", "/posts/{id}.json"): ("post.original_text", "title"),
    ("POST", "/uploads.json"): ("type", "retain_hours"),
    ("GET", "/t/{id}.json"): ("include_raw", "page", "print"),
    ("GET", "/t/{id}/posts.json"): ("include_raw",),
    ("PUT", "/t/-/{id}.json"): ("title", "category_id", "tags", "topic.tags"),
    ("POST", "/t/{id}/timer.json"): ("duration_minutes",),
    ("GET", "/notifications.json"): ("recent", "limit", "offset", "silent", "filter_by_types"),
    ("PUT", "/notifications/mark-read.json"): ("dismiss_types",),
    ("GET", "/groups/{name}/members.json"): ("limit", "offset"),
    ("GET", "/latest.json"): ("page",),
    ("GET", "/c/{slug}/{id}.json"): ("order", "page", "per_page"),
}
"""Parameters that the source's controllers permit (posts, topics, uploads, notifications, groups, list) and the
document leaves out."""

LIES: dict[tuple[str, str, str], str] = {
    **{
        (method, path, f"{at}reply_to_post_number"): "a number or null; the fixture replied to nothing"
        for method, path, at in (
            ("POST", "/posts.json", ""),
            ("GET", "/posts.json", "latest_posts.*."),
            ("GET", "/posts/{id}.json", ""),
            ("PUT", "/posts/{id}.json", "post."),
            ("GET", "/t/{id}.json", "post_stream.posts.*."),
            ("GET", "/t/{id}/posts.json", "post_stream.posts.*."),
        )
    },
    ("GET", "/posts.json", "latest_posts.*.flair_group_id"): "a number or null",
    ("GET", "/posts.json", "latest_posts.*.reviewable_id"): "a number or null, as elsewhere in the document",
    ("GET", "/t/{id}.json", "topic_timer"): "an object or null; the fixture's topic has no timer",
    ("GET", "/t/{id}.json", "pinned_*"): "a time or null",
    ("GET", "/t/{id}.json", "category_id"): "null for a personal message",
    ("GET", "/c/{slug}/{id}.json", "topic_list.topics.*.bookmarked"): "true or false, as in /latest.json",
    ("GET", "/c/{slug}/{id}.json", "topic_list.topics.*.liked"): "true or false, as in /latest.json",
    ("GET", "/latest.json", "topic_list.topics.*.image_url"): "null for a topic without a picture",
    ("PUT", "/t/{id}/status.json", "topic_status_update"): "an object when a timer was touched",
    ("GET", "/notifications.json", "notifications.*.data*"): "what it holds depends on the type",
    ("POST", "/t/{id}/timer.json", "duration"): "now duration_minutes",
    ("POST", "/uploads.json", "width"): "null for a file that is no picture",
    ("POST", "/uploads.json", "height"): "null for a file that is no picture",
    ("GET", "/groups/{name}/members.json", "members.*.last_*_at"): "null for who never wrote or came",
    ("GET", "/groups/{name}/members.json", "owners.*.*"): "as the members",
    ("GET", "/site.json", "*"): "everything for the web client; the fake has what a bot reads",
    ("GET", "/u/{username}.json", "user.*"): "the fixture looks at its own profile, which shows far more",
    ("GET", "/c/{id}/show.json", "category.*"): "the fixture is an admin, who sees how the category is set up",
}
"""(method, path, pattern of the field): why the document is wrong there, or why the fake says less."""


def endpoint(method: str, path: str) -> Endpoint | None:
    """The endpoint that the document lacks, if this is one."""
    return next((each for each in ENDPOINTS if each.method == method and re.fullmatch(each.path, path)), None)


def parameters(method: str, template: str) -> frozenset[str]:
    """What else a documented endpoint takes."""
    return frozenset(PARAMETERS.get((method, template), ()))
