-- What people were told in a window that they could appeal, whether they did, what became of it, and whether it was undone for
-- whatever reason: a ground of its decision fell because of a person, and nothing asked for on the same occasion is left.
SELECT
  notices.notice_id,
  notices.decision_id,
  notices.surface,
  notices.market,
  notices.locale,
  notices.machine,
  notices.created,
  appeals.appeal_id,
  appeals.outcome,
  appeals.decided_at,
  (
    EXISTS (
      SELECT 1 FROM grounds JOIN falls ON falls.ground_id = grounds.ground_id
      WHERE grounds.decision_id = notices.decision_id AND falls.reason IN ('verdict', 'appeal', 'undo')
    )
    AND NOT EXISTS (
      SELECT 1 FROM grounds AS told JOIN grounds AS left_over ON left_over.occasion = told.occasion
      WHERE told.decision_id = notices.decision_id AND left_over.axis <> 'support'
        AND NOT EXISTS (SELECT 1 FROM falls WHERE falls.ground_id = left_over.ground_id)
    )
  ) AS reinstated
FROM notices
LEFT JOIN appeals ON appeals.notice_id = notices.notice_id
WHERE notices.kind = 'action' AND notices.appeal_until IS NOT NULL
  AND notices.created >= :since AND notices.created < :until
ORDER BY notices.created, notices.notice_id
