"""All tables, one module per family."""

from __future__ import annotations

from .audit import AuditEntry
from .board import CaseBoard
from .case import Case, Event
from .coverage import CoverageEntry, CoveragePlan
from .evidence import Evidence, VaultFile
from .exchange import (
    ForkedDevice,
    HeldIdentity,
    ImportBefore,
    IntakeRow,
    NumberBlock,
    Package,
    PackageFile,
    ParkedRecord,
    Proposal,
    SentCase,
    TrustedKey,
)
from .handover import OpenedLetter, SealedPart
from .letter import Letter
from .lists import ArchivedCase, KnownWord, ListLayout, SavedView, WordGram
from .office import Account, Draft, Office, Sequence, Setting
from .party import Identity, IdentityFile, IdentityToken, ReportedParty, Witness
from .people import CaseLink, MatchKey
from .pledge import Pledge, Signatory
from .prevention import (
    PreventionActivity,
    PreventionFile,
    PreventionRecipient,
    PreventionTarget,
)
from .referral import PledgeLink, Referral, ReferralUpdate
from .rules import LocalHoliday, RegulationFile, RuleOverride
from .steps import CheckMark, Clarification, ClarificationQuestion
from .sync import Export, Import, Peer, Sibling, Sync

__all__ = [
    "Account",
    "ArchivedCase",
    "AuditEntry",
    "Case",
    "CaseBoard",
    "CaseLink",
    "CheckMark",
    "Clarification",
    "ClarificationQuestion",
    "CoverageEntry",
    "CoveragePlan",
    "Draft",
    "Event",
    "Evidence",
    "Export",
    "ForkedDevice",
    "HeldIdentity",
    "Identity",
    "IdentityFile",
    "IdentityToken",
    "Import",
    "ImportBefore",
    "IntakeRow",
    "KnownWord",
    "Letter",
    "ListLayout",
    "LocalHoliday",
    "MatchKey",
    "NumberBlock",
    "Office",
    "OpenedLetter",
    "Package",
    "PackageFile",
    "ParkedRecord",
    "Peer",
    "Pledge",
    "PledgeLink",
    "PreventionActivity",
    "PreventionFile",
    "PreventionRecipient",
    "PreventionTarget",
    "Proposal",
    "Referral",
    "ReferralUpdate",
    "RegulationFile",
    "ReportedParty",
    "RuleOverride",
    "SavedView",
    "SealedPart",
    "SentCase",
    "Sequence",
    "Setting",
    "Sibling",
    "Signatory",
    "Sync",
    "TrustedKey",
    "VaultFile",
    "Witness",
    "WordGram",
]
