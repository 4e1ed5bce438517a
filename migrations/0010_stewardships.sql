-- The contact of a household is looked up for every check: all that is asked stands in the index.
DROP INDEX stewardship_by_node;
CREATE INDEX stewardship_by_node ON stewardship (town, level, node, from_day, until_day, steward);
