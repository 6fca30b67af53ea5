"""Every page × every persona: the table says who opens what, and a page that is not in it fails.

200 opens, 302 goes elsewhere (to sign-in for the anonymous), 403 exists but not for this role, 404 is not even told.
"""

from __future__ import annotations

import pytest
from django.conf import settings
from django.db import transaction
from django.http import Http404
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from tests.pages_world import world

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PERSONAS = ("anonymous", "outsider", "agent", "coordinator", "elected", "relay", "councillor", "administrator")

# The administration holds the bodies: who has no place in the EPCI is told nothing, everybody else that it is not theirs.
LISTS_OF_GOVERNANCE = ("body_add", "members", "member_add", "delegation_add", "circuit_add")
ACTS_OF_GOVERNANCE = (
    "body_edit", "body_rules", "seat_add", "seat_edit", "seat_succeed", "seat_close", "seat_chair", "member_edit",
    "delegation_end", "step_add", "step_edit",
)  # fmt: skip
ADMINISTRATION = {
    **{f"partners:{name}": ("get", 302, 403, 403, 403, 403, 403, 403, 200) for name in LISTS_OF_GOVERNANCE},
    **{f"partners:{name}": ("get", 302, 404, 403, 403, 403, 403, 403, 200) for name in ACTS_OF_GOVERNANCE},
    **{
        f"partners:{name}": ("post", 302, 404, 403, 403, 403, 403, 403, 302)
        for name in ("seats_order", "steps_order", "step_remove", "circuit_drop")
    },
    "partners:circuit_adopt": ("post", 302, 404, 403, 403, 403, 403, 403, 422),
    "partners:circuit": ("get", 302, 200, 200, 200, 200, 200, 200, 200),
    "partners:circuit_version": ("get", 302, 404, 403, 200, 403, 403, 403, 200),
    "projects:circuit_preview": ("get", 302, 404, 403, 200, 403, 403, 403, 200),
    "projects:project_circuit": ("get", 302, 404, 200, 200, 200, 200, 200, 404),
    "projects:circuit_depart": ("get", 302, 404, 403, 200, 403, 403, 403, 404),
    "projects:act_between": ("get", 302, 404, 403, 200, 403, 403, 403, 404),
    "projects:delegated_report": ("get", 302, 404, 404, 200, 200, 404, 200, 404),
}

