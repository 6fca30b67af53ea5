"""Loading the words that people said: testimonies, each in the debate of the project it speaks of."""

from __future__ import annotations

from projects.debate.models import Contribution
from projects.demo.files import DemoData
from projects.demo.saving import at_noon, save
from projects.proposals.models import Project

NOBODY = "Parole recueillie, anonyme"


def load_debate(data: DemoData, projects: dict[str, Project]) -> None:
    """Write the words gathered by the surveys: nobody in particular said them, an inquiry brought them."""
    for told in data.debate["contributions"]:
        project = projects[told["project"]]
        save(
            Contribution(
                intercommunality=project.intercommunality,
                project=project,
                kind=Contribution.Kind.TESTIMONY,
                text=told["text"],
                author_name=NOBODY,
                organisation=told["organisation"],
                service=told.get("service", ""),
                public=told.get("public", ""),
                written_at=at_noon(told["written_on"]),
                file_position=told.get("file_position"),
            )
        )
