-- Where a resident was before the checks of a day told otherwise, so that a check taken back leaves
-- the register as it was: the day, and what stood before it.
ALTER TABLE resident ADD COLUMN told_day INTEGER;
ALTER TABLE resident ADD COLUMN before_presence TEXT;
ALTER TABLE resident ADD COLUMN before_since INTEGER;
ALTER TABLE resident ADD COLUMN before_whereabouts TEXT;
