"""A request for approval names whoever named the amount: a trigger holds it, whoever writes the row."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION incidents_approval_names_the_proposer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM incidents_remedy r
        WHERE r.id = NEW.remedy_id AND r.incident_id = NEW.incident_id
          AND coalesce(r.proposed_by_id, r.created_by_id) = NEW.proposed_by_id
    ) THEN
        RAISE EXCEPTION 'a request for approval is asked by whoever named the amount'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER incidents_approval_names_the_proposer
    BEFORE INSERT OR UPDATE OF remedy_id, incident_id, proposed_by_id ON incidents_approvalrequest
    FOR EACH ROW EXECUTE FUNCTION incidents_approval_names_the_proposer();
"""
BACKWARD = """
DROP TRIGGER incidents_approval_names_the_proposer ON incidents_approvalrequest;
DROP FUNCTION incidents_approval_names_the_proposer();
"""


class Migration(migrations.Migration):
    dependencies = [("incidents", "0030_check_older_rows")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
