"""Whoever asked for a long list as a file is told when it is ready. It hangs on no incident.

In a transaction of its own: a table that people work with is locked for as short as it takes.
"""

import django.contrib.postgres.operations
from django.db import migrations, models


class Migration(migrations.Migration):
    # The constraints are put back wider in the same transaction.
    squawk_ignores = ("ban-drop-constraint",)
    dependencies = [
        ("incidents", "0085_count_open_along_an_index"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="notice",
            name="notice_kind_known",
        ),
        migrations.RemoveConstraint(
            model_name="notice",
            name="notice_of_an_incident_or_of_learning",
        ),
        migrations.AlterField(
            model_name="notice",
            name="kind",
            field=models.CharField(
                choices=[
                    ("follow_up_due", "Call due"),
                    ("promise_due", "Promise due"),
                    ("receipt_missing", "Receipt missing"),
                    ("apology_due", "Apology due"),
                    ("handover_open", "Handover not taken"),
                    ("assigned", "Given to you"),
                    ("unhappy", "Still unhappy"),
                    ("critical", "Critical incident"),
                    ("step_assigned", "A step for you"),
                    ("approval_waiting", "A question nobody has answered"),
                    ("shift_ended", "Not taken by the end of the shift"),
                    ("approval_asked", "May they give it?"),
                    ("approval_decided", "Your question was answered"),
                    ("went_ahead", "Went ahead without an answer"),
                    ("handed_back", "Given back to you"),
                    ("reopened_twice", "Reopened again"),
                    ("waited_long_enough", "They have not answered us"),
                    ("remedy_due", "Remedy due"),
                    ("nudged", "Somebody asks you to see to it"),
                    ("view_passed", "A view has grown"),
                    ("view_digest", "A view of yours"),
                    ("rising", "It happens more often"),
                    ("basics", "Back to basics"),
                    ("check_in", "How are you?"),
                    ("wants_to_talk", "Somebody would like to talk"),
                    ("prevention_due", "A change is due"),
                    ("procedure_due", "A procedure wants looking at"),
                    ("meeting_soon", "A meeting is near"),
                    ("prevention_yours", "A change for you to make"),
                    ("prevention_held", "A change was checked"),
                    ("prevention_back", "It came back"),
                    ("change_elsewhere", "Another place changed something"),
                    ("minutes", "Minutes to read"),
                    ("procedure_new", "A procedure to read"),
                    ("thanks_asked", "May we name you?"),
                    ("practice_open", "A story to practise on"),
                    ("export_ready", "A list is ready as a file"),
                    ("export_failed", "A list could not be written"),
                ],
                max_length=20,
            ),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "follow_up_due",
                            "promise_due",
                            "receipt_missing",
                            "apology_due",
                            "handover_open",
                            "assigned",
                            "unhappy",
                            "critical",
                            "step_assigned",
                            "approval_waiting",
                            "shift_ended",
                            "approval_asked",
                            "approval_decided",
                            "went_ahead",
                            "handed_back",
                            "reopened_twice",
                            "waited_long_enough",
                            "remedy_due",
                            "nudged",
                            "view_passed",
                            "view_digest",
                            "rising",
                            "basics",
                            "check_in",
                            "wants_to_talk",
                            "prevention_due",
                            "procedure_due",
                            "meeting_soon",
                            "prevention_yours",
                            "prevention_held",
                            "prevention_back",
                            "change_elsewhere",
                            "minutes",
                            "procedure_new",
                            "thanks_asked",
                            "practice_open",
                            "export_ready",
                            "export_failed",
                        ],
                    )
                ),
                name="notice_kind_known",
            ),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("incident__isnull", True),
                        (
                            "kind__in",
                            [
                                "prevention_due",
                                "procedure_due",
                                "meeting_soon",
                                "prevention_yours",
                                "prevention_held",
                                "prevention_back",
                                "change_elsewhere",
                                "minutes",
                                "procedure_new",
                                "thanks_asked",
                                "practice_open",
                                "export_ready",
                                "export_failed",
                            ],
                        ),
                    ),
                    models.Q(
                        ("incident__isnull", False),
                        models.Q(
                            (
                                "kind__in",
                                [
                                    "prevention_due",
                                    "procedure_due",
                                    "meeting_soon",
                                    "prevention_yours",
                                    "prevention_held",
                                    "prevention_back",
                                    "change_elsewhere",
                                    "minutes",
                                    "procedure_new",
                                    "thanks_asked",
                                    "practice_open",
                                    "export_ready",
                                    "export_failed",
                                ],
                            ),
                            _negated=True,
                        ),
                    ),
                    _connector="OR",
                ),
                name="notice_of_an_incident_or_of_learning",
            ),
        ),
    ]
