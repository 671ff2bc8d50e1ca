"""What is counted about each incident, and triggers that say when to count anew."""

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import incidents.models.base
from django.db import migrations, models


# One row for each incident of a statement, in the transaction of the change. Never unique: "there is one already" may
# be said of a row that is being taken right now, by somebody who does not see this change yet.
FORWARD = """
CREATE FUNCTION incidents_reckon_of_events() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO incidents_facttoreckon (incident_id)
    SELECT DISTINCT incident_id FROM added WHERE incident_id IS NOT NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER incidents_event_reckon AFTER INSERT ON incidents_event
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION incidents_reckon_of_events();

-- What changes without an event: whose it is, clocks by other hours.
CREATE FUNCTION incidents_reckon_itself() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO incidents_facttoreckon (incident_id) VALUES (NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER incidents_incident_reckon AFTER UPDATE ON incidents_incident FOR EACH ROW
    WHEN (OLD.customer_id IS DISTINCT FROM NEW.customer_id OR OLD.next_due_at IS DISTINCT FROM NEW.next_due_at
        OR OLD.location_id IS DISTINCT FROM NEW.location_id)
    EXECUTE FUNCTION incidents_reckon_itself();

CREATE FUNCTION incidents_reckon_its_incident() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO incidents_facttoreckon (incident_id) VALUES (NEW.incident_id);
    RETURN NULL;
END $$;
CREATE TRIGGER incidents_deadline_reckon AFTER UPDATE ON incidents_deadline FOR EACH ROW
    WHEN (NEW.clock = 'apologize' AND OLD.due_at IS DISTINCT FROM NEW.due_at)
    EXECUTE FUNCTION incidents_reckon_its_incident();
CREATE TRIGGER incidents_review_reckon AFTER UPDATE ON incidents_review FOR EACH ROW
    WHEN (OLD.ended_at IS DISTINCT FROM NEW.ended_at OR OLD.outcome IS DISTINCT FROM NEW.outcome)
    EXECUTE FUNCTION incidents_reckon_its_incident();
CREATE TRIGGER incidents_review_reckon_new AFTER INSERT ON incidents_review FOR EACH ROW
    WHEN (NEW.ended_at IS NOT NULL) EXECUTE FUNCTION incidents_reckon_its_incident();

CREATE FUNCTION incidents_reckon_of_place() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO incidents_facttoreckon (incident_id) SELECT id FROM incidents_incident WHERE location_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER incidents_location_reckon AFTER UPDATE ON incidents_location FOR EACH ROW
    WHEN (OLD.time_zone IS DISTINCT FROM NEW.time_zone) EXECUTE FUNCTION incidents_reckon_of_place();

-- The meeting by which they should have been talked about. Whom it concerns is looked up when they are reckoned:
-- here, somebody whose facts are being written just now would be missed.
CREATE FUNCTION incidents_reckon_of_meeting() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    earliest timestamptz := NEW.starts_at;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        earliest := least(earliest, OLD.starts_at);
    END IF;
    INSERT INTO incidents_facttoreckon (location_id, since) VALUES (NEW.location_id, earliest);
    RETURN NULL;
END $$;
CREATE TRIGGER incidents_meeting_reckon_new AFTER INSERT ON incidents_meeting FOR EACH ROW
    EXECUTE FUNCTION incidents_reckon_of_meeting();
CREATE TRIGGER incidents_meeting_reckon AFTER UPDATE ON incidents_meeting FOR EACH ROW
    WHEN (OLD.starts_at IS DISTINCT FROM NEW.starts_at OR OLD.minutes IS DISTINCT FROM NEW.minutes
        OR OLD.ended_at IS DISTINCT FROM NEW.ended_at OR OLD.cancelled_at IS DISTINCT FROM NEW.cancelled_at)
    EXECUTE FUNCTION incidents_reckon_of_meeting();
"""
BACKWARD = """
DROP TRIGGER incidents_event_reckon ON incidents_event;
DROP TRIGGER incidents_incident_reckon ON incidents_incident;
DROP TRIGGER incidents_deadline_reckon ON incidents_deadline;
DROP TRIGGER incidents_review_reckon ON incidents_review;
DROP TRIGGER incidents_review_reckon_new ON incidents_review;
DROP TRIGGER incidents_location_reckon ON incidents_location;
DROP TRIGGER incidents_meeting_reckon ON incidents_meeting;
DROP TRIGGER incidents_meeting_reckon_new ON incidents_meeting;
DROP FUNCTION incidents_reckon_of_events();
DROP FUNCTION incidents_reckon_itself();
DROP FUNCTION incidents_reckon_its_incident();
DROP FUNCTION incidents_reckon_of_place();
DROP FUNCTION incidents_reckon_of_meeting();
"""


