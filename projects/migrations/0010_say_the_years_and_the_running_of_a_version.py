import django.db.models.deletion
from django.db import migrations, models
from django.db.migrations.exceptions import IrreversibleError
from django.db.models import F, Min, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from cooperation.tables import AlterTables

PARTS = ("PaymentCredit", "OperatingLine")  # what hung on the project, and hangs on a version of its plan from now on
TOGETHER = 2_000
NOT_WRITTEN = {"label": "", "cost_excl_tax": 0, "cost_incl_tax": None, "vat_refund": None, "eligible_cost": None}
NOT_AN_AID = {"state": "", "requested_on": None, "awarded_on": None, "paid_on": None}


def carry(apps, schema_editor):
    """What is there goes to the version in force; the history says of which version each thing was said on its day."""
    first_said = first_days(apps, *(f"Historical{name}" for name in PARTS))
    make_missing_plans(apps, first_said)
    begin_plans_with_what_was_said(apps, first_said)
    current = apps.get_model("projects", "FundingPlan").objects.filter(project=OuterRef("project"), is_current=True)
    openings = openings_of_versions(apps)
    for name in PARTS:
        history = apps.get_model("projects", f"Historical{name}")
        for rows in (apps.get_model("projects", name), history):
            rows.objects.update(plan=Subquery(current.values("pk")[:1]))
        follow_versions(apps, history, openings)
    end_of_statements(schema_editor)


def give_back(apps, schema_editor):
    """The same undone: what the version in force says is said of its project, and versions made for it alone go."""
    plans, past = (apps.get_model("projects", name) for name in ("FundingPlan", "HistoricalFundingPlan"))
    of_plan = plans.objects.filter(pk=OuterRef("plan")).values("project")[:1]
    of_past = past.objects.filter(id=OuterRef("plan")).order_by().values("project")[:1]  # of a version that is gone
    for name in PARTS:
        apps.get_model("projects", name).objects.update(project=Subquery(of_plan))
        history = apps.get_model("projects", f"Historical{name}")
        history.objects.update(project=Coalesce(Subquery(of_plan), Subquery(of_past)))
    made = versions_made_for_it(apps)
    for start in range(0, len(made), TOGETHER):
        some = made[start : start + TOGETHER]
        for name in PARTS:
            apps.get_model("projects", name).objects.filter(plan__in=some).update(plan=None)
        plans.objects.filter(pk__in=some).delete()
        past.objects.filter(id__in=some).delete()
    end_of_statements(schema_editor)


def versions_made_for_it(apps):
    """Those in force that say years or a running, and nothing else."""
    plans = apps.get_model("projects", "FundingPlan").objects
    alone = plans.filter(**NOT_WRITTEN, is_current=True, lines=None, basis="excl", owner_floor=20)
    told = Q()
    for name in PARTS:
        told |= Q(pk__in=apps.get_model("projects", name).objects.values("plan"))
    return sorted(alone.filter(told).values_list("pk", flat=True))


def refuse_a_loss(apps, schema_editor):
    """Undone once it was used, this step would lose what a project cannot say and a version can."""
    parts = [apps.get_model("projects", name).objects for name in PARTS]
    running = [apps.get_model("projects", name).objects for name in ("OperatingLine", "HistoricalOperatingLine")]
    lost = []
    if any(rows.filter(plan__is_current=False).exists() for rows in parts):
        lost.append("les années ou le fonctionnement d’une version remplacée")
    if any(rows.exclude(**NOT_AN_AID).exists() for rows in running):
        lost.append("l’état et les dates d’une aide au fonctionnement")
    if lost:
        raise IrreversibleError(f"Revenir en arrière perdrait {' et '.join(lost)} : restaurez plutôt une sauvegarde.")


