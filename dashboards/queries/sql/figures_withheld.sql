-- One row: how many figures of one organisation's measure and part stand as known on a day and are withheld, of whichever
-- people, so as not to expose a small group.
SELECT count(*)
FROM statements_as_known_on($known_on)
WHERE standing = 'stands'
    AND situation = $situation
    AND measure = $measure
    AND organisation = $organisation
    AND breakdown = $breakdown
    AND suppressed;
