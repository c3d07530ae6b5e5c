-- The decisions of one situation that hold.
INSERT INTO decisions BY NAME
SELECT situation, reading_id, claim_id, decision, corrected, why AS reason, reviewer, decided, "row" AS row_number
FROM rows_arriving;
