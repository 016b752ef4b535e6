"""The draft behind the form: saved while typing, opened again, thrown away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from posko_app.app import Posko
from posko_app.cases import drafts

KIND = "report"  # of drafts: the form, whatever kind of intake it asks


class DraftKeeper:
    """Writes only what differs from the last save; an empty form never becomes a draft."""

    def __init__(self, posko: Posko) -> None:
        self._posko = posko
        self.uid = ""
        self.blank: Mapping[str, Any] = {}
        self._saved: Mapping[str, Any] = {}

    def begin(self, blank: Mapping[str, Any]) -> None:
        """Start with an empty form, which looks like `blank`."""
        self.uid = ""
        self.blank = self._saved = blank

    def open(self, uid: str) -> dict[str, Any]:
        """The content of a draft, which is kept on from here. Raises UserError."""
        content = drafts.open_draft(self._posko, uid)
        self.uid = uid
        self._saved = content
        return content

    def save(self, title: str, content: Mapping[str, Any]) -> bool:
        """Keep the form as it stands; False when there was nothing to write. Raises UserError."""
        if content == self._saved or (not self.uid and content == self.blank):
            return False
        self.uid = drafts.save_draft(self._posko, KIND, title, content, self.uid)
        self._saved = content
        return True

    def discard(self) -> None:
        """Throw the draft away. Raises UserError."""
        if self.uid:
            drafts.discard_draft(self._posko, self.uid)
        self.uid = ""
