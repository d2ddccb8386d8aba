-- Decisions by event type, market and language in a window of event time: all of them, those that did something about
-- visibility, those that were routed to people, and those that did something and were not routed.
SELECT
  type,
  market,
  language,
  SUM(decisions) AS decisions,
  SUM(CASE WHEN action <> 'allow' THEN decisions ELSE 0 END) AS acted,
  SUM(CASE WHEN reviewed THEN decisions ELSE 0 END) AS routed,
  SUM(CASE WHEN action <> 'allow' AND NOT reviewed THEN decisions ELSE 0 END) AS alone
FROM rollups_minute
WHERE minute >= :since_minute AND minute < :until_minute
GROUP BY type, market, language
HAVING SUM(decisions) > 0
ORDER BY type, market, language
