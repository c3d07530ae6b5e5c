-- One row says whether any statement of one figure is withheld, or it is a guarded part of which another number was told
-- (`value`) than this build tells: nobody has audited what that one gives away beside this build.
SELECT coalesce(bool_or(suppressed), false)
    OR (is_guarded($breakdown, $population) AND NOT coalesce(bool_or(value = $value), false))
FROM statements
WHERE situation = $situation AND organisation = $organisation AND measure = $measure
    AND population = $population AND breakdown = $breakdown AND as_of IS NOT DISTINCT FROM $as_of
    AND figure_identity(
        situation, organisation, measure, population, breakdown,
        CASE WHEN window_basis = 'stated' THEN period_start END, as_of
    ) = $figure_id;
