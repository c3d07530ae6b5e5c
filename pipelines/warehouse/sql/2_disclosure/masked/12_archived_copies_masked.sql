-- Of documents only those are published that a claim or a reading cites as it is published: an address that spells out a
-- part is cut there, so its document and copy are not told either.
DELETE FROM archived_copies AS copies
WHERE address_spells_part(copies.archive) OR NOT EXISTS (
    FROM (
        SELECT situation, url FROM claims_stored
        UNION ALL SELECT situation, url FROM rows_aside
        UNION ALL SELECT situation, address FROM verifications
    ) AS cited
    WHERE cited.situation = copies.situation AND split_part(cited.url, '#', 1) = split_part(copies.url, '#', 1)
);
