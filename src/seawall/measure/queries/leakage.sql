-- The settled labels of items drawn from everything that was decided, and whether a machine acted on their visibility.
SELECT
  labels.task_id,
  tasks.decision_id,
  tasks.surface,
  tasks.subject,
  tasks.created,
  samples.probability,
  labels.violates,
  labels.clause,
  EXISTS (
    SELECT 1 FROM grounds
    WHERE grounds.decision_id = tasks.decision_id AND grounds.axis = 'visibility' AND grounds.machine
      AND grounds.action <> 'label'
  ) AS acted
FROM samples
JOIN tasks ON tasks.task_id = samples.task_id
JOIN labels ON labels.task_id = samples.task_id
WHERE samples.frame = '*'
  AND labels.provenance = 'random'
  AND tasks.created >= :since AND tasks.created < :until
ORDER BY tasks.created, labels.task_id
