-- What one strategy did in a window: decisions in which it asked for an action, the accounts they met, and how many met
-- the one that was met most often. Help offered is no touch. Items without an account count as one account each.
SELECT
  COUNT(*) AS users,
  COALESCE(SUM(met), 0) AS fires,
  COALESCE(MAX(met), 0) AS most
FROM (
  SELECT COALESCE(actor, target_id) AS account, COUNT(DISTINCT decision_id) AS met
  FROM grounds
  WHERE strategy = :strategy AND machine AND axis <> 'support' AND starts >= :since AND starts < :until
  GROUP BY COALESCE(actor, target_id)
) AS accounts
