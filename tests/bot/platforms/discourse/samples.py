"""What a forum says of a post and of a topic."""

from typing import Any

POST: dict[str, Any] = {
    "id": 123,
    "topic_id": 7,
    "post_number": 3,
    "post_type": 1,
    "user_id": 5,
    "username": "ada",
    "name": "",
    "raw": "!recommend",
    "created_at": "2026-11-25T07:00:00.123Z",
    "version": 2,
    "reply_to_post_number": 2,
    "yours": False,
    "moderator": True,
    "a_field_of_next_year": {"x": 1},
    "polls": [
        {
            "name": "week8",
            "type": "multiple",
            "status": "closed",
            "voters": 3,
            "options": [{"id": "a1", "html": "Tue", "votes": 2}, {"id": "b2", "html": "Wed"}],
        }
    ],
}
TOPIC: dict[str, Any] = {
    "id": 7,
    "title": "Week 8",
    "tags": [{"id": 1, "name": "week-8", "slug": "week-8"}],
    "closed": True,
    "message_bus_last_id": 41,
    "details": {"can_create_post": True},
    "post_stream": {"posts": [POST], "stream": [120, 123]},
}
