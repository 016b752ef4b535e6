"""All tables, one module per family."""

from __future__ import annotations

from .audit import AuditEntry
from .board import CaseBoard
from .case import Case, Event
from .evidence import Evidence, VaultFile
from .letter import Letter
from .office import Account, Draft, Office, Sequence, Setting
from .party import Identity, IdentityToken, ReportedParty, Witness
from .prevention import PreventionActivity
from .sync import Export, Import, Peer, Sibling, Sync

__all__ = [
    "Account",
    "AuditEntry",
    "Case",
    "CaseBoard",
    "Draft",
    "Event",
    "Evidence",
    "Export",
    "Identity",
    "IdentityToken",
    "Import",
    "Letter",
    "Office",
    "Peer",
    "PreventionActivity",
    "ReportedParty",
    "Sequence",
    "Setting",
    "Sibling",
    "Sync",
    "VaultFile",
    "Witness",
]
