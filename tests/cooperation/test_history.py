"""What the history of a row costs at each write."""

from projects.models import Document, Project


def test_the_manager_of_a_history_is_of_a_class_made_once():
    assert type(Project.history) is type(Project.history) is type(Document.history)
    assert Project.history.model._meta.label == "projects.HistoricalProject"
    assert Document.history.model._meta.label == "projects.HistoricalDocument"