# fmt: off
PAGES = {
    # page                                method   anonym.  outsider agent    coord.   elected  relay    council. admin.
    "accessibility":                      ("get",  200,     200,     200,     200,     200,     200,     200,     200),
    "privacy":                            ("get",  200,     200,     200,     200,     200,     200,     200,     200),
    "partners:people":                    ("get",  302,     403,     403,     403,     403,     403,     403,     200),
    "partners:membership_add":            ("get",  302,     403,     403,     403,     403,     403,     403,     200),
    "partners:membership_close":          ("get",  302,     404,     404,     404,     404,     404,     404,     200),
    "partners:directory":                 ("get",  302,     200,     200,     200,     200,     403,     403,     200),
    "partners:partner":                   ("get",  302,     404,     200,     200,     200,     200,     404,     200),
    "partners:partner_add":               ("get",  302,     200,     403,     200,     403,     403,     403,     403),
    "partners:duplicates":                ("get",  302,     200,     403,     200,     403,     403,     403,     403),
    "partners:partners_apart":            ("post", 302,     404,     403,     302,     403,     403,     404,     403),
    "partners:apart_take_back":           ("post", 302,     404,     403,     302,     403,     404,     404,     403),
    "partners:relays_to_erase":           ("get",  302,     200,     403,     200,     403,     403,     403,     403),
    "partners:partner_edit":              ("get",  302,     404,     403,     200,     403,     403,     404,     403),
    "partners:partner_merge":             ("get",  302,     404,     403,     200,     403,     403,     404,     403),
    "partners:relay_add":                 ("get",  302,     404,     403,     200,     403,     403,     404,     403),
    "partners:relay_edit":                ("get",  302,     404,     403,     200,     403,     404,     404,     403),
    "partners:relay_erase":               ("get",  302,     404,     403,     200,     403,     404,     404,     403),
    "partners:invite":                    ("get",  302,     404,     403,     200,     403,     403,     404,     403),
    "partners:invitation_revoke":         ("post", 302,     404,     403,     302,     403,     404,     404,     403),
    # ProConnect does not exist where it is not configured; tests/partners/test_proconnect.py configures it.
    "partners:proconnect":                ("get",  404,     404,     404,     404,     404,     404,     404,     404),
    "partners:proconnect_return":         ("get",  404,     404,     404,     404,     404,     404,     404,     404),
    "partners:invitation":                ("get",  200,     200,     200,     200,     200,     200,     200,     200),
    "partners:bodies":                    ("get",  302,     200,     200,     200,     200,     200,     200,     200),
    "partners:body":                      ("get",  302,     404,     200,     200,     200,     200,     200,     200),
    **ADMINISTRATION,
    "territories:competences":            ("get",  302,     200,     200,     200,     200,     200,     200,     200),
    "territories:competence":             ("get",  302,     404,     200,     200,     200,     200,     200,     200),
    "territories:competence_create":      ("get",  302,     200,     403,     200,     403,     403,     403,     403),
    "territories:competence_edit":        ("get",  302,     404,     403,     200,     403,     403,     403,     403),
    "territories:competence_remove":      ("post", 302,     404,     403,     302,     403,     403,     403,     403),
    "territories:interest_create":        ("get",  302,     404,     403,     200,     403,     403,     403,     403),
    "territories:interest_edit":          ("get",  302,     404,     403,     200,     403,     403,     403,     403),
    "territories:agreement_create":       ("get",  302,     404,     403,     200,     403,     403,     403,     403),
    "territories:agreement_edit":         ("get",  302,     404,     403,     200,     403,     403,     403,     403),
    "territories:positions":              ("get",  302,     404,     403,     200,     403,     403,     403,     403),
    "territories:consultations":          ("get",  302,     200,     200,     200,     200,     403,     200,     403),
    "territories:simulator":              ("get",  302,     200,     200,     200,     200,     403,     200,     403),
    "territories:consultation_create":    ("get",  302,     200,     403,     200,     403,     403,     403,     403),
    "territories:consultation":           ("get",  302,     404,     200,     200,     200,     403,     200,     403),
    "territories:consultation_notify":    ("post", 302,     404,     403,     422,     403,     403,     403,     403),
    "territories:consultation_remind":    ("post", 302,     404,     403,     302,     403,     403,     403,     403),
    "territories:consultation_close":     ("post", 302,     404,     403,     302,     403,     403,     403,     403),
    "territories:consultation_abandon":   ("post", 302,     404,     403,     422,     403,     403,     403,     403),
    "territories:consultation_order":     ("post", 302,     404,     403,     422,     403,     403,     403,     403),
    "territories:consultation_print":     ("get",  302,     404,     200,     200,     200,     403,     200,     403),
    "territories:consultation_answer":    ("get",  302,     404,     403,     200,     403,     403,     403,     403),
    "territories:pooling":                ("get",  302,     200,     200,     200,     200,     403,     200,     403),
    "territories:scheme_edit":            ("get",  302,     200,     403,     200,     403,     403,     403,     403),
    "territories:service_create":         ("get",  302,     200,     403,     200,     403,     403,     403,     403),
    "territories:service":                ("get",  302,     404,     200,     200,     200,     403,     200,     403),
    "territories:service_edit":           ("get",  302,     404,     403,     200,     403,     403,     403,     403),
    "territories:service_key":            ("get",  302,     404,     403,     200,     403,     403,     403,     403),
    "territories:pact":                   ("get",  302,     200,     200,     200,     200,     403,     200,     403),
    "territories:pact_edit":              ("get",  302,     200,     403,     200,     403,     403,     403,     403),
    "territories:year_open":              ("post", 302,     302,     403,     302,     403,     403,     403,     403),
    "territories:amounts":                ("get",  302,     404,     403,     200,     403,     403,     403,     403),
    "territories:fund_create":            ("get",  302,     404,     403,     200,     403,     403,     403,     403),
    "territories:fund_edit":              ("get",  302,     404,     403,     200,     403,     403,     403,     403),
    "territories:fund_remove":            ("post", 302,     404,     403,     302,     403,     403,     403,     403),
    "territories:grant":                  ("get",  302,     404,     200,     200,     200,     403,     200,     403),
    "territories:grant_edit":             ("get",  302,     404,     403,     200,     403,     403,     403,     403),
    "territories:grant_simulate":         ("get",  302,     404,     403,     200,     403,     403,     403,     403),
    "territories:grant_adopt":            ("post", 302,     404,     403,     422,     403,     403,     403,     403),
    "projects:home":                      ("get",  200,     200,     200,     200,     200,     200,     200,     200),
    "projects:list":                      ("get",  302,     200,     200,     200,     200,     200,     200,     200),
    "projects:detail":                    ("get",  302,     404,     200,     200,     200,     200,     200,     404),
    "projects:territory":                 ("get",  302,     200,     200,     200,     200,     200,     200,     200),
    "projects:commune":                   ("get",  302,     404,     200,     200,     200,     200,     200,     200),
    "projects:choose":                    ("post", 302,     404,     404,     404,     404,     404,     404,     404),
    "projects:start":                     ("get",  302,     200,     200,     200,     200,     403,     403,     403),
    "projects:actor_add":                 ("get",  302,     404,     200,     404,     404,     404,     404,     404),
    "projects:actor_suggested":           ("post", 302,     404,     302,     404,     404,     404,     404,     404),
    "projects:actor_edit":                ("get",  302,     404,     200,     404,     404,     404,     404,     404),
    "projects:actor_remove":              ("get",  302,     404,     200,     404,     404,     404,     404,     404),
    "projects:write":                     ("get",  302,     404,     200,     404,     404,     404,     404,     404),
    "projects:move":                      ("post", 302,     404,     302,     403,     403,     403,     403,     404),
    "projects:endorse":                   ("post", 302,     404,     403,     403,     403,     302,     403,     404),
    "projects:submission":                ("get",  302,     404,     200,     200,     200,     200,     200,     404),
    "projects:funding":                   ("get",  302,     404,     200,     404,     404,     404,     404,     404),
    "projects:convergence":               ("get",  302,     404,     200,     200,     200,     200,     200,     404),
    "projects:interest_compare":          ("post", 302,     404,     403,     422,     403,     403,     403,     404),
    "projects:interest_link_forget":      ("post", 302,     404,     403,     302,     403,     403,     403,     404),
    "projects:interest_state":            ("get",  302,     404,     403,     403,     403,     200,     403,     404),
    "projects:actor_weigh":               ("post", 302,     404,     403,     302,     403,     403,     403,     404),
    "projects:actor_map":                 ("get",  302,     404,     200,     200,     200,     200,     200,     404),
    "projects:organisation_link":         ("post", 302,     404,     403,     422,     403,     403,     403,     404),
    "projects:organisation_link_forget":  ("post", 302,     404,     403,     302,     403,     403,     403,     404),
    "projects:tension_forget":            ("post", 302,     404,     403,     302,     404,     404,     404,     404),
    "projects:tension_ease":              ("post", 302,     404,     302,     302,     404,     404,     404,     404),
    "projects:diagnosis":                 ("get",  302,     200,     200,     200,     200,     200,     200,     200),
    "projects:assessment_add":            ("get",  302,     200,     403,     200,     403,     403,     403,     403),
    "projects:assessment_edit":           ("get",  302,     404,     403,     200,     403,     404,     404,     404),
    "projects:interest_edit":             ("get",  302,     404,     403,     403,     403,     200,     403,     404),
    "projects:interest_withdraw":         ("get",  302,     404,     403,     403,     403,     200,     403,     404),
    "projects:investment_programme":      ("get",  302,     200,     200,     200,     200,     200,     200,     200),
    "projects:funding_check":             ("post", 302,     404,     200,     404,     404,     404,     404,     404),
    "projects:money":                     ("get",  302,     404,     200,     200,     200,     200,     200,     404),
    "projects:money_version":             ("post", 302,     404,     403,     422,     403,     403,     403,     404),
    "projects:money_years":               ("post", 302,     404,     403,     422,     403,     403,     403,     404),
    "projects:money_operating":           ("post", 302,     404,     403,     422,     403,     403,     403,     404),
    "projects:operating_years":           ("get",  302,     404,     403,     200,     403,     403,     403,     404),
    "projects:opinions":                  ("get",  302,     404,     200,     200,     200,     200,     200,     404),
    "projects:opinions_mine":             ("get",  302,     200,     200,     200,     200,     200,     200,     200),
    "projects:opinion":                   ("get",  302,     404,     200,     200,     200,     200,     200,     404),
    "projects:opinion_request_withdraw":  ("get",  302,     404,     403,     200,     403,     403,     403,     404),
    "projects:opinion_withdraw":          ("get",  302,     404,     403,     403,     403,     200,     403,     404),
    "projects:remaining":                 ("get",  302,     200,     200,     200,     200,     200,     200,     200),
    "projects:health":                    ("get",  302,     404,     200,     200,     200,     200,     200,     404),
    "projects:actions":                   ("get",  302,     404,     200,     200,     200,     200,     200,     404),
    "projects:action_close":              ("get",  302,     404,     403,     200,     403,     200,     403,     404),
    "projects:effects":                   ("get",  302,     404,     200,     200,     200,     200,     200,     404),
    "projects:indicator":                 ("get",  302,     404,     200,     200,     200,     200,     200,     404),
    "projects:indicator_add":             ("get",  302,     404,     403,     200,     403,     403,     403,     404),
    "projects:indicator_edit":            ("get",  302,     404,     403,     200,     403,     403,     403,     404),
    "projects:indicator_drop":            ("get",  302,     404,     403,     200,     403,     403,     403,     404),
    "projects:surveys":                   ("get",  302,     200,     200,     200,     200,     200,     200,     200),
    "projects:survey_add":                ("get",  302,     200,     403,     200,     403,     403,     403,     403),
    "projects:survey":                    ("get",  302,     404,     200,     200,     200,     200,     200,     404),
    "projects:survey_edit":               ("get",  302,     404,     403,     200,     403,     403,     403,     404),
    "projects:verbatim_remove":           ("post", 302,     404,     403,     302,     403,     403,     403,     404),
    "projects:calendar":                   ("get",  302,     200,     200,     200,     200,     200,     200,     200),
    "projects:calendar_stages":            ("get",  302,     200,     200,     200,     200,     200,     200,     200),
    "projects:calendar_places":            ("get",  302,     200,     200,     200,     200,     200,     200,     200),
    "projects:calendar_address":           ("get",  302,     200,     200,     200,     200,     200,     200,     200),
    "projects:calendar_feed":              ("get",  200,     200,     200,     200,     200,     200,     200,     200),
    "projects:meeting_create":             ("get",  302,     200,     200,     200,     403,     403,     403,     403),
    "projects:meeting":                    ("get",  302,     404,     200,     200,     200,     200,     200,     404),
    "projects:meeting_edit":               ("get",  302,     404,     200,     200,     403,     403,     403,     404),
    "projects:meeting_guests":             ("get",  302,     404,     200,     200,     403,     403,     403,     404),
    "projects:meeting_cancel":             ("get",  302,     404,     200,     200,     403,     403,     403,     404),
    "projects:meeting_minutes":            ("get",  302,     404,     200,     200,     403,     403,     403,     404),
    "projects:project_calendar":           ("get",  302,     404,     200,     200,     200,     200,     200,     404),
    "projects:milestone_edit":             ("get",  302,     404,     200,     200,     403,     403,     403,     404),
    "projects:funder_years":              ("get",  302,     404,     403,     200,     403,     403,     403,     404),
    "projects:money_communes":            ("get",  302,     404,     403,     200,     403,     403,     403,     404),
    "projects:project_objectives":        ("get",  302,     404,     403,     200,     403,     403,     403,     404),
    "projects:absorb":                    ("get",  302,     404,     403,     200,     403,     403,     403,     404),
    "projects:split":                     ("get",  302,     404,     403,     200,     403,     403,     403,     404),
    "projects:copy":                      ("get",  302,     404,     200,     200,     200,     403,     403,     404),
    "projects:mark":                      ("get",  302,     404,     200,     200,     200,     200,     200,     404),
    "projects:grouped":                   ("get",  302,     302,     403,     302,     403,     403,     403,     403),
    "projects:notices":                   ("get",  302,     200,     200,     200,     200,     200,     200,     200),
    "projects:notices_read":              ("post", 302,     302,     302,     302,     302,     302,     302,     302),
    "projects:notice_paces":              ("get",  302,     200,     200,     200,     200,     200,     200,     200),
    "projects:notice_send_again":         ("post", 302,     404,     404,     302,     404,     404,     404,     302),
    "projects:notice_open":               ("post", 302,     404,     404,     302,     404,     404,     404,     404),
    "projects:chronicle":                 ("get",  302,     404,     200,     200,     200,     200,     200,     404),
    "projects:debate":                    ("get",  302,     404,     200,     200,     200,     200,     200,     404),
    "projects:debate_reply":              ("get",  302,     404,     200,     200,     200,     200,     200,     404),
    "projects:debate_correct":            ("get",  302,     404,     200,     403,     403,     403,     403,     404),
    "projects:debate_versions":           ("get",  302,     404,     200,     200,     200,     200,     200,     404),
    "projects:debate_thank":              ("post", 302,     404,     302,     302,     302,     302,     302,     404),
    "projects:debate_hide":               ("get",  302,     404,     403,     200,     403,     403,     403,     404),
    "projects:debate_show":               ("post", 302,     404,     403,     302,     403,     403,     403,     404),
    "projects:debate_file":               ("post", 302,     404,     403,     302,     403,     403,     403,     404),
    "projects:documents":                 ("get",  302,     404,     200,     200,     200,     200,     200,     404),
    "projects:document_version":          ("get",  302,     404,     200,     200,     403,     200,     403,     404),
    "projects:document_download":         ("get",  302,     404,     200,     200,     200,     200,     200,     404),
    "projects:strategy":                  ("get",  302,     200,     200,     200,     200,     200,     200,     200),
    "projects:strategy_edit":             ("get",  302,     200,     403,     200,     403,     403,     403,     403),
    "projects:strategy_plan":             ("get",  302,     200,     403,     200,     403,     403,     403,     403),
    "projects:strategy_levels":           ("post", 302,     404,     403,     422,     403,     403,     403,     403),
    "projects:strategy_node_create":      ("get",  302,     404,     403,     200,     403,     403,     403,     403),
    "projects:strategy_nodes_order":      ("post", 302,     302,     403,     302,     403,     403,     403,     403),
    "projects:strategy_node":             ("get",  302,     404,     403,     200,     403,     403,     403,     403),
    "projects:strategy_node_remove":      ("post", 302,     404,     403,     302,     403,     403,     403,     403),
    "projects:strategy_mandate":          ("get",  302,     200,     403,     200,     403,     403,     403,     403),
    "projects:strategy_orientation_create":("get", 302,     302,     403,     200,     403,     403,     403,     403),
    "projects:strategy_orientations_order":("post", 302,    302,     403,     302,     403,     403,     403,     403),
    "projects:strategy_orientation":      ("get", 302,     404,     403,     200,     403,     403,     403,     403),
    "projects:strategy_orientation_remove": ("post", 302,     404,     403,     302,     403,     403,     403,     403),
    "projects:review_queue":              ("get",  302,     200,     403,     200,     403,     403,     403,     403),
    "projects:review":                    ("get",  302,     404,     403,     200,     403,     403,     403,     404),
    "projects:sessions":                  ("get",  302,     200,     403,     200,     200,     403,     200,     403),
    "projects:session_create":            ("get",  302,     200,     403,     200,     403,     403,     403,     403),
    "projects:session":                   ("get",  302,     404,     404,     200,     200,     404,     200,     404),
    "projects:agenda_add":                ("post", 302,     404,     404,     422,     403,     404,     403,     404),
    "projects:agenda_order":              ("post", 302,     404,     404,     302,     403,     404,     403,     404),
    "projects:session_open":              ("post", 302,     404,     404,     422,     403,     404,     403,     404),
    "projects:session_close":             ("post", 302,     404,     404,     422,     403,     404,     403,     404),
    "projects:session_edit":              ("get",  302,     404,     404,     200,     403,     404,     403,     404),
    "projects:agenda_edit":               ("get",  302,     404,     404,     200,     403,     404,     403,     404),
    "projects:convocation":               ("get",  302,     404,     404,     200,     403,     404,     403,     404),
    "projects:handed_over":               ("post", 302,     404,     404,     302,     403,     404,     403,     404),
    "projects:mailing_send_again":        ("post", 302,     404,     404,     302,     403,     404,     403,     404),
    "projects:session_cancel":            ("get",  302,     404,     404,     200,     403,     404,     403,     404),
    "projects:councillors_send":          ("post", 302,     404,     404,     302,     403,     404,     403,     404),
    "projects:councillors_informed":      ("get",  302,     200,     403,     200,     403,     403,     403,     403),
    "projects:item_file":                 ("get",  302,     404,     404,     200,     200,     404,     200,     404),
    "projects:convocation_print":         ("get",  302,     404,     404,     200,     403,     404,     403,     404),
    "projects:session_note":              ("get",  302,     404,     404,     200,     200,     404,     200,     404),
    "projects:session_pack":              ("get",  302,     404,     404,     200,     200,     404,     200,     404),
    "projects:agenda_remove":             ("get",  302,     404,     404,     200,     403,     404,     403,     404),
    "projects:decide":                    ("get",  302,     404,     404,     200,     403,     404,     403,     404),
    "projects:decision":                  ("get",  302,     404,     404,     200,     200,     404,     200,     404),
    "projects:export":                    ("get",  302,     200,     200,     200,     200,     200,     200,     200),
    "projects:project_file":              ("get",  302,     404,     200,     200,     200,     200,     200,     404),
    "projects:session_publish":           ("post", 302,     404,     404,     422,     403,     404,     403,     404),
    "projects:decision_correct":          ("get",  302,     404,     404,     200,     403,     404,     403,     404),
    "projects:minutes":                   ("get",  302,     404,     404,     200,     403,     404,     403,     404),
    "projects:minutes_settle":            ("post", 302,     404,     404,     422,     403,     404,     403,     404),
    "projects:minutes_print":             ("get",  302,     404,     404,     200,     404,     404,     404,     404),
    "projects:decisions_print":           ("get",  302,     404,     404,     200,     200,     404,     200,     404),
    "projects:register":                  ("get",  302,     200,     403,     200,     200,     403,     200,     403),
    "projects:scdl":                      ("get",  302,     200,     403,     200,     200,     403,     200,     403),
    "projects:act_file":                  ("get",  302,     404,     404,     200,     403,     404,     403,     404),
    "projects:desk":                      ("get",  302,     404,     404,     200,     403,     404,     403,     404),
    "projects:roll":                      ("post", 302,     404,     404,     302,     403,     404,     403,     404),
    "projects:movement":                  ("post", 302,     404,     404,     422,     403,     404,     403,     404),
    "projects:proxy_give":                ("post", 302,     404,     404,     422,     403,     404,     403,     404),
    "projects:proxy_revoke":              ("post", 302,     404,     404,     422,     403,     404,     403,     404),
    "projects:item_call":                 ("post", 302,     404,     404,     422,     403,     404,     403,     404),
    "projects:withdrawal":                ("post", 302,     404,     404,     422,     403,     404,     403,     404),
    "projects:ballot_open":               ("post", 302,     404,     404,     422,     403,     404,     403,     404),
    "projects:ballot_names":              ("post", 302,     404,     404,     422,     403,     404,     403,     404),
    "projects:ballot_close":              ("post", 302,     404,     404,     422,     403,     404,     403,     404),
    "projects:ballot_cancel":             ("post", 302,     404,     404,     422,     403,     404,     403,     404),
    "projects:proclaim":                  ("post", 302,     404,     404,     422,     403,     404,     403,     404),
    "projects:urgent":                    ("get",  302,     404,     404,     200,     403,     404,     403,     404),
    "projects:urgency_settle":            ("post", 302,     404,     404,     422,     403,     404,     403,     404),
    "projects:bring_back":                ("get",  302,     404,     404,     200,     403,     404,     403,     404),
    "projects:desk_count":                ("get",  302,     404,     404,     200,     403,     404,     403,     404),
    "projects:screen":                    ("get",  302,     404,     404,     200,     200,     404,     200,     404),
    "projects:tablet":                    ("get",  302,     404,     404,     403,     200,     404,     403,     404),
    "projects:vote":                      ("post", 302,     404,     404,     403,     422,     404,     403,     404),
    "projects:report":                    ("get",  302,     200,     403,     200,     403,     403,     403,     403),
    "projects:versions":                  ("get",  302,     200,     403,     200,     403,     403,     403,     403),
    "projects:version_download":          ("get",  302,     404,     403,     404,     403,     403,     403,     403),
    "projects:print_start":               ("post", 302,     302,     403,     302,     403,     403,     403,     403),
    "projects:print_progress":            ("get",  302,     404,     404,     200,     404,     404,     404,     404),
    "projects:print_cancel":              ("post", 302,     404,     404,     302,     404,     404,     404,     404),
    "projects:print_again":               ("post", 302,     404,     404,     302,     404,     404,     404,     404),
    "projects:print_download":            ("get",  302,     404,     404,     302,     404,     404,     404,     404),
}
# fmt: on

