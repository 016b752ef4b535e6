"""Errors the program raises on purpose.

* PoskoError
  - UserError       the user can act on it; its sentence is shown as it is
    - InvalidInput  one or more fields are wrong; carries every problem at once
    - NotAllowed    the person logged in may not do this
  - Cancelled       the user stopped a long task; never shown as an error

Anything else that escapes is a bug and goes to the crash dialog.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class PoskoError(Exception):
    """Base of all deliberate errors."""


class UserError(PoskoError):
    """Something the user can put right: what happened, what is safe, what to do.

    `code` names the kind of failure for programs that read `--json`; once released it never
    changes.
    """

    def __init__(self, message: str, code: str = "user_error") -> None:
        super().__init__(message)
        self.message = message
        self.code = code


@dataclass(frozen=True)
class Problem:
    """What is wrong with one field, in words for the user."""

    field: str
    message: str


class InvalidInput(UserError):
    """Input was rejected; `problems` lists every reason."""

    def __init__(self, problems: Sequence[Problem], message: str = "") -> None:
        text = message or " ".join(p.message for p in problems)
        super().__init__(text, code="invalid_input")
        self.problems = tuple(problems)


class NotAllowed(UserError):
    """The person logged in lacks the permission; the sentence says who has it."""

    def __init__(self, message: str) -> None:
        super().__init__(message, code="not_allowed")


class Cancelled(PoskoError):
    """The user stopped a long task; everything it did is rolled back."""
