-- The ordinals of one writer's sealed decisions that match every criterion given, the newest recorded first.
SELECT ordinal
FROM decisions
WHERE writer = $writer
  AND ordinal < $before
  AND ($type::VARCHAR IS NULL OR type = $type)
  AND ($market::VARCHAR IS NULL OR market = $market)
  AND ($action::VARCHAR IS NULL OR action = $action)
  AND ($subject::VARCHAR IS NULL OR subject = $subject)
  AND ($actor::VARCHAR IS NULL OR actor = $actor)
  AND ($since::BIGINT IS NULL OR epoch_us(ts) >= $since)
  AND ($until::BIGINT IS NULL OR epoch_us(ts) < $until)
  AND ($reviewed::BOOLEAN IS NULL OR reviewed = $reviewed)
  AND ($strategy::VARCHAR IS NULL OR list_contains(CASE WHEN $shadow THEN shadow ELSE fired END, $strategy))
  AND ($strategy::VARCHAR IS NOT NULL OR NOT $shadow OR len(shadow) > 0)
ORDER BY ordinal DESC
LIMIT $limit
