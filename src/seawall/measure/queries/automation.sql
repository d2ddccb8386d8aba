-- What was acted on, by surface and market: how often, and how often no human took part. An occasion counts once, however
-- many strategies and axes it touched; a human who confirmed what a machine did has taken part.
SELECT surface, market, COUNT(*) AS acted, SUM(CASE WHEN humans = 0 THEN 1 ELSE 0 END) AS by_machines
FROM (
  SELECT
    occasion,
    COALESCE(MAX(surface), '') AS surface,
    COALESCE(MAX(market), '') AS market,
    SUM(CASE WHEN machine THEN 0 ELSE 1 END) AS humans
  FROM grounds
  WHERE starts >= :since AND starts < :until AND axis <> 'support'
  GROUP BY occasion
) AS occasions
GROUP BY surface, market
ORDER BY surface, market
