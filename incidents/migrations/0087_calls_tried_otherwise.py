"""Which calls somebody tried to make otherwise than by phone, in vain: those that may be given up are among them."""

from django.db import migrations, models

FORWARD = """
CREATE FUNCTION incidents_tried_otherwise() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE incidents_followup SET tried_otherwise = TRUE WHERE id = NEW.follow_up_id AND NOT tried_otherwise;
    RETURN NULL;
END $$;
CREATE TRIGGER incidents_attempt_tried_otherwise AFTER INSERT ON incidents_attempt FOR EACH ROW
    WHEN (NEW.outcome IN ('no_answer', 'voicemail', 'wrong_number') AND NEW.channel <> 'phone')
    EXECUTE FUNCTION incidents_tried_otherwise();

-- Of calls that were made long ago nobody asks any more.
UPDATE incidents_followup SET tried_otherwise = TRUE
WHERE answered_at IS NULL AND cancelled_at IS NULL
    AND id IN (
        SELECT follow_up_id FROM incidents_attempt
        WHERE outcome IN ('no_answer', 'voicemail', 'wrong_number') AND channel <> 'phone'
    );
"""
BACKWARD = """
DROP TRIGGER incidents_attempt_tried_otherwise ON incidents_attempt;
DROP FUNCTION incidents_tried_otherwise();
"""


class Migration(migrations.Migration):
    dependencies = [("incidents", "0086_check_older_rows")]
    operations = [
        migrations.AddField(
            model_name="followup",
            name="tried_otherwise",
            field=models.BooleanField(db_default=False, default=False, editable=False),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