class Migration(migrations.Migration):
    # Tables that are made here and are empty.
    squawk_ignores = ("adding-foreign-key-constraint", "constraint-missing-not-valid")

    dependencies = [
        ("incidents", "0074_search_what_is_new_quickly"),
    ]

    operations = [
        migrations.CreateModel(
            name="FactToReckon",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("incident_id", models.BigIntegerField(null=True)),
                ("location_id", models.BigIntegerField(null=True)),
                ("since", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="FactState",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_only", models.BooleanField(default=True, editable=False, unique=True)),
                ("version", models.BigIntegerField(default=0)),
                ("counted_up_to", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("is_only", True)), name="factstate_only_one")
                ],
            },
        ),
        migrations.CreateModel(
            name="Fact",
            fields=[
                (
                    "incident",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="fact",
                        serialize=False,
                        to="incidents.incident",
                    ),
                ),
                ("customer_id", models.BigIntegerField(null=True)),
                ("severity", models.PositiveSmallIntegerField()),
                ("is_restricted", models.BooleanField()),
                ("flags", models.PositiveIntegerField()),
                ("day", models.DateField()),
                ("first_closed_on", models.DateField(null=True)),
                ("reported_at", models.DateTimeField()),
                ("remedy_seconds", models.FloatField(null=True)),
                ("recovery_seconds", models.FloatField(null=True)),
                ("lag_days", models.IntegerField(null=True)),
                ("minutes", models.PositiveIntegerField(null=True)),
                ("currency", models.CharField(blank=True, max_length=3)),
                (
                    "cost",
                    incidents.models.base.MoneyField(
                        decimal_places=2,
                        max_digits=14,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(9999999),
                        ],
                    ),
                ),
                ("more_costs", models.JSONField(null=True)),
                ("scores", models.PositiveSmallIntegerField()),
                ("high_scores", models.PositiveSmallIntegerField()),
                ("calls_kept", models.PositiveSmallIntegerField()),
                ("calls_missed", models.PositiveSmallIntegerField()),
                ("promises_kept", models.PositiveSmallIntegerField()),
                ("promises_missed", models.PositiveSmallIntegerField()),
                ("sorry_open", models.DateTimeField(null=True)),
                ("step_open", models.DateTimeField(null=True)),
                ("review_open", models.DateTimeField(null=True)),
                (
                    "calls_open",
                    django.contrib.postgres.fields.ArrayField(base_field=models.DateTimeField(), null=True, size=None),
                ),
                (
                    "promises_open",
                    django.contrib.postgres.fields.ArrayField(base_field=models.DateTimeField(), null=True, size=None),
                ),
                ("waits_until", models.DateTimeField(null=True)),
                ("review_asked_at", models.DateTimeField(null=True)),
                ("reviewed_at", models.DateTimeField(null=True)),
                (
                    "category",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="incidents.category",
                    ),
                ),
                (
                    "cause",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="incidents.rootcause",
                    ),
                ),
                (
                    "location",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="incidents.location",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["day"], name="fact_by_day"),
                    models.Index(fields=["location", "day"], name="fact_by_place"),
                    models.Index(fields=["location", "category", "day"], name="fact_by_category"),
                    models.Index(fields=["first_closed_on"], include=("location",), name="fact_by_first_closing"),
                    models.Index(
                        condition=models.Q(("waits_until__isnull", False)),
                        fields=["location", "day"],
                        name="fact_waiting",
                    ),
                    models.Index(
                        condition=models.Q(("is_restricted", True)), fields=["incident"], name="fact_restricted"
                    ),
                    models.Index(
                        condition=models.Q(("review_asked_at__isnull", False)),
                        fields=["location", "review_asked_at"],
                        name="fact_review_asked",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FactMonth",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.DateField()),
                ("version", models.BigIntegerField()),
                (
                    "location",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="incidents.location",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("location", "month"), name="factmonth_once")],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
