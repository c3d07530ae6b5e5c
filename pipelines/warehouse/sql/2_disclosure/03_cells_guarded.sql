-- One row is one cell under a guarded key, as it stands or ever stood.
-- `moment` leaves out the window and the speaker: cells of one key, measure and day stand or fall together. `starts`
-- reaches back as far as the window can, since it is only asked what overlaps; a cumulative without a start always.
CREATE TEMP TABLE cells_guarded AS
SELECT
    cells.* EXCLUDE (suppressed, fewer_than), measures.kind, small_cell,
    hash(cells.situation, measure, population, as_of) AS moment,
    hash(cells.situation, cells.organisation, replace(measure, '_to_date', ''), population) AS family,
    CASE
        WHEN kind = 'cumulative' THEN coalesce(period_start, DATE '0001-01-01')
        WHEN kind = 'flow' THEN least(coalesce(period_start, as_of - 2 * coalesce(rhythm_days, 0)), as_of - 1)
    END AS starts,
    bounds_high(qualifier, value, value_high) AS high
FROM (FROM cells_as_ever_stated WHERE guarded) AS cells
JOIN measures USING (measure)
JOIN (SELECT situation, (settings ->> 'small_cell')::INTEGER AS small_cell FROM situations) USING (situation)
LEFT JOIN organisations USING (situation, organisation);
