-- One row is one contradiction that one of these claims is part of, with its explanation where a person gave one.
WITH near AS MATERIALIZED (
    FROM conflicts_stored
    WHERE rowid IN (
        SELECT stored_row FROM claims_in_conflict WHERE claim IN (SELECT hash(unnest($claims::VARCHAR[])))
    )
)
SELECT rule, explanation AS explanation_en, explanation_es, explanation_pt, explanation_link
FROM near
WHERE situation = $situation AND list_has_any(claims, $claims::VARCHAR[])
ORDER BY explanation_es IS NOT NULL, people DESC, severity DESC, as_of DESC, rule, claims;
