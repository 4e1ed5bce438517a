-- The days on which a key person of a household had fever: few, and listed since the operation began.
-- All that finding them needs stands in the index.
CREATE INDEX round_standing_key_fever ON round_standing (town, day, division, key_feverish)
    WHERE key_feverish > 0;
