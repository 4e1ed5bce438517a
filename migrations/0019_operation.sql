-- What a day is judged by stands in the playbooks' own rows, with the day from which each holds.
ALTER TABLE operation DROP COLUMN zone;
ALTER TABLE operation DROP COLUMN cut_off;
ALTER TABLE operation DROP COLUMN playbook;
ALTER TABLE operation DROP COLUMN playbook_version;
