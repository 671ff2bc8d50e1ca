"""What managers lead by: the board, its filters and views, bulk changes, patterns, who has what."""

from __future__ import annotations

from bench.pages import LIST, Page

LEADING = (
    Page("board, columns", "manager", "/board/?view=all", 5, LIST, is_planned=True),
    Page("board, table", "manager", "/board/?view=all&as=table", 5, LIST, is_planned=True),
    Page("board, filtered", "manager", "/board/?view=all&severity=major&source=customer", 5, LIST, is_planned=True),
    Page("board, table by report", "manager", "/board/?view=all&as=table&sort=reported", 5, LIST, is_planned=True),
    Page("list, quiet for 48 h", "manager", "/incidents/?quiet=48", 5, LIST, is_planned=True),
    Page("saved views", "manager", "/views/", 6, is_planned=True),
    Page("bulk, all that is open", "manager", "/bulk/?view=all", 6, is_planned=True),
    Page("patterns, 28 days", "manager", "/patterns/", 6, is_planned=True),
    Page("who has what", "manager", "/open-work/", 6, is_planned=True),
    Page("who may what", "manager", "/permissions/", 5),
)
