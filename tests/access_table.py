"""Who may do what at every address, written by hand: read by tests/test_access_matrix.py."""

from __future__ import annotations

from tests.views.catalogue import addresses
from tests.views.changes import addresses as changes
from tests.views.customers import addresses as customers
from tests.views.hours import addresses as hours
from tests.views.minutes import addresses as minutes
from tests.views.patterns import addresses as patterns
from tests.views.practice import addresses as practice
from tests.views.procedures import addresses as procedures
from tests.views.review import addresses as review
from tests.views.review import room_addresses as room

WHO = ("desk", "manager", "owner", "outsider")
#                        GET by desk, manager,      POST by desk, manager,
#                        administrator, outsider    administrator, outsider
TABLE = """
home                     200 200 200 200            405 405 405 405
incident-list            200 200 200 200            405 405 405 405
view-list                200 200 200 200            405 405 405 405
view-new                 200 200 200 200            422 422 422 422
view-show                200 404 404 404            302 404 404 404
view-change              200 404 404 404            422 404 404 404
view-pin                 405 405 405 405            422 404 404 404
view-move                405 405 405 405            422 404 404 404
view-delete              405 405 405 405            302 404 404 404
log-new                  200 200 200 200            422 422 422 422
log-fields               200 200 200 200            405 405 405 405
log-open                 200 200 200 200            405 405 405 405
log-draft                405 405 405 405            422 422 422 422
recover-show             200 200 200 404            405 405 405 405
recover-part             200 200 200 404            405 405 405 405
recover-looking          200 200 200 404            405 405 405 405
recover-row-part         200 200 200 404            405 405 405 405
recover-draft            405 405 405 405            204 204 204 404
recover-apologize        405 405 405 405            422 422 422 404
recover-coach            405 405 405 405            200 200 200 404
recover-finding          405 405 405 405            403 422 422 404
recover-remedy           405 405 405 405            422 422 422 404
recover-deliver          405 405 405 405            422 422 422 404
recover-end-remedy       405 405 405 405            422 422 422 404
recover-wants-nothing    405 405 405 405            302 302 302 404
recover-no-remedy-due    405 405 405 405            422 422 422 404
recover-offer            405 405 405 405            409 409 409 404
recover-take             405 405 405 405            409 409 409 404
recover-start            405 405 405 405            409 409 409 404
recover-decline          405 405 405 405            422 422 422 404
recover-change-remedy    405 405 405 405            422 422 422 404
recover-waive-receipt    405 405 405 405            422 422 422 404
recover-let-go           405 405 405 405            302 302 302 404
recover-ask-again        405 405 405 405            409 409 409 404
recover-go-ahead         405 405 405 405            422 422 422 404
recover-follow-up        200 200 200 404            422 422 422 404
recover-reach            405 405 405 405            302 302 302 404
recover-promise          405 405 405 405            422 422 422 404
recover-settle-promise   405 405 405 405            422 422 422 404
recover-move-promise     405 405 405 405            422 422 422 404
recover-note             405 405 405 405            422 422 422 404
file-add                 405 405 405 405            422 422 422 404
file-show                200 200 200 404            405 405 405 405
recover-go-back          405 405 405 405            422 422 422 404
recover-close            405 405 405 405            422 422 422 404
recover-second-failure   405 405 405 405            302 302 302 404
recover-drop-second-failure 405 405 405 405         403 302 302 404
recover-undo-last        405 405 405 405            409 409 409 404
recover-wait             405 405 405 405            422 422 422 404
recover-go-on            405 405 405 405            302 302 302 404
recover-hand-over        405 405 405 405            422 422 422 404
recover-meeting          405 405 405 405            302 302 302 404
recover-meeting-off      405 405 405 405            302 302 302 404
recover-accept           405 405 405 405            409 409 409 404
recover-abuse            405 405 405 405            302 302 302 404
recover-think-of         405 405 405 405            403 422 422 404
recover-give-back        405 405 405 405            422 422 422 404
log-change               200 200 200 404            422 422 422 404
log-undo                 405 405 405 405            302 403 403 404
call-list                200 200 200 200            405 405 405 405
call-unanswered          200 200 200 200            422 422 422 422
customer-list            200 200 200 200            405 405 405 405
customer-suggest         200 200 200 200            405 405 405 405
customer-show            200 200 200 200            405 405 405 405
customer-change          200 200 200 200            422 422 422 422
customer-contact         405 405 405 405            422 422 422 422
customer-mark-contact    405 405 405 405            422 422 422 422
customer-wish            405 405 405 405            422 422 422 422
search-everywhere        200 200 200 200            405 405 405 405
notice-list              200 200 200 200            405 405 405 405
notice-bell              200 200 200 200            405 405 405 405
notice-read-all          405 405 405 405            404 404 404 404
notice-open              302 404 404 404            405 405 405 405
approval-list            200 200 200 200            405 405 405 405
approval-show            200 200 200 404            405 405 405 405
approval-decide          405 405 405 405            422 422 422 404
approval-review          405 405 405 405            403 422 422 404
need-remind              405 405 405 405            403 422 422 404
need-take                405 405 405 405            403 422 422 404
need-seen                405 405 405 405            403 422 422 404
need-later               405 405 405 405            403 422 422 404
need-undo                405 405 405 405            403 302 302 404
bulk                     200 200 200 200            422 422 422 422
bulk-give-back           405 405 405 405            409 404 409 404
export                   200 200 200 200            422 422 422 422
export-show              200 404 404 404            405 405 405 405
job-list                 200 200 200 200            405 405 405 405
job-show                 200 404 200 404            405 405 405 405
job-progress             200 404 200 404            405 405 405 405
job-cancel               405 405 405 405            302 404 302 404
job-retry                405 405 405 405            302 404 302 404
job-demo                 403 403 404 403            403 403 404 403
delivery-list            403 200 200 403            403 405 405 403
delivery-retry-reminder  403 405 405 403            403 302 302 403
delivery-retry-mail      403 405 405 403            403 302 302 403
delivery-retry-all       403 405 405 403            403 422 422 403
delivery-hold            403 403 405 403            403 403 302 403
delivery-release         403 403 302 403            403 403 422 403
profile                  200 200 200 200            422 422 422 422
profile-duty             405 405 405 405            422 422 422 422
profile-away             403 405 405 403            403 422 422 403
profile-care             405 405 405 405            422 422 422 422
open-work                403 200 200 403            403 405 405 403
open-work-all            403 200 200 403            403 422 422 403
permissions              200 200 200 200            405 405 405 405
care-show                404 404 200 404            405 405 405 405
care-answer              405 405 405 405            404 404 422 404
start                    404 404 404 404            404 404 404 404
staff-list               403 403 200 403            403 403 405 403
staff-new                403 403 200 403            403 403 422 403
staff-change             403 403 200 403            403 403 422 403
staff-deactivate         403 403 200 403            403 403 302 403
staff-reactivate         403 403 405 403            403 403 302 403
location-list            403 403 200 403            403 403 405 403
location-new             403 403 200 403            403 403 422 403
location-change          403 403 200 403            403 403 422 403
board                    200 200 200 200            405 405 405 405
board-move               200 200 200 404            422 422 422 404
board-assign             200 200 200 404            422 422 422 404
board-undo               405 405 405 405            409 409 409 404
numbers                  403 200 200 403            403 405 405 403
numbers-charts           403 200 200 403            403 405 405 403
numbers-rows             403 200 200 403            403 405 405 403
tell                     200 200 200 200            405 405 405 405
styleguide               200 200 200 200            405 405 405 405
"""
# Of a restricted incident, whoever logged it keeps their own entry and may add to it; the rest is not theirs.
RESTRICTED_FOR_ITS_LOGGER = """
recover-show             200    405
recover-draft            405    204
recover-apologize        405    403
recover-coach            405    403
recover-finding          405    403
recover-remedy           405    403
recover-deliver          405    403
recover-end-remedy       405    403
recover-wants-nothing    405    403
recover-no-remedy-due    405    403
recover-offer            405    403
recover-take             405    403
recover-start            405    403
recover-part             403    405
recover-looking          403    405
recover-row-part         403    405
recover-decline          405    403
recover-change-remedy    405    403
recover-waive-receipt    405    403
recover-let-go           405    403
recover-ask-again        405    403
recover-go-ahead         405    403
approval-show            404    405
approval-decide          405    404
approval-review          405    404
recover-follow-up        403    403
recover-reach            405    403
recover-promise          405    403
recover-settle-promise   405    403
recover-move-promise     405    403
recover-note             405    403
file-add                 405    422
file-show                404    405
recover-go-back          405    403
recover-close            405    403
recover-second-failure   405    403
recover-drop-second-failure 405 403
recover-undo-last        405    403
recover-wait             405    403
recover-go-on            405    403
recover-hand-over        405    403
recover-meeting          405    302
recover-meeting-off      405    302
recover-accept           405    403
board-move               403    403
board-assign             403    403
board-undo               405    403
recover-abuse            405    302
recover-think-of         405    403
recover-give-back        405    403
need-remind              405    403
need-take                405    403
need-seen                405    403
need-later               405    403
need-undo                405    403
log-change               403    403
log-undo                 405    302
"""


def rows(table: str) -> dict[str, list[int]]:
    return {name: [int(code) for code in codes] for name, *codes in map(str.split, table.strip().splitlines())}


EXPECTED = rows(
    TABLE
    + customers.TABLE.lstrip()
    + addresses.TABLE.lstrip()
    + hours.TABLE.lstrip()
    + patterns.TABLE.lstrip()
    + review.TABLE.lstrip()
    + practice.TABLE.lstrip()
    + procedures.TABLE.lstrip()
    + minutes.TABLE.lstrip()
    + changes.TABLE.lstrip()
)
OF_AN_INCIDENT = rows(
    RESTRICTED_FOR_ITS_LOGGER
    + patterns.RESTRICTED_FOR_ITS_LOGGER.lstrip()
    + changes.RESTRICTED_FOR_ITS_LOGGER.lstrip()
    + room.RESTRICTED_FOR_ITS_LOGGER.lstrip()
)
