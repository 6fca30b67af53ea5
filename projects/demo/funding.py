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
    """Write the plans and the running costs; the last version of a plan is the one in force."""
    for told in data.projects:
        project = projects[told["ref"]]
        plans = told.get("plans", [])
        former = None
        for plan in plans:
            with written_on(day_of(plan, told)):
                former = _load_plan(project, told["investment"], plan, partners, former)
        for position, line in enumerate(told.get("operating", {}).get("lines", [])):
            with written_on(told["steps"][0]["date"]):
                save(
                    OperatingLine(
                        intercommunality=project.intercommunality,
                        project=project,
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
    rates = {told["ref"]: told["investment"]["vat"] for told in data.projects if "investment" in told}
    for told in data.investment_plan["projects"]:
        years = {first - 1: told["before"], **told["years"]}
        rate = rates[told["project"]]
        for year, amount in years.items():
            if amount:
                save(
                    PaymentCredit(
                        intercommunality=projects[told["project"]].intercommunality,
                        project=projects[told["project"]],
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
) -> FundingPlan:
    """Write one version, which takes the place of the former one."""
    if former:
        former.is_current = False
        save(former)
    plan = save(
        FundingPlan(
            intercommunality=project.intercommunality,
            project=project,
            number=int(told["version"].removeprefix("v")),
            label=told["label"] or "",
            basis=investment["basis"],
            cost_excl_tax=Decimal(investment["cost_excl_tax"]),
            cost_incl_tax=amount_of(investment["cost_incl_tax"]),
            recovers_vat=investment["vat_recovered"],
            vat_refund=amount_of(investment["fctva"]),
        )
    )
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


def amount_of(value: int | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def funder_of(line: dict) -> str:
    """« État — DETR »."""
    return " — ".join(part for part in (line["funder"], line.get("scheme")) if part)
