"""One concept a file; import from here."""

from incidents.models.bulk import BulkAct, ExportFile, FileForm, JobLine, LineState
from incidents.models.care import CareAnswer, CareReason, CheckIn
from incidents.models.catalogue import (
    Category,
    CategoryField,
    CostKind,
    FieldKind,
    RemedyNature,
    RemedyType,
    RootCause,
)
from incidents.models.customer import (
    Account,
    ContactKind,
    ContactPoint,
    Customer,
    normalize_contact,
    normalize_phone,
    standing_customer,
)
from incidents.models.escalation import LadderRung
from incidents.models.followup import Attempt, Deadline, FollowUp
from incidents.models.handover import Handover
from incidents.models.hours import ClockTarget, OpenHours, SpecialDay
from incidents.models.incident import Concern, Incident, ReferenceCounter, ReviewState
from incidents.models.job import Job, JobKind, JobState
from incidents.models.merge import UNDO_MERGE_FOR, Merge, Resemblance
from incidents.models.money import ApprovalRequest, Limit, Verdict
from incidents.models.need import Handled, HandledHow, NeedKind
from incidents.models.notice import Notice, NoticeKind, NoticeReason
from incidents.models.outbox import (
    HoldReason,
    Outbox,
    OutboxChannel,
    OutboxHold,
    OutboxLine,
    OutboxState,
)
from incidents.models.pattern import Pattern, PatternKind, PatternLink
from incidents.models.playbook import (
    LONGEST_DELAY,
    RETRIED,
    CategoryHere,
    Playbook,
    PlaybookRemedy,
    RemedyTypeHere,
    RetryDelay,
    categories_here,
    playbook_here,
    pre_approval,
    retry_after,
    severity_here,
    types_here,
)
from incidents.models.promise import PromiseMade
from incidents.models.reading import Presence, Word
from incidents.models.recovery import Apology, Closure, Remedy, Round
from incidents.models.reminder import SWEEP, ClockGap, Heartbeat, Reminder, ReminderKind, ReminderState
from incidents.models.staff import Business, Location, MailRule, Membership, Staff, Theme
from incidents.models.timeline import Attachment, AttachmentKind, Draft, Event, Note
from incidents.models.view import SavedView, ViewChoice

__all__ = [
    "LONGEST_DELAY",
    "RETRIED",
    "SWEEP",
    "UNDO_MERGE_FOR",
    "Account",
    "Apology",
    "ApprovalRequest",
    "Attachment",
    "AttachmentKind",
    "Attempt",
    "BulkAct",
    "Business",
    "CareAnswer",
    "CareReason",
    "Category",
    "CategoryField",
    "CategoryHere",
    "CheckIn",
    "ClockGap",
    "ClockTarget",
    "Closure",
    "Concern",
    "ContactKind",
    "ContactPoint",
    "CostKind",
    "Customer",
    "Deadline",
    "Draft",
    "Event",
    "ExportFile",
    "FieldKind",
    "FileForm",
    "FollowUp",
    "Handled",
    "HandledHow",
    "Handover",
    "Heartbeat",
    "HoldReason",
    "Incident",
    "Job",
    "JobKind",
    "JobLine",
    "JobState",
    "LadderRung",
    "Limit",
    "LineState",
    "Location",
    "MailRule",
    "Membership",
    "Merge",
    "NeedKind",
    "Note",
    "Notice",
    "NoticeKind",
    "NoticeReason",
    "OpenHours",
    "Outbox",
    "OutboxChannel",
    "OutboxHold",
    "OutboxLine",
    "OutboxState",
    "Pattern",
    "PatternKind",
    "PatternLink",
    "Playbook",
    "PlaybookRemedy",
    "Presence",
    "PromiseMade",
    "ReferenceCounter",
    "Remedy",
    "RemedyNature",
    "RemedyType",
    "RemedyTypeHere",
    "Reminder",
    "ReminderKind",
    "ReminderState",
    "Resemblance",
    "RetryDelay",
    "ReviewState",
    "RootCause",
    "Round",
    "SavedView",
    "SpecialDay",
    "Staff",
    "Theme",
    "Verdict",
    "ViewChoice",
    "Word",
    "categories_here",
    "normalize_contact",
    "normalize_phone",
    "playbook_here",
    "pre_approval",
    "retry_after",
    "severity_here",
    "standing_customer",
    "types_here",
]
