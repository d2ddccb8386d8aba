-- How many different accounts the sealed decisions made in a span name, and how many of the accounts of the tail are among them.
SELECT
  COUNT(DISTINCT actor),
  COUNT(DISTINCT actor) FILTER (WHERE actor IN (SELECT unnest($tail::VARCHAR[])))
FROM decisions
WHERE epoch_us(decided_at) >= $since AND epoch_us(decided_at) < $until
