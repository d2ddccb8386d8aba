"""People look: queues of tasks, one holder at a time, verdicts that cite a clause and become labels.

In: decisions that route to people, the random lane, reports, appeals, quality checks. Out: verdicts, once
they have settled, labels with provenance and probability, questions with dated rulings, and tasks that nobody
looked at in time. Never: two holders of a task, a reviewer on their own verdict, a quota, the most severe
content to who is not cleared.
"""

from seawall.review.lane import Lane
from seawall.review.model import Label, Outcome, Purpose, Reviewer, State, Task, Verdict

__all__ = ["Label", "Lane", "Outcome", "Purpose", "Reviewer", "State", "Task", "Verdict"]
