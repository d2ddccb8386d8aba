-- The settled labels of the random lane that measure one strategy, each with the probability it was drawn with for that
-- strategy. `same_policy`: the violation found is of the policy that the strategy enforces.
SELECT
  labels.task_id,
  tasks.decision_id,
  tasks.surface,
  tasks.subject,
  tasks.created,
  tasks.project_version,
  tasks.views,
  samples.probability,
  labels.violates,
  labels.clause,
  labels.reviewer,
  labels.at,
  (labels.violates AND labels.clause LIKE CAST(:policy AS TEXT) || '#%') AS same_policy
FROM samples
JOIN tasks ON tasks.task_id = samples.task_id
JOIN labels ON labels.task_id = samples.task_id
WHERE samples.frame = :strategy
  AND labels.provenance = 'random'
  AND tasks.created >= :since AND tasks.created < :until
  AND (CAST(:version AS TEXT) = '' OR tasks.project_version = :version)
ORDER BY tasks.created, labels.task_id
