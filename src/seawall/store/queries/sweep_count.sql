-- How many decisions a sweep would look at.
SELECT count(*)
FROM decisions
WHERE writer = $writer
  AND ordinal > $after
  AND ordinal < $target
  AND (len($markets::VARCHAR[]) = 0 OR list_contains($markets::VARCHAR[], market))
  AND ($since::BIGINT IS NULL OR epoch_us(ts) >= $since)
  AND ($until::BIGINT IS NULL OR epoch_us(ts) < $until)
  AND ($without::VARCHAR IS NULL OR (list_contains(fired, $without) AND len(undetermined) > 0))
  AND /* chosen */
