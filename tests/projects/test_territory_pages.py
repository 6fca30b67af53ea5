"""The pages of the communes: a map that never breaks, a table that says it all, and one page for each commune."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from datetime import date
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partners.governance.models import Body, ElectedMember, Seat
from partners.people.models import Role
from projects.models import Project, Status
from projects.portfolio.commune_page import BLOCKS
from territories.importers.outlines import Outlines, read_outlines
from territories.models import Commune, Intercommunality, Outline
from tests.factories import (
    make_actor,
    make_agent,
    make_commune,
    make_competence,
    make_coordinator,
    make_epci,
    make_member,
    make_outline,
    make_partner,
    make_population,
    make_project,
)

pytestmark = pytest.mark.django_db
PAGE = "/territoire/"
PAYS_BASQUE = "200067106"
NBSP, NARROW = "\u00a0", "\u202f"


def sign_in(client, user):
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    return user


def villages(epci, count=3, outlined=True, **fields):
    """Communes side by side, each larger than the one before."""
    made = [make_commune(epci, f"Village {number:03d}", **fields) for number in range(count)]
    for number, commune in enumerate(made):
        make_population(commune, 100 * (number + 1), 7)
        if outlined:
            make_outline(commune, west=2 + 0.1 * number)
    return made


@pytest.fixture
def reader(client):
    """A coordinator of an EPCI, signed in."""
    epci = make_epci()
    sign_in(client, make_coordinator(epci))
    return epci


def read(client, address=PAGE):
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def svg_of(page):
    return ET.fromstring(page[page.index('<svg class="map') : page.index("</svg>", page.index('<svg class="map')) + 6])


def names_in(page):
    """The communes of the table, in its order."""
    return re.findall(r'<tr><th scope="row"><a href="[^"]+">([^<]+)</a>', page)


def cells_of(page, commune):
    row = page[page.index(f'<tr><th scope="row"><a href="{reverse("projects:commune", args=[commune.insee_code])}"') :]
    return re.findall(r'<td class="money">([^<]*)</td>', row[: row.index("</tr>")])


# The map


def test_every_commune_of_the_map_opens_its_page_and_says_its_figure(client, reader):
    communes = villages(reader)
    links = {a.get("href"): a.find("title").text for a in svg_of(read(client)).iter("a")}
    assert links == {
        f"/territoire/communes/{commune.insee_code}/": f"{commune.name}{NBSP}: {100 * (n + 1)}{NBSP}habitants"
        for n, commune in enumerate(communes)
    }


@pytest.mark.parametrize(
    ("figure", "said"),
    [
        ("municipale", f"100{NBSP}habitants"),
        ("totale", f"107{NBSP}habitants"),
        ("projets", f"1{NBSP}projet"),
        ("partenaires", f"1{NBSP}partenaire"),
        ("n’importe quoi", f"100{NBSP}habitants"),
    ],
)
def test_the_map_shows_the_figure_chosen(client, reader, figure, said):
    first, *_ = villages(reader)
    project = make_project(reader, status=Status.ADOPTED, scale=Project.Scale.COMMUNE)
    project.communes.add(first)
    make_actor(project, "CAF", partner=make_partner(reader))
    page = read(client, f"{PAGE}?chiffre={figure}")
    assert next(svg_of(page).iter("a")).find("title").text == f"{first.name}{NBSP}: {said}"


def test_the_legend_gives_the_bounds_of_each_class_and_how_many_communes_it_holds(client, reader):
    villages(reader, 10)
    page = read(client)
    assert f"De 100 à 200{NBSP}habitants" in page
    assert f"(2{NBSP}communes)" in page
    assert "class-6" not in page


def test_a_class_of_a_single_figure_is_said_in_words(client, reader):
    villages(reader)
    page = read(client, f"{PAGE}?chiffre=projets")
    assert "Aucun projet" in page


def test_an_outline_older_than_the_others_is_shown_with_its_vintage(client, reader):
    old, *_ = villages(reader)
    Outline.objects.filter(commune=old).update(vintage=2018)
    page = read(client)
    assert page.count("contour de 2018") == 4  # on the shape, when pointed at, under the map, in the table
    assert "Contour plus ancien (2018)" in page
    assert 'class="map__old"' in page
    assert "Contour de 2018, plus ancien" in read(client, reverse("projects:commune", args=[old.insee_code]))


def test_outlines_older_than_the_populations_are_told(client, reader):
    villages(reader)
    Outline.objects.update(vintage=2018)
    page = read(client)
    assert "Les contours sont ceux de 2018." in page
    assert "Les populations sont celles de 2026" in page
    assert 'class="map__old"' not in page


def test_an_outline_without_a_vintage_is_drawn(client, reader):
    villages(reader)
    Outline.objects.update(vintage=None)
    assert len(list(svg_of(read(client)).iter("a"))) == 3


def test_without_any_outline_the_table_stands_alone_and_says_why(client, reader):
    villages(reader, outlined=False)
    page = read(client)
    assert '<svg class="map' not in page
    assert "la carte ne peut pas être dessinée" in page
    assert len(names_in(page)) == 3


def test_communes_without_outline_are_named_under_the_map_and_stay_in_the_table(client, reader):
    *_, last = villages(reader)
    last.outline.delete()
    page = read(client)
    assert f"Sans contour, donc absentes de la carte{NBSP}: {last.name}." in page
    assert len(list(svg_of(page).iter("a"))) == 2
    assert last.name in names_in(page)
    assert "Aucun contour n’est enregistré" in read(client, reverse("projects:commune", args=[last.insee_code]))


def test_islands_holes_and_damaged_outlines_break_nothing(client, reader):
    first, second, third = villages(reader)
    ring = [[2, 47], [3, 47], [3, 48], [2, 48], [2, 47]]
    hole = [[2.4, 47.4], [2.6, 47.4], [2.6, 47.6], [2.4, 47.6], [2.4, 47.4]]
    island = [[4, 47], [4.1, 47], [4.1, 47.1], [4, 47.1], [4, 47]]
    Outline.objects.filter(commune=first).update(
        geometry={"type": "MultiPolygon", "coordinates": [[ring, hole], [island]]}
    )
    Outline.objects.filter(commune=second).update(geometry={"type": "Polygon", "coordinates": "abîmé"})
    Outline.objects.filter(commune=third).update(geometry={"type": "Polygon", "coordinates": [hole]})
    page = read(client)
    paths = [path.get("d") for path in svg_of(page).iter("path") if path.get("id")]
    assert sorted(path.count("M") for path in paths) == [1, 3]
    assert f"absentes de la carte{NBSP}: {second.name}." in page
    for commune in (first, second, third):
        read(client, reverse("projects:commune", args=[commune.insee_code]))


def test_a_changed_outline_is_drawn_again(client, reader):
    first, *_ = villages(reader)
    before = read(client)
    first.outline.delete()
    make_outline(first, south=46.8, side=0.3)
    assert read(client) != before


# The figures and the table


def test_nobody_lives_there_is_not_the_same_as_nobody_knows(client, reader):
    empty, unknown = make_commune(reader, "Beaumont"), make_commune(reader, "Vaux")
    make_population(empty, 0)
    make_outline(empty)
    make_outline(unknown, west=2.1)
    page = read(client)
    assert cells_of(page, empty)[:2] == ["0", "0"]
    assert cells_of(page, unknown)[:2] == ["inconnu", "inconnu"]
    assert f"Beaumont{NBSP}: 0{NBSP}habitant<" in page
    assert f"Vaux{NBSP}: chiffre inconnu" in page
    assert "Chiffre inconnu" in page
    read(client, reverse("projects:commune", args=[empty.insee_code]))
    assert "inconnue" in read(client, reverse("projects:commune", args=[unknown.insee_code]))


def test_a_sum_that_would_hide_an_unknown_figure_is_not_given(client, reader):
    make_population(make_commune(reader, "Beaumont"), 10)
    make_commune(reader, "Vaux")
    page = read(client)
    assert re.search(r"Population municipale</dt><dd>inconnu<", page)


def test_the_latest_populations_are_shown(client, reader):
    commune = make_commune(reader)
    make_population(commune, 500, year=2026)
    make_population(commune, 400, year=2025)
    assert cells_of(read(client), commune)[0] == "500"


def test_the_table_is_sorted_by_any_column_both_ways(client, reader):
    for name, people in (("Écueil", 20), ("Zuydcoote", 10), ("Évran", None), ("Eaubonne", 30)):
        commune = make_commune(reader, name)
        if people is not None:
            make_population(commune, people)
    assert names_in(read(client)) == ["Eaubonne", "Écueil", "Évran", "Zuydcoote"]
    assert names_in(read(client, f"{PAGE}?tri=-commune")) == ["Zuydcoote", "Évran", "Écueil", "Eaubonne"]
    assert names_in(read(client, f"{PAGE}?tri=municipale")) == ["Zuydcoote", "Écueil", "Eaubonne", "Évran"]
    assert names_in(read(client, f"{PAGE}?tri=-municipale")) == ["Eaubonne", "Écueil", "Zuydcoote", "Évran"]
    assert names_in(read(client, f"{PAGE}?tri=pas-une-colonne")) == ["Eaubonne", "Écueil", "Évran", "Zuydcoote"]


def test_the_column_that_sorts_says_so_and_offers_the_other_way(client, reader):
    villages(reader)
    page = read(client, f"{PAGE}?tri=-totale&chiffre=projets")
    assert page.count("aria-sort=") == 1
    header = page[page.index('aria-sort="descending"') :]
    assert header[: header.index("</th>")].count('href="?chiffre=projets&amp;tri=totale#tableau-communes"') == 1


def test_a_column_that_nobody_published_is_left_out(client, reader):
    villages(reader)
    assert "Sièges au conseil" not in read(client)
    Commune.objects.update(council_seats=2)
    assert "Sièges au conseil" in read(client)


def test_only_the_projects_that_the_reader_may_see_are_counted(client):
    epci = make_epci()
    named, other = villages(epci, 2)
    seen = make_project(epci, status=Status.ADOPTED, scale=Project.Scale.COMMUNE)
    seen.communes.add(named)
    make_actor(seen, "CAF", partner=make_partner(epci))
    hidden = make_project(epci, status=Status.SUBMITTED, scale=Project.Scale.COMMUNE)
    hidden.communes.add(named)
    make_actor(hidden, "MSA", partner=make_partner(epci, "MSA"))
    sign_in(client, make_agent(epci))
    assert (cells_of(read(client), named)[2:], cells_of(read(client), other)[2:]) == (["1", "1"], ["0", "0"])
    sign_in(client, make_coordinator(epci))
    assert cells_of(read(client), named)[2:] == ["2", "2"]
    sign_in(client, make_member(epci, Role.ADMINISTRATOR))
    assert cells_of(read(client), named)[2:] == ["0", "0"]


def test_a_project_of_the_whole_intercommunality_concerns_every_commune_once(client, reader):
    first, second = villages(reader, 2)
    everywhere = make_project(reader, status=Status.ADOPTED, scale=Project.Scale.ALL)
    everywhere.communes.add(first)  # named as well, which changes nothing
    local = make_project(reader, status=Status.ADOPTED, scale=Project.Scale.SEVERAL)
    local.communes.add(first)
    partner = make_partner(reader)
    for project in (everywhere, local):
        make_actor(project, partner.name, partner=partner)
    page = read(client)
    assert (cells_of(page, first)[2:], cells_of(page, second)[2:]) == (["2", "1"], ["1", "1"])
    for commune, projects in ((first, 2), (second, 1)):
        shown = read(client, reverse("projects:commune", args=[commune.insee_code]))
        assert f"Ses projets{NBSP}: {projects}" in shown
        assert f"Ses partenaires{NBSP}: 1" in shown


def test_an_intercommunality_without_commune_says_so(client, reader):
    assert "Aucune commune n’est rattachée" in read(client)


# The page of a commune


def test_the_page_of_a_commune_says_who_it_is_with_its_article(client, reader):
    commune = make_commune(reader, "Les Aubrettes", tncc="4", council_seats=3, postcode="96140")
    make_population(commune, 3106, 52)
    make_population(commune, 3000, 50, year=2025)
    make_population(make_commune(reader, "Vaux"), 3158)
    page = read(client, reverse("projects:commune", args=[commune.insee_code]))
    assert "<h1>Commune des Aubrettes</h1>" in page
    assert f"3{NARROW}106 habitants, 52 comptés à part, 3{NARROW}158 au total" in page
    assert f"3{NARROW}000 habitants" in page
    assert f"50,0{NARROW}% de la population totale" in page


def test_a_commune_of_another_intercommunality_or_of_none_has_no_page(client, reader):
    elsewhere = make_commune(make_epci(1), "Ailleurs")
    alone = make_commune(None, "Île-de-Bréhat")
    for insee in (elsewhere.insee_code, alone.insee_code, "00000", "2A0"):
        assert client.get(reverse("projects:commune", args=[insee])).status_code == 404
    page = read(client)
    assert "Ailleurs" not in page
    assert "Île-de-Bréhat" not in page


def test_its_projects_are_told_with_their_state_and_orientation(client, reader):
    commune = make_commune(reader)
    project = make_project(reader, status=Status.ADOPTED, oriented=True, scale=Project.Scale.COMMUNE, title="Halle")
    project.communes.add(commune)
    make_project(reader, status=Status.ADOPTED, title="Ailleurs", scale=Project.Scale.COMMUNE)
    page = read(client, reverse("projects:commune", args=[commune.insee_code]))
    assert f'<a href="/projets/{project.pk}/">{project.reference} Halle</a>' in page
    assert "Adopté" in page
    assert "O1 Des services proches" in page
    assert "cette commune" in page
    assert "Ailleurs" not in page


def test_its_partners_open_for_those_who_read_the_directory_only(client):
    epci = make_epci()
    commune, partner = make_commune(epci), make_partner(epci)
    project = make_project(epci, status=Status.ADOPTED, scale=Project.Scale.ALL)
    make_actor(project, partner.name, partner=partner)
    address, link = reverse("projects:commune", args=[commune.insee_code]), f'href="/partenaires/{partner.pk}/"'
    sign_in(client, make_coordinator(epci))
    assert link in read(client, address)
    sign_in(client, make_member(epci, Role.RELAY, partner=partner))
    page = read(client, address)
    assert partner.name in page
    assert link not in page


def test_its_elected_members_are_told_with_their_seats_and_the_empty_ones(client, reader):
    commune = make_commune(reader)
    council = Body.objects.create(intercommunality=reader, kind="council", name="Conseil", power="deciding")
    member = ElectedMember.objects.create(
        intercommunality=reader, commune=commune, full_name="Rémi Castagnol", municipal_office="maire"
    )
    Seat.objects.create(body=council, member=member, commune=commune, function="9e vice-président")
    Seat.objects.create(body=council, member=member, commune=commune, function="ancien", ends_on=date(2025, 1, 1))
    Seat.objects.create(body=council, commune=commune)
    page = read(client, reverse("projects:commune", args=[commune.insee_code]))
    assert "Rémi Castagnol" in page
    assert "Conseil (9<sup>e</sup> vice-président)" in page
    assert "ancien" not in page
    assert "Siège à pourvoir" in page


def test_its_competences_a_la_carte_are_its_own(client, reader):
    commune = make_commune(reader)
    make_competence(reader, "Écoles du Plateau", "opt_in").communes.add(commune)
    make_competence(reader, "Piscine", "opt_in").communes.add(make_commune(reader, "Vaux"))
    page = read(client, reverse("projects:commune", args=[commune.insee_code]))
    assert "Écoles du Plateau" in page
    assert "Piscine" not in page


def test_every_block_says_something_when_it_is_empty(client, reader):
    page = read(client, reverse("projects:commune", args=[make_commune(reader).insee_code]))
    assert page.count('<section class="block">') == len(BLOCKS)
    assert page.count('<p class="soft">') == len(BLOCKS)


def test_the_page_of_a_project_leads_to_its_communes(client, reader):
    commune, far = make_commune(reader), make_commune(make_epci(1), "Ailleurs")
    project = make_project(reader, status=Status.ADOPTED)
    project.communes.add(commune, far)
    page = read(client, project.get_absolute_url())
    assert f'<a href="/territoire/communes/{commune.insee_code}/">{commune.name}</a>' in page
    assert f"/territoire/communes/{far.insee_code}/" not in page
    assert "Ailleurs" in page


# How much it costs


def queries_of(client, address):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        read(client, address)
    return len(queries)


def test_queries_do_not_grow_with_the_communes_nor_with_their_projects(client, reader):
    def grow(count):
        for commune in villages(reader, count):
            project = make_project(reader, status=Status.ADOPTED, oriented=True, scale=Project.Scale.COMMUNE)
            project.communes.add(commune, first)
            make_actor(project, "CAF", partner=make_partner(reader, f"Partenaire {project.pk}"))
            body = Body.objects.create(
                intercommunality=reader, kind="committee", name=f"Commission {project.pk}", power="advisory"
            )
            member = ElectedMember.objects.create(intercommunality=reader, commune=first, full_name="Rémi Castagnol")
            Seat.objects.create(body=body, member=member)

    first = make_commune(reader, "Première")
    page = reverse("projects:commune", args=[first.insee_code])
    grow(2)
    queries_of(client, PAGE)  # what is read once for a process
    before = queries_of(client, PAGE), queries_of(client, page)
    grow(6)
    queries_of(client, PAGE)  # whoever first reads the sums counts what changed
    assert (queries_of(client, PAGE), queries_of(client, page)) == before


@pytest.fixture
def pays_basque(client, shared_data):
    """The largest EPCI of France by its communes, and someone who reads it. Nobody published its outlines here."""
    files = shared_data / "referentiel" / "communes_epci_2025.csv"
    call_command("import_places", communes=str(files), epci=[PAYS_BASQUE], stdout=StringIO())
    epci = Intercommunality.objects.get(siren=PAYS_BASQUE)
    sign_in(client, make_coordinator(epci))
    return epci


def test_the_158_communes_of_the_pays_basque_are_shown_in_a_table(client, pays_basque):
    page = read(client)
    assert len(names_in(page)) == 158
    assert "la carte ne peut pas être dessinée" in page


def test_a_map_of_158_communes_is_light(client, pays_basque, shared_data):
    """Its communes with the most detailed outlines that there are: those of Corse-du-Sud, then those of Isère."""
    outlines = Outlines()
    for name in ("communes_2A_2018_detaille.geojson", "communes_38_2022_1000m.geojson"):
        read_outlines(shared_data / "contours" / name, outlines)
    for commune, drawn in zip(pays_basque.communes.all(), outlines.by_code.values(), strict=False):
        Outline.objects.create(commune=commune, **drawn)
    answer = client.get(PAGE, HTTP_ACCEPT_ENCODING="gzip")
    assert len(list(svg_of(read(client)).iter("a"))) == 158
    assert len(answer.content) < 80_000


# In a browser


@pytest.mark.django_db(transaction=True)
def test_the_map_is_walked_with_the_keyboard(browser_page, live_server):
    """From the tab key, a commune shows its name, its figure and a visible ring; the enter key opens its page."""
    epci = make_epci()
    first, second, _ = villages(epci)
    client = Client()
    sign_in(client, make_coordinator(epci))
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    browser_page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
    browser_page.goto(PAGE)
    browser_page.get_by_role("link", name="Passer la carte et lire le tableau").focus()
    browser_page.keyboard.press("Tab")
    assert tip_in_focus(browser_page) == f"{first.name}100{NBSP}habitants"
    browser_page.keyboard.press("Tab")
    assert tip_in_focus(browser_page) == f"{second.name}200{NBSP}habitants"
    assert ring_in_focus(browser_page) != "none"
    browser_page.keyboard.press("Enter")
    browser_page.wait_for_url(f"**/territoire/communes/{second.insee_code}/")


def tip_in_focus(page):
    return page.evaluate(
        """() => [...document.querySelectorAll('.map__tip')]
            .filter(tip => getComputedStyle(tip).display !== 'none').map(tip => tip.textContent).join('|')"""
    )


def ring_in_focus(page):
    return page.evaluate("() => getComputedStyle(document.activeElement.querySelector('use')).stroke")
