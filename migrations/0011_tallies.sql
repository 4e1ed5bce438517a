-- The hour of the town's day (0 to 23) in which somebody was first reached: the curve of the day is
-- counted like every other figure. Days told of before are counted by the clock of the whole country.
ALTER TABLE round_standing ADD COLUMN reached_hour INTEGER;
UPDATE round_standing SET reached_hour = (reached_at / 3600000 + 8) % 24 WHERE reached_at IS NOT NULL;

-- Figures at every level from the team area up to the town, each in one row, so that a page of a
-- town reads its villages' rows and adds up nothing. Those of one level and day lie side by side.
CREATE TABLE tally_by_level (
    town BIGINT NOT NULL,
    -- town, village, group
    level TEXT NOT NULL,
    day INTEGER NOT NULL,
    division BIGINT NOT NULL,
    indicator TEXT NOT NULL,
    -- what was counted in the division and everywhere below it
    value BIGINT NOT NULL,
    CONSTRAINT tally_by_level_key PRIMARY KEY (town, level, day, division, indicator)
) /* WITHOUT ROWID */;

INSERT INTO tally_by_level (town, level, day, division, indicator, value)
WITH leaf AS (
    SELECT town, day, division, indicator, value FROM tally
    UNION ALL
    SELECT town, day, division,
           'round.reached-' || CASE WHEN reached_hour < 10 THEN '0' ELSE '' END || CAST(reached_hour AS TEXT), 1
    FROM round_standing WHERE due AND state IN ('done', 'late') AND reached_hour IS NOT NULL
)
SELECT town, level, day, place, indicator, CAST(SUM(value) AS BIGINT) FROM (
    SELECT town, 'group' AS level, day, division AS place, indicator, value FROM leaf WHERE division % 1000 <> 0
    UNION ALL
    SELECT town, 'village', day, division - division % 1000, indicator, value FROM leaf WHERE division % 1000000 <> 0
    UNION ALL
    SELECT town, 'town', day, town * 1000000, indicator, value FROM leaf
) levels
GROUP BY town, level, day, place, indicator;

DROP TABLE tally;
ALTER TABLE tally_by_level RENAME TO tally;
