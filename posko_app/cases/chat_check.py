"""Loads what reading and answering chats needs, and holds it against the lists of choices."""

from __future__ import annotations

from collections.abc import Iterator

from posko_app.rules.vocabulary import load_vocabulary

from .chat_patterns import load_chat_patterns
from .replies import load_replies


def check_resources() -> Iterator[str]:
    """What is wrong with the files for chats, one sentence each; nothing when all is well."""
    try:
        known = load_chat_patterns()
        replies = load_replies()
    except (OSError, ValueError) as error:
        yield str(error)
        return
    words = load_vocabulary()
    for position, category in known.positions.items():
        if not words.has("reported_category", category):
            yield f"chat.toml: {position} means unknown {category}"
    for sex in set(known.sexes.values()):
        if not words.has("sex", sex):
            yield f"chat.toml: unknown sex {sex}"
    for reply in replies:
        for kind in reply.kinds:
            if not words.has("intake_kind", kind):
                yield f"replies.toml: {reply.key} is for unknown {kind}"
