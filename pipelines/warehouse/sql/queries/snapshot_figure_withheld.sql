-- One row says whether any statement of one figure is withheld.
SELECT coalesce(bool_or(withheld), false)
FROM figures
WHERE situation = $situation AND organisation = $organisation AND measure = $measure
    AND population = $population AND breakdown = $breakdown AND as_of IS NOT DISTINCT FROM $as_of
    AND figure_id = $figure_id;
