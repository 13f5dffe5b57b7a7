"""Addresses stay: lecturers put them into a syllabus, and papers into a footnote."""

import pytest

from tests.docs import addresses
from tests.docs.addresses import built, leads_somewhere, listed

ADD = "Run `python -m tests.docs.addresses` after `make build`, and commit the list."
KEEP = (
    'Keep the old id: `## New words { #old-id }`, or `<a id="old-id"></a>` where its content went on the same page; '
    "for a page add a line to redirect_maps in mkdocs.yml."
)


def test_no_address_is_lost() -> None:
    lost = [address for address in listed() if not leads_somewhere(address)]
    assert lost == [], KEEP


def test_every_address_is_in_the_list() -> None:
    assert sorted(set(built()) - set(listed())) == [], ADD


def test_no_two_places_of_a_page_share_an_address() -> None:
    """An exhibit that has the id of a heading cannot be linked to, nor shown in a frame."""
    found = built()
    assert sorted(address for address in set(found) if found.count(address) > 1) == []


def test_the_list_has_pages_sections_exhibits_exercises_and_what_moved() -> None:
    some = listed()
    assert len(some) == len(set(some))
    assert {
        "/",
        "/lessons/prove-it/",
        "/lessons/prove-it/#switch-one-head-off",
        "/lessons/prove-it/#switch_off",
        "/teaching/exercises/#induction-mean",
        "/lessons/see-an-induction-head/",
    } <= set(some)


@pytest.mark.parametrize(
    ("address", "leads"),
    [
        ("/lessons/see-an-induction-head/#induction_head", True),  # redirected, with its place
        ("/lessons/see-an-induction-head/#nothing", False),
        ("/lessons/prove-it/#nothing", False),
        ("/lessons/nothing/", False),
    ],
)
def test_what_disappears_is_found(address: str, leads: bool) -> None:
    assert leads_somewhere(address) is leads


def test_ids_of_headings_exhibits_and_exercises_are_places() -> None:
    page = (
        '<h2 id="a">A</h2><section class="exhibit" id="b"><form class="predict exercise" id="c"><p id="d"><dt id="e">'
    )
    assert addresses.PLACES.findall(page) == ["a", "b", "c", "e"]
