-- Effects that changed in a window: how long until the platform had them, or how long they have been on their way. One that was
-- overtaken by a newer state of the same effect never had to arrive.
SELECT
  message_id,
  destination,
  created,
  state,
  COALESCE(settled, CAST(:now AS BIGINT)) - created AS waited,
  state = 'sent' AS done
FROM outbox
WHERE created >= :since AND created < :until AND state <> 'superseded'
ORDER BY created, message_id
