-- One row is one claim whose value is not published: a small cell of children, health or a facility, or one that would
-- give it away. The claim itself keeps everything else that its source says.
CREATE TABLE withheld_claims AS
SELECT situation, claim_id, fewer_than IS NOT NULL AS is_small FROM claims WHERE suppressed;