def end_of_statements(schema_editor):
    """PostgreSQL alters no table in the transaction that wrote in it before having looked at its keys."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        schema_editor.execute("SET CONSTRAINTS ALL DEFERRED")


def first_days(apps, *names):
    """The first instant that the history of these kinds of things tells, by project."""
    found = {}
    for name in names:
        rows = apps.get_model("projects", name).objects.order_by().values_list("project").annotate(Min("history_date"))
        for project, day in rows.iterator():
            found[project] = min(day, found.get(project, day))
    return found


def make_missing_plans(apps, first_said):
    """A project that had years or a running and no plan in force gets a version that says them alone."""
    plans, history = (apps.get_model("projects", name) for name in ("FundingPlan", "HistoricalFundingPlan"))
    has_one = plans.objects.filter(is_current=True).values("project")
    lacking = {}
    for name in PARTS:
        rows = apps.get_model("projects", name).objects.exclude(project__in=has_one)
        lacking |= dict(rows.order_by().values_list("project", "intercommunality").distinct())
    numbers = dict(plans.objects.order_by().values_list("project").annotate(models.Max("number")))
    made = [
        plans(intercommunality_id=epci, project_id=project, number=numbers.get(project, 0) + 1, cost_excl_tax=0)
        for project, epci in sorted(lacking.items())
    ]
    now = timezone.now()
    for start in range(0, len(made), TOGETHER):
        written = plans.objects.bulk_create(made[start : start + TOGETHER])
        history.objects.bulk_create(
            history(**said_of(plan), history_date=first_said.get(plan.project_id, now), history_type="+")
            for plan in written
        )


def said_of(row):
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def begin_plans_with_what_was_said(apps, first_said):
    """Where years or a running were written before the plan, its first version begins with them, without a cost."""
    history = apps.get_model("projects", "HistoricalFundingPlan")
    late = {
        project
        for project, day in first_days(apps, "HistoricalFundingPlan").items()
        if first_said.get(project, day) < day
    }
    firsts = {}
    for start in range(0, len(late), TOGETHER):
        keys = sorted(late)[start : start + TOGETHER]
        for record in history.objects.filter(project__in=keys).order_by("history_date", "history_id").iterator():
            firsts.setdefault(record.project_id, record)
    copies = []
    for project, record in firsts.items():
        told = said_of(record) | NOT_WRITTEN | {"is_current": True, "history_date": first_said[project]}
        told |= {"history_type": "+", "history_id": None, "basis": "excl", "owner_floor": 20, "owner_floor_reason": ""}
        copies.append(history(**told))
    history.objects.bulk_create(copies, batch_size=TOGETHER)


def openings_of_versions(apps):
    """When each version came into force, in order, for the projects that have several."""
    plans, history = (apps.get_model("projects", name) for name in ("FundingPlan", "HistoricalFundingPlan"))
    several = plans.objects.filter(number__gt=1).values("project")
    found = {}
    rows = history.objects.filter(project__in=several, is_current=True).order_by().values_list("project", "id")
    for project, plan, day in rows.annotate(Min("history_date")).iterator():
        found.setdefault(project, []).append((day, plan))
    return {project: sorted(days) for project, days in found.items() if len(days) > 1}


def follow_versions(apps, history, openings):
    """Say of which version each record was, and have what lasted from a version to the next say so on that day."""
    in_force = apps.get_model("projects", "HistoricalFundingPlan").objects.filter(
        project=OuterRef("project"), is_current=True
    )
    then = in_force.filter(history_date__lte=OuterRef("history_date")).order_by("-history_date", "-history_id")
    first = in_force.order_by("history_date", "history_id")  # what was said before any plan
    projects, added = sorted(openings), []
    for start in range(0, len(projects), TOGETHER):
        rows = history.objects.filter(project__in=projects[start : start + TOGETHER])
        rows.update(plan=Coalesce(Subquery(then.values("id")[:1]), Subquery(first.values("id")[:1])))
        lives = {}
        for record in rows.order_by("history_date", "history_id").iterator():
            lives.setdefault((record.project_id, record.id), []).append(record)
        for (project, _), records in lives.items():
            for day, plan in openings[project]:
                before = [record for record in records if record.history_date < day]
                same_day = any(record.history_date == day for record in records)
                if before and not same_day and before[-1].history_type != "-":
                    told = said_of(before[-1]) | {"history_id": None, "plan_id": plan}
                    added.append(history(**told | {"history_date": day, "history_type": "~"}))
    history.objects.bulk_create(added, batch_size=TOGETHER)


def key(*, historical: bool = False, name: str = "+", null: bool = True):
    more = {"blank": True, "db_constraint": False} if historical else {}
    on_delete = django.db.models.deletion.DO_NOTHING if historical else django.db.models.deletion.CASCADE
    return models.ForeignKey(on_delete=on_delete, null=null, related_name=name, to="projects.fundingplan", **more)


def of_project(name: str):
    """What hangs on a project, before it no longer does; empty while it comes back."""
    return models.ForeignKey(
        on_delete=django.db.models.deletion.CASCADE, null=True, related_name=name, to="projects.project"
    )


DAYS = {"requested_on": "demandée le", "awarded_on": "notifiée le", "paid_on": "versée le"}
RUNNING = ("operatingline", "historicaloperatingline")
TABLES = ("paymentcredit", "historicalpaymentcredit", *RUNNING)
READ = ("fundingplan", "historicalfundingplan", "fundingline")
ORDERED = (Q(requested_on__isnull=True) | Q(awarded_on__isnull=True) | Q(awarded_on__gte=F("requested_on"))) & (
    Q(awarded_on__isnull=True) | Q(paid_on__isnull=True) | Q(paid_on__gte=F("awarded_on"))
)


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0009_say_where_to_look_for_projects_without_funder"),
    ]

    operations = [
        AlterTables(
            (*TABLES, *READ),
            [
                migrations.AddField("historicalpaymentcredit", "plan", key(historical=True)),
                migrations.AddField("historicaloperatingline", "plan", key(historical=True)),
                migrations.AddField("paymentcredit", "plan", key(name="payment_credits")),
                migrations.AddField("operatingline", "plan", key(name="operating_lines")),
                migrations.AlterField("paymentcredit", "project", of_project("payment_credits")),
                migrations.AlterField("operatingline", "project", of_project("operating_lines")),
                migrations.RunPython(carry, give_back),
                migrations.RemoveConstraint("paymentcredit", "one_credit_per_year"),
                migrations.AlterModelOptions(
                    "operatingline",
                    {
                        "ordering": ["plan", "position", "pk"],
                        "verbose_name": "ligne de fonctionnement",
                        "verbose_name_plural": "lignes de fonctionnement",
                    },
                ),
                migrations.AlterModelOptions(
                    "paymentcredit",
                    {
                        "ordering": ["plan", "year"],
                        "verbose_name": "crédit de paiement",
                        "verbose_name_plural": "crédits de paiement",
                    },
                ),
                *(migrations.RemoveField(model, "project") for model in TABLES),
                migrations.AlterField("paymentcredit", "plan", key(name="payment_credits", null=False)),
                migrations.AlterField("operatingline", "plan", key(name="operating_lines", null=False)),
                *(
                    migrations.AddField(
                        model, "state", models.CharField("état", max_length=40, blank=True, default=""), False
                    )
                    for model in RUNNING
                ),
                *(
                    migrations.AddField(model, name, models.DateField(label, null=True, blank=True))
                    for model in RUNNING
                    for name, label in DAYS.items()
                ),
                migrations.AddConstraint(
                    "operatingline",
                    models.CheckConstraint(
                        name="operating_aid_dates_in_order",
                        condition=ORDERED,
                        violation_error_message=(
                            "Une aide est demandée, notifiée, puis versée : remettez ces dates en ordre."
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    "operatingline",
                    models.CheckConstraint(
                        name="only_a_resource_is_an_aid",
                        condition=Q(side="resource")
                        | Q(state="", requested_on__isnull=True, awarded_on__isnull=True, paid_on__isnull=True),
                        violation_error_message=(
                            "Une dépense n’est pas une aide : laissez vides son état et ses dates, "
                            "ou écrivez une ressource."
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    "paymentcredit",
                    models.UniqueConstraint(
                        fields=("plan", "year"),
                        name="one_credit_per_year",
                        violation_error_message="Cette année est déjà programmée.",
                    ),
                ),
                migrations.RunPython(migrations.RunPython.noop, refuse_a_loss),
            ],
        ),
    ]
