"""Loading the money of the projects: versions of the funding plan, and the yearly running cost."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from partners.directory.models import Partner
from projects.demo.files import DemoData
from projects.demo.saving import save, written_on
from projects.funding.models import FundingLine, FundingPlan, PaymentCredit
from projects.funding.operating_models import OperatingLine
from projects.funding.vat_rules import with_tax
from projects.funding.year_models import FundingYear
from projects.proposals.models import Project

STATE_GRANTS = {"DETR", "DSIL", "DSID", "DPV"}


def load_funding(data: DemoData, projects: dict[str, Project], partners: dict[str, Partner]) -> None:
    """Write the plans, each with the running costs; the last version of a plan is the one in force.

    The files say one running for all versions, from the day when the project was proposed: a version says it alone
    until the day of its plan, or for good when the service costs no investment.
    """
    for told in data.projects:
        project, plans, running = projects[told["ref"]], told.get("plans", []), told.get("operating", {})
        former = None
        if running:
            with written_on(told["steps"][0]["date"]):
                former = save(_new_version(project, number_of(plans[0]) if plans else 1))
                _load_running(former, running)
        for plan in plans:
            with written_on(day_of(plan, told)):
                former = _load_plan(project, told["investment"], plan, partners, former, running)


def _new_version(project: Project, number: int) -> FundingPlan:
    return FundingPlan(
        intercommunality=project.intercommunality, project=project, number=number, cost_excl_tax=Decimal(0)
    )


def _load_running(plan: FundingPlan, told: dict) -> None:
    for position, line in enumerate(told.get("lines", [])):
        save(
            OperatingLine(
                intercommunality=plan.intercommunality,
                plan=plan,
                label=funder_of(line),
                amount=Decimal(line["amount"]),
                position=position,
            )
        )


def load_programme(data: DemoData, projects: dict[str, Project]) -> None:
    """Write the payment credits, year by year; what was paid before the first year stands in the year before it.

    The files give them without tax, and the rate of the tax of each project that pays it: one rate, so one amount.
    """
    first = data.investment_plan["first_year"]
    in_force = FundingPlan.objects.filter(project__in=projects.values(), is_current=True)
    rates = {told["ref"]: told["investment"]["vat"] for told in data.projects if "investment" in told}
    plans = {plan.project.reference: plan for plan in in_force.select_related("project")}
    for told in data.investment_plan["projects"]:
        plan = plans[told["project"]]
        years = {first - 1: told["before"], **told["years"]}
        rate = rates[told["project"]]
        for year, amount in years.items():
            if amount:
                save(
                    PaymentCredit(
                        intercommunality=plan.intercommunality,
                        plan=plan,
                        year=year,
                        is_until=year < first,
                        amount=Decimal(amount),
                        amount_incl_tax=None if rate is None else with_tax(Decimal(amount), Decimal(rate)),
                    )
                )


def _load_plan(
    project: Project,
    investment: dict,
    told: dict,
    partners: dict[str, Partner],
    former: FundingPlan | None,
    running: dict,
) -> FundingPlan:
    """Write one version, which takes the place of the former one, or fills in the one that said the running alone."""
    number = number_of(told)
    if former and former.number != number:
        former.is_current = False
        save(former)
    is_begun = former is not None and former.number == number
    plan = former if is_begun else _new_version(project, number)
    plan.label = told["label"] or ""
    plan.basis = investment["basis"]
    plan.cost_excl_tax = Decimal(investment["cost_excl_tax"])
    plan.cost_incl_tax = amount_of(investment["cost_incl_tax"])
    plan.recovers_vat = investment["vat_recovered"]
    plan.vat_refund = amount_of(investment["fctva"])
    save(plan)
    if not is_begun:
        _load_running(plan, running)
    for position, line in enumerate(told["lines"]):
        written = save(
            FundingLine(
                intercommunality=project.intercommunality,
                plan=plan,
                funder=funder_of(line),
                partner=partners.get(line.get("partner", "")),
                amount=Decimal(line["amount"]),
                nature=line["nature"],
                is_state_grant=line.get("scheme") in STATE_GRANTS,
                state=line["state_text"],
                position=position,
            )
        )
        for year, amount in line.get("years", {}).items():
            save(
                FundingYear(intercommunality=project.intercommunality, line=written, year=year, amount=Decimal(amount))
            )
    return plan


def day_of(plan: dict, told: dict) -> date:
    """The day of the step that tells of this version, or that on which the project was proposed."""
    steps = told["steps"]
    return next((step["date"] for step in steps if step.get("plan") == plan["version"]), steps[0]["date"])


def number_of(plan: dict) -> int:
    return int(plan["version"].removeprefix("v"))


def amount_of(value: int | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def funder_of(line: dict) -> str:
    """« État — DETR »."""
    return " — ".join(part for part in (line["funder"], line.get("scheme")) if part)
