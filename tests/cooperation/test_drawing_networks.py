"""What ties organisations, drawn: everyone tied is there, nothing is told by colour alone, words can be read."""

from __future__ import annotations

from itertools import combinations

from django.template.loader import render_to_string

from cooperation.drawing.networks import DASHES, MOST_NODES, Strand, draw_network, walk

NAMES = ["CCVO", "Commune", "Office de tourisme du Val", "Hébergeurs", "Pêcheurs", "Familles"]
LAKE = [
    Strand(2, 3, "habitude", 2),
    Strand(1, 4, "convention", 1),
    Strand(0, 1, "financement", 0),
    Strand(0, 1, "tension", 3),
    Strand(0, 2, "financement", 0),
]


def drawn(strands=LAKE, names=NAMES):
    return draw_network(names, strands, title="Liens")


def test_those_who_are_tied_are_drawn_and_nobody_else():
    assert {box.name for box in drawn().boxes} == set(NAMES) - {"Familles"}
    assert len(drawn().threads) == len(LAKE)


def test_each_kind_has_its_dashes_and_each_line_its_word():
    html = render_to_string("drawing/_network.html", {"network": drawn()})
    assert len(set(DASHES)) == len(DASHES)
    for strand in LAKE:
        assert f">{strand.word}</text>" in html
        assert f'stroke-dasharray="{DASHES[strand.family]}"' in html
    assert "<title>CCVO → Commune, tension</title>" in html


def test_several_lines_between_the_same_two_never_lie_on_one_another():
    both_ways = [Strand(0, 1, "financement", 0), Strand(1, 0, "convention", 1), Strand(0, 1, "tension", 3)]
    assert len({thread.path.partition("Q")[2].partition(" ")[0] for thread in drawn(both_ways).threads}) == 3
    assert len({(thread.x, thread.y) for thread in drawn(both_ways).threads}) == 3


def test_no_box_covers_another_nor_leaves_the_drawing():
    for size in range(2, MOST_NODES + 1):
        names = [f"Organisation au nom assez long, numéro {number}" for number in range(size)]
        network = drawn([Strand(n, (n + 1) % size, "habitude", 2) for n in range(size)], names)
        for one, other in combinations(network.boxes, 2):
            assert abs(one.x - other.x) >= one.width or abs(one.y - other.y) >= (one.height + other.height) / 2, size
        for box in network.boxes:
            left, top = box.corner
            assert left >= 0 and top >= 0
            assert left + box.width <= network.width and top + box.height <= network.height


def test_a_word_covers_neither_a_box_nor_another_word():
    rooms = [(thread.x, thread.y, thread.word_box[2] / 2, 10) for thread in drawn().threads]
    rooms += [(box.x, box.y, box.width / 2, box.height / 2) for box in drawn().boxes]
    for (x, y, wide, high), (x2, y2, wide2, high2) in combinations(rooms, 2):
        assert abs(x - x2) >= wide + wide2 - 0.2 or abs(y - y2) >= high + high2 - 0.2


def test_neighbours_stand_side_by_side_around_the_ring():
    assert walk(range(5), LAKE) == [0, 1, 4, 2, 3]


def test_nothing_is_drawn_of_nothing_nor_of_too_much():
    assert drawn([]) is None
    crowd = [Strand(0, other, "convention", 1) for other in range(1, MOST_NODES + 1)]
    assert drawn(crowd, [str(n) for n in range(MOST_NODES + 1)]) is None


def test_a_long_name_is_shortened_in_the_drawing_and_whole_in_its_title():
    long = "Syndicat mixte interdépartemental d’aménagement et de gestion des milieux aquatiques"
    network = drawn([Strand(0, 1, "convention", 1)], [long, "Commune"])
    assert len(network.boxes[0].lines) == 3 and network.boxes[0].lines[-1][0].endswith("…")
    assert long in render_to_string("drawing/_network.html", {"network": network})
