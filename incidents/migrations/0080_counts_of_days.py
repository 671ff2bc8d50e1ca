"""How many of each kind were reported on each day, kept by triggers; what is open, counted along an index alone."""

from django.db import migrations, models

IS_COUNTED = "NOT is_restricted AND close_reason NOT IN ('void', 'duplicate')"
DAY = "(reported_at AT TIME ZONE 'UTC')::date"
# Rows are only added: nobody waits for somebody else's, and none is lost.
FORWARD = f"""
CREATE FUNCTION incidents_count_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO incidents_daycount (location_id, category_id, day, number, is_packed)
    SELECT location_id, category_id, {DAY}, count(*), FALSE
    FROM added WHERE {IS_COUNTED} GROUP BY 1, 2, 3;
    RETURN NULL;
END $$;
CREATE TRIGGER incidents_incident_count_added AFTER INSERT ON incidents_incident
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION incidents_count_added();

CREATE FUNCTION incidents_count_gone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO incidents_daycount (location_id, category_id, day, number, is_packed)
    SELECT location_id, category_id, {DAY}, -count(*), FALSE
    FROM gone WHERE {IS_COUNTED} GROUP BY 1, 2, 3;
    RETURN NULL;
END $$;
CREATE TRIGGER incidents_incident_count_gone AFTER DELETE ON incidents_incident
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION incidents_count_gone();

CREATE FUNCTION incidents_count_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO incidents_daycount (location_id, category_id, day, number, is_packed)
    SELECT location_id, category_id, {DAY}, number, FALSE FROM (VALUES
        (OLD.location_id, OLD.category_id, OLD.reported_at, OLD.is_restricted, OLD.close_reason, -1),
        (NEW.location_id, NEW.category_id, NEW.reported_at, NEW.is_restricted, NEW.close_reason, 1)
    ) changed (location_id, category_id, reported_at, is_restricted, close_reason, number) WHERE {IS_COUNTED};
    RETURN NULL;
END $$;
CREATE TRIGGER incidents_incident_count_changed AFTER UPDATE ON incidents_incident FOR EACH ROW
    WHEN (OLD.category_id IS DISTINCT FROM NEW.category_id OR OLD.location_id IS DISTINCT FROM NEW.location_id
        OR OLD.reported_at IS DISTINCT FROM NEW.reported_at OR OLD.is_restricted IS DISTINCT FROM NEW.is_restricted
        OR (OLD.close_reason IN ('void', 'duplicate')) IS DISTINCT FROM (NEW.close_reason IN ('void', 'duplicate')))
    EXECUTE FUNCTION incidents_count_changed();

-- The triggers keep writers away until this is committed: nothing is added between.
INSERT INTO incidents_daycount (location_id, category_id, day, number, is_packed)
SELECT location_id, category_id, {DAY}, count(*), TRUE FROM incidents_incident
WHERE NOT is_restricted AND NOT (close_reason IN ('void', 'duplicate')) GROUP BY 1, 2, 3;
"""  # noqa: S608  # nosec B608 - put together of the words above
BACKWARD = """
DROP TRIGGER incidents_incident_count_added ON incidents_incident;
DROP TRIGGER incidents_incident_count_gone ON incidents_incident;
DROP TRIGGER incidents_incident_count_changed ON incidents_incident;
DROP FUNCTION incidents_count_added();
DROP FUNCTION incidents_count_gone();
DROP FUNCTION incidents_count_changed();
"""


class Migration(migrations.Migration):
    dependencies = [("incidents", "0084_one_mail_for_many")]
    operations = [
        migrations.CreateModel(
            name="DayCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("location_id", models.BigIntegerField()),
                ("category_id", models.BigIntegerField()),
                ("day", models.DateField()),
                ("number", models.IntegerField()),
                ("is_packed", models.BooleanField()),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["day"], include=("location_id", "category_id", "number"), name="daycount_by_day"
                    ),
                    models.Index(fields=["day"], condition=models.Q(("is_packed", False)), name="daycount_to_pack"),
                ],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