# Their addresses name a kind of file, or a version of where the person works: what is answered is what they may see.
NO_OBJECT = {"projects:export", "projects:version_download"}

NOT_OURS = {
    "account_": "signing in and out belongs to allauth, which tests it",
    "mfa_": "the second factor belongs to allauth, which tests it",
    "healthz": "answers machines, tested by test_health",
    "readyz": "answers machines, tested by test_health",
    "gallery": "exists while developing only, tested by test_gallery",
}


def every_name(patterns=None, namespace=""):
    """Walk the URL configuration as Django reads it."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLPattern):
            if pattern.name:
                yield namespace + pattern.name
        else:
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from every_name(pattern.url_patterns, inner)


def ours():
    return {name for name in every_name() if not name.startswith(tuple(NOT_OURS))}


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker):
    """The world, made once, with a session of each persona: each cell of the table undoes what it did to them."""
    with django_db_blocker.unblock(), transaction.atomic():
        people, addresses = world()
        yield {persona: session_of(person) for persona, person in people.items()}, addresses
        transaction.set_rollback(True)


def session_of(person):
    client = Client()
    client.force_login(person, BACKEND)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def answer(client, name, method, sessions, args, persona):
    """What one persona gets, undone afterwards: a cell of the table owes nothing to the one before."""
    client.cookies.clear()
    if persona in sessions:
        client.cookies[settings.SESSION_COOKIE_NAME] = sessions[persona]
    with transaction.atomic():
        try:
            status = getattr(client, method)(reverse(name, args=args)).status_code
        except Http404:
            status = 404
        transaction.set_rollback(True)
    return status


def test_no_page_is_missing_from_the_table():
    assert ours() == set(PAGES)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_opens_for_those_it_is_for_and_for_nobody_else(client, made, name):
    sessions, addresses = made
    method, *expected = PAGES[name]
    got = [answer(client, name, method, sessions, addresses.get(name, []), persona) for persona in PERSONAS]
    assert dict(zip(PERSONAS, got, strict=True)) == dict(zip(PERSONAS, expected, strict=True))


@pytest.mark.parametrize("name", [name for name, (method, *_) in PAGES.items() if method == "post"])
def test_an_act_is_refused_to_a_mere_visit(client, made, name):
    sessions, addresses = made
    assert answer(client, name, "get", sessions, addresses.get(name, []), "coordinator") == 405


def test_an_object_of_another_intercommunality_does_not_exist(client, made):
    sessions, addresses = made
    private = {name: args for name, args in addresses.items() if PAGES[name][1] != 200 and name not in NO_OBJECT}
    got = {name: answer(client, name, PAGES[name][0], sessions, args, "outsider") for name, args in private.items()}
    assert got == dict.fromkeys(private, 404)
