"""Which projects: reads that chain like sentences."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef, Q

from partners.people.access import carrying, scope_of
from projects.proposals.search import spellings
from projects.proposals.states import AWAITING_REVIEW, BEFORE_ADMISSIBILITY, CARRIED, Status
from projects.proposals.word_models import Held, ProjectWord, Word
from projects.strategy.models import Orientation, StrategyNode
from projects.strategy.tree import keys_below

if TYPE_CHECKING:
    from partners.people.models import User
    from territories.places.models import Intercommunality

FEW = 10_000  # rows that lead to projects, from which it is still quicker to start


class ProjectQuerySet(models.QuerySet):
    """Reads of projects; `visible_to` is the only door from a person to rows."""

    def visible_to(self, user: User, *, each: bool = False) -> ProjectQuerySet:
        """Projects the person may see; `each` says that few of them are looked at, as in `visibility`."""
        return self.filter(self.visibility(user, each=each))

    def visible_in(self, epci: Intercommunality, user: User, *, each: bool = False) -> ProjectQuerySet:
        """The same, of one EPCI."""
        return self.filter(self.visibility(user, each=each, within=epci)).of(epci)

    def visibility(self, user: User, of: str = "", *, each: bool = False, within: Intercommunality | None = None) -> Q:
        """What makes a project visible to a person; `of` leads to it from another table (« project__ »).

        One's own always; a coordinator, all that was submitted; others, what is admissible, in the EPCI where they
        may see everything, in the communes for which they work, in the projects of their partner, and where their
        commune or their partner is asked for its opinion. Municipal councillors also see what is or was on an agenda
        (CGCT, art. L. 5211-40-2). Whichever way the database takes, it finds the same ones; `each` says that few rows
        are looked at, and `within` that only those of an EPCI are: where all of it is read, nothing else is asked.
        """
        if not user.is_authenticated:
            return Q(**{f"{of}pk__in": []})
        if user.is_superuser:
            return Q()
        scope = scope_of(user)

        def where(permission: str) -> Q:
            return Q(**{f"{of}intercommunality_id__in": scope.where(permission)})

        submitted = Q(**{f"{of}submitted_at__isnull": False})
        admissible = submitted & ~Q(**{f"{of}status__in": BEFORE_ADMISSIBILITY})
        own, coordinated = Q(**{f"{of}author": user}), where("review_projects") & submitted
        if within and scope.sees_all(within.pk):
            read = submitted if scope.may("review_projects", within.pk) else admissible
            return own | (Q(**{f"{of}intercommunality": within}) & read)
        links = self.links_of(user)
        if each or not self.are_few(user):
            linked = [Q(Exists(link.filter(project=OuterRef(f"{of}pk")))) for link in links]
            return own | coordinated | (admissible & reduce(or_, linked, where("view_projects")))
        mine = self.model.objects.filter(author=user).order_by().values("pk")
        few = mine.union(*(link.values("project") for link in links), all=True) if links else mine
        return Q(**{f"{of}pk__in": few}) & (own | admissible)

    def links_of(self, user: User) -> list[models.QuerySet]:
        """The rows that lead to the projects which concern the organisations of a person, or that an agenda names."""
        scope, links = scope_of(user), []
        asked = self.linked("opinion_requests").filter(withdrawn_on=None)
        if scope.communes:
            links += [named.filter(commune__in=scope.communes) for named in (self.linked("communes"), asked)]
        if scope.partners:
            links += [named.filter(partner__in=scope.partners) for named in (self.linked("actors"), asked)]
        # Where all that is admissible is read anyway, agendas bring nothing more.
        if councils := scope.where("view_sessions") - scope.where("view_projects") - scope.where("review_projects"):
            links.append(self.linked("agenda_items").filter(intercommunality__in=councils))
        return links

    def are_few(self, user: User) -> bool:
        """Whether a person only reads what concerns them, and that is little: all of it may be named."""
        scope = scope_of(user)
        reads_whole = user.is_superuser or scope.where("view_projects") or scope.where("review_projects")
        return not reads_whole and not self.are_many(user)

    def are_many(self, user: User) -> bool:
        """Whether so many projects concern a person that each had better look for its own rows.

        Where they are few, it is quicker to start from them. Either way gives the same projects: asked once a request.
        """
        if not hasattr(user, "_reads_many"):
            links = self.links_of(user)
            user._reads_many = any(link[FEW : FEW + 1].exists() for link in links)  # type: ignore[attr-defined]
        return user._reads_many  # type: ignore[attr-defined]

    def serving(self, element: StrategyNode) -> ProjectQuerySet:
        """Projects that serve an element of the strategy, or anything below it."""
        under = keys_below(element, StrategyNode.objects.filter(plan=element.plan_id))
        links = self.model.objectives.through.objects.filter(project=OuterRef("pk"), strategynode__in=under)
        return self.filter(Exists(links))

    def judged_by(self, orientation: Orientation) -> ProjectQuerySet:
        """Projects that were found to fit an orientation of the mandate."""
        fits = self.linked("orientation_fits").filter(project=OuterRef("pk"), orientation=orientation)
        return self.filter(Exists(fits))

    def linked(self, name: str) -> models.QuerySet:
        """The rows by which something holds to projects; they name the project, whose own row is not opened."""
        field = self.model._meta.get_field(name)
        rows = field.remote_field.through if field.many_to_many else field.related_model
        return rows._base_manager.order_by()

    def of(self, intercommunality: Intercommunality) -> ProjectQuerySet:
        return self.filter(intercommunality=intercommunality)

    def submitted(self) -> ProjectQuerySet:
        """Everything that left the hands of its author."""
        return self.filter(submitted_at__isnull=False)

    def admissible(self) -> ProjectQuerySet:
        return self.submitted().exclude(status__in=BEFORE_ADMISSIBILITY)

    def alive(self) -> ProjectQuerySet:
        """Those that stand for themselves: a project regrouped lives on in the one that took it over."""
        return self.exclude(status=Status.ABSORBED)

    def awaiting_review(self) -> ProjectQuerySet:
        """What waits for a coordinator."""
        return self.filter(status__in=AWAITING_REVIEW)

    def left_to_complete(self) -> ProjectQuerySet:
        """What was sent back to be completed, and that its author cannot send again.

        None is known (an import, an erased account), the account is closed, or its role ended in this EPCI.
        """
        there = carrying("submit_projects").filter(
            user=OuterRef("author"), intercommunality=OuterRef("intercommunality")
        )
        return self.filter(~Exists(there), status=Status.TO_COMPLETE)

    def carried(self) -> ProjectQuerySet:
        """What was adopted and lives."""
        return self.filter(status__in=CARRIED)

    def matching(
        self, words: str, within: Intercommunality | None = None, *, each: bool = False, held: Held | None = None
    ) -> ProjectQuerySet:
        """Projects whose text holds every word, whatever the case, the accents and the ligatures; `within` says where.

        Where the projects that hold a word are few, they are named; where they are many, or where few are looked at
        (`each`, as in `visibility`), each looks for its own words.
        A word that holds to nearly all of them is looked for in their texts. Whoever asks twice keeps what was `held`.
        """
        found, named = self, None
        for word, keys in (Word.objects.held(words, within) if held is None else held).items():
            if keys is None:
                found = found.filter(reduce(or_, (Q(search_text__holds=one) for one in spellings(word))))
                continue
            links = ProjectWord.objects.filter(word__in=keys).order_by()
            projects = set() if each else set(links.values_list("project", flat=True)[: FEW + 1])
            if each or len(projects) > FEW:
                found = found.filter(Exists(links.filter(project=OuterRef("pk"))))
            else:
                named = projects if named is None else named & projects
        return found if named is None else found.filter(pk__among=named)

    def unshared(self) -> ProjectQuerySet:
        """Those whose objective, as it stands, no actor shares."""
        actors = self.linked("actors").filter(
            project=OuterRef("pk"), endorsements__endorses=True,
            endorsements__objective_version=OuterRef("objective_version"),
        )  # fmt: skip
        return self.filter(~Exists(actors))

    def newest(self, most: int) -> list[int]:
        """The numbers of those that changed last: an index has them in this order, with what tells who sees them."""
        return list(self.order_by("-updated_at", "-pk").values_list("pk", flat=True)[:most])
