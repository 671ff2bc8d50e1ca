"""Every address of the app. One name through the house: url, view, template, test."""

from __future__ import annotations

from django.urls import path, register_converter

from incidents.views import (
    account,
    approvals,
    calls,
    customers,
    deliveries,
    files,
    jobs,
    log,
    manage,
    notices,
    operator,
    people,
    public,
)
from incidents.views.catalogue import categories, overview, questions, settings
from incidents.views.catalogue import remedies as catalogue_remedies
from incidents.views.recover import apologies, coach, endings, handovers, notes, page, promises, remedies
from incidents.views.recover import calls as recover_calls


class Reference:
    """`R-2026-00042`; anything else is no address of ours."""

    regex = r"R-[0-9]{4}-[0-9]{5,9}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


operator.connect()
register_converter(Reference, "reference")
_I = "incidents/<reference:reference>/"

urlpatterns = [
    path("", manage.home, name="home"),
    path("incidents/", manage.incident_list, name="incident-list"),
    path("incidents/new/", log.new, name="log-new"),
    path("incidents/new/fields/", log.fields, name="log-fields"),
    path("incidents/new/open/", log.already_open, name="log-open"),
    path("incidents/new/draft/", log.draft, name="log-draft"),
    path(_I, page.show, name="recover-show"),
    path(_I + "apologize/", apologies.apologize, name="recover-apologize"),
    path(_I + "coach/", coach.coach, name="recover-coach"),
    path(_I + "finding/", apologies.finding, name="recover-finding"),
    path(_I + "remedy/", remedies.remedy, name="recover-remedy"),
    path(_I + "remedy/nothing/", remedies.wants_nothing, name="recover-wants-nothing"),
    path(_I + "remedy/none-due/", remedies.no_remedy_due, name="recover-no-remedy-due"),
    path(_I + "remedy/<int:pk>/offer/", remedies.offer, name="recover-offer"),
    path(_I + "remedy/<int:pk>/take/", remedies.take, name="recover-take"),
    path(_I + "remedy/<int:pk>/start/", remedies.start, name="recover-start"),
    path(_I + "remedy/<int:pk>/decline/", remedies.decline, name="recover-decline"),
    path(_I + "remedy/<int:pk>/change/", remedies.change_remedy, name="recover-change-remedy"),
    path(_I + "remedy/<int:pk>/deliver/", remedies.deliver, name="recover-deliver"),
    path(_I + "remedy/<int:pk>/end/", remedies.end_remedy, name="recover-end-remedy"),
    path(_I + "remedy/<int:pk>/no-receipt/", remedies.waive_receipt, name="recover-waive-receipt"),
    path(_I + "remedy/<int:pk>/let-go/", remedies.let_go, name="recover-let-go"),
    path(_I + "remedy/<int:pk>/ask/", remedies.ask_again, name="recover-ask-again"),
    path(_I + "remedy/<int:pk>/go-ahead/", remedies.go_ahead, name="recover-go-ahead"),
    path(_I + "call/<int:pk>/", recover_calls.follow_up, name="recover-follow-up"),
    path(_I + "call/<int:pk>/reach/", recover_calls.reach, name="recover-reach"),
    path(_I + "promise/", promises.promise, name="recover-promise"),
    path(_I + "promise/<int:pk>/settle/", promises.settle_promise, name="recover-settle-promise"),
    path(_I + "promise/<int:pk>/move/", promises.move_promise, name="recover-move-promise"),
    path(_I + "note/", notes.note, name="recover-note"),
    path(_I + "files/", files.add, name="file-add"),
    path(_I + "files/<int:pk>/", files.show, name="file-show"),
    path(_I + "go-back/", endings.go_back, name="recover-go-back"),
    path(_I + "close/", endings.close, name="recover-close"),
    path(_I + "second-failure/", endings.second_failure, name="recover-second-failure"),
    path(_I + "second-failure/drop/", endings.drop_second_failure, name="recover-drop-second-failure"),
    path(_I + "undo-last/", endings.undo_last, name="recover-undo-last"),
    path(_I + "hand-over/", handovers.hand_over, name="recover-hand-over"),
    path(_I + "accept/", handovers.accept, name="recover-accept"),
    path(_I + "give-back/", handovers.give_back, name="recover-give-back"),
    path(_I + "change/", log.change, name="log-change"),
    path(_I + "undo/", log.undo, name="log-undo"),
    path("calls/", calls.call_list, name="call-list"),
    path("calls/unanswered/", calls.unanswered, name="call-unanswered"),
    path("customers/", customers.customer_list, name="customer-list"),
    path("customers/suggest/", customers.suggest, name="customer-suggest"),
    path("customers/<int:pk>/", customers.show, name="customer-show"),
    path("customers/<int:pk>/change/", customers.change, name="customer-change"),
    path("customers/<int:pk>/contact/", customers.add_contact, name="customer-contact"),
    path("customers/contact/<int:pk>/", customers.mark_contact, name="customer-mark-contact"),
    path("customers/<int:pk>/wish/", customers.wish_for_contact, name="customer-wish"),
    path("notices/", notices.notice_list, name="notice-list"),
    path("notices/bell/", notices.bell, name="notice-bell"),
    path("notices/read/", notices.read_all, name="notice-read-all"),
    path("notices/<int:pk>/", notices.open_notice, name="notice-open"),
    path("approvals/", approvals.approval_list, name="approval-list"),
    path("approvals/<int:pk>/", approvals.show, name="approval-show"),
    path("approvals/<int:pk>/decide/", approvals.decide, name="approval-decide"),
    path("approvals/<int:pk>/review/", approvals.review, name="approval-review"),
    path("jobs/", jobs.job_list, name="job-list"),
    path("jobs/demo/", jobs.demo, name="job-demo"),
    path("jobs/<int:pk>/", jobs.show, name="job-show"),
    path("jobs/<int:pk>/progress/", jobs.progress, name="job-progress"),
    path("jobs/<int:pk>/cancel/", jobs.cancel, name="job-cancel"),
    path("jobs/<int:pk>/retry/", jobs.retry, name="job-retry"),
    path("reminders/", deliveries.delivery_list, name="delivery-list"),
    path("reminders/<int:pk>/retry/", deliveries.retry_reminder, name="delivery-retry-reminder"),
    path("reminders/mails/<int:pk>/retry/", deliveries.retry_mail, name="delivery-retry-mail"),
    path("reminders/retry/", deliveries.retry_all, name="delivery-retry-all"),
    path("reminders/hold/", deliveries.hold, name="delivery-hold"),
    path("reminders/release/", deliveries.release, name="delivery-release"),
    path("profile/", account.profile, name="profile"),
    path("profile/duty/", account.duty, name="profile-duty"),
    path("profile/away/", account.away, name="profile-away"),
    path("start/", account.start, name="start"),
    path("staff/", people.staff_list, name="staff-list"),
    path("staff/new/", people.staff_new, name="staff-new"),
    path("staff/<int:pk>/", people.staff_change, name="staff-change"),
    path("staff/<int:pk>/deactivate/", people.staff_deactivate, name="staff-deactivate"),
    path("staff/<int:pk>/reactivate/", people.staff_reactivate, name="staff-reactivate"),
    path("locations/", people.location_list, name="location-list"),
    path("locations/new/", people.location_new, name="location-new"),
    path("locations/<int:pk>/", people.location_change, name="location-change"),
    path("catalogue/", overview.catalogue, name="catalogue"),
    path("catalogue/categories/", categories.category_list, name="category-list"),
    path("catalogue/categories/new/", categories.category_new, name="category-new"),
    path("catalogue/categories/<int:pk>/", categories.category_change, name="category-change"),
    path("catalogue/categories/<int:pk>/default/", categories.category_default, name="category-default"),
    path("catalogue/categories/<int:pk>/up/", categories.category_move, {"step": -1}, name="category-up"),
    path("catalogue/categories/<int:pk>/down/", categories.category_move, {"step": 1}, name="category-down"),
    path("catalogue/categories/<int:pk>/retire/", categories.category_retire, name="category-retire"),
    path("catalogue/categories/<int:pk>/restore/", categories.category_restore, name="category-restore"),
    path("catalogue/categories/<int:pk>/ask/", questions.category_field, name="category-field"),
    path("catalogue/questions/<int:pk>/", questions.question_change, name="question-change"),
    path("catalogue/questions/<int:pk>/up/", questions.question_move, {"step": -1}, name="question-up"),
    path("catalogue/questions/<int:pk>/down/", questions.question_move, {"step": 1}, name="question-down"),
    path("catalogue/questions/<int:pk>/retire/", questions.question_retire, name="question-retire"),
    path("catalogue/questions/<int:pk>/restore/", questions.question_restore, name="question-restore"),
    path("catalogue/remedies/", catalogue_remedies.remedy_list, name="remedy-list"),
    path("catalogue/remedies/new/", catalogue_remedies.remedy_new, name="remedy-new"),
    path("catalogue/remedies/<int:pk>/", catalogue_remedies.remedy_change, name="remedy-change"),
    path("catalogue/remedies/<int:pk>/default/", catalogue_remedies.remedy_default, name="remedy-default"),
    path("catalogue/remedies/<int:pk>/up/", catalogue_remedies.remedy_move, {"step": -1}, name="remedy-up"),
    path("catalogue/remedies/<int:pk>/down/", catalogue_remedies.remedy_move, {"step": 1}, name="remedy-down"),
    path("catalogue/remedies/<int:pk>/off/", catalogue_remedies.remedy_off, name="remedy-off"),
    path("catalogue/remedies/<int:pk>/on/", catalogue_remedies.remedy_on, name="remedy-on"),
    path("catalogue/limits/", settings.limits, name="limits"),
    path("catalogue/limits/default/", settings.limits_default, name="limits-default"),
    path("catalogue/playbooks/", settings.playbook_list, name="playbook-list"),
    path("catalogue/playbooks/<int:pk>/", settings.playbook_change, name="playbook-change"),
    path("catalogue/playbooks/<int:pk>/default/", settings.playbook_default, name="playbook-default"),
    path("catalogue/delays/", settings.delays, name="delays"),
    path("catalogue/delays/default/", settings.delays_default, name="delays-default"),
    path("board/", public.board, name="board"),
    path("meetings/", public.meetings, name="meetings"),
    path("reports/", public.reports, name="reports"),
    path("tell/", public.tell, name="tell"),
    path("styleguide/", public.styleguide, name="styleguide"),
]
