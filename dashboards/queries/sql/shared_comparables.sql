-- One row is one side of a thing that speakers of a situation count under different measures.
FROM comparables WHERE situation = $situation ORDER BY ALL;
