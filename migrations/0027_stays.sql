-- A resident's row is a stay in a household. Whoever moves has another row there, with the same person.
ALTER TABLE resident ADD COLUMN person BIGINT;
-- The day from which the stay is over, and how: died, moved-out (of the town), moved.
ALTER TABLE resident ADD COLUMN gone_from INTEGER;
ALTER TABLE resident ADD COLUMN gone_how TEXT;

CREATE INDEX resident_by_person ON resident (town, person) WHERE person IS NOT NULL;
-- Who came and who left: registering a town by a list is not among them.
CREATE INDEX register_change_by_day ON register_change (town, from_day, n) WHERE kind <> 'registered';
