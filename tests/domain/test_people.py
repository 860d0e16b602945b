"""NIPs as spreadsheets write them, names as an SMS carries them, numbers as a log may show them."""

from __future__ import annotations

from datetime import date

import pytest

from domain.people import (
    BadNip,
    Employment,
    NipFault,
    mask_number,
    parse_nip,
    short_name,
)

GOOD = "199003152015031001"
PPPK = "199003152022211001"


def test_a_nip_tells_birth_start_of_service_and_sex():
    nip = parse_nip(GOOD)
    assert (nip.birth_date, nip.appointed_year, nip.appointed_month, nip.sex) == (
        date(1990, 3, 15),
        2015,
        3,
        1,
    )
    assert not nip.is_pppk


def test_a_nip_is_printed_in_groups_of_eight_six_one_three():
    assert str(parse_nip(GOOD)) == "19900315 201503 1 001"


@pytest.mark.parametrize(
    "written",
    ["19900315 201503 1 001", "19900315.201503.1.001", "'199003152015031001", f" {GOOD} "],
)
def test_spaces_dots_and_an_apostrophe_are_dropped(written):
    assert parse_nip(written).digits == GOOD


def test_a_pppk_number_has_a_code_from_21_on_where_a_pns_has_the_month():
    nip = parse_nip(PPPK, Employment.PPPK_PART_TIME)
    assert nip.is_pppk and nip.appointed_month is None


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ("", NipFault.EMPTY),
        ("19900315201503100A", NipFault.NOT_DIGITS),
        ("１９９００３１５２０１５０３１００１", NipFault.NOT_DIGITS),
        ("131234567", NipFault.OLD_NINE_DIGITS),
        ("19900315201503100", NipFault.NOT_18_DIGITS),
        ("199003152015031000", NipFault.ROUNDED),
        ("1.99003E+17", NipFault.ROUNDED),
        ("1,99003152015031E+17", NipFault.ROUNDED),
        ("199013152015031001", NipFault.BIRTH_DATE),
        ("199002302015031001", NipFault.BIRTH_DATE),
        ("199003152015131001", NipFault.MONTH),
        ("199003152015001001", NipFault.MONTH),
        ("199003152015033001", NipFault.SEX),
        ("199003152004031001", NipFault.AGE),
        ("194003152015031001", NipFault.AGE),
    ],
)
def test_each_fault_of_a_nip_has_its_name(written, fault):
    with pytest.raises(BadNip) as caught:
        parse_nip(written)
    assert caught.value.fault is fault
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize(
    ("written", "employment"),
    [(GOOD, Employment.PPPK), (PPPK, Employment.PNS), (PPPK, Employment.CPNS)],
)
def test_the_shape_of_a_nip_must_match_the_employment(written, employment):
    with pytest.raises(BadNip) as caught:
        parse_nip(written, employment)
    assert caught.value.fault is NipFault.EMPLOYMENT


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Dr. H. Muhammad Rizky Pratama Nugraha, S.Sos., M.Si.", "Muhammad R. P. Nugraha"),
        ("Siti Nur Aisyah", "Siti Nur Aisyah"),
        ("Budi Santoso S.Sos", "Budi Santoso"),
        ("Rahmat Hidayat SE", "Rahmat Hidayat"),
        ("M. Yusuf", "M. Yusuf"),
        ("drg. Sri Wahyuni", "Sri Wahyuni"),
        ("Hj. Nur’aini", "Nur'aini"),
        ("Abdurrahman Wahid bin Sulaiman Al Banjari Kutai", "Abdurrahman W. b. Kutai"),
        ("Dewi", "Dewi"),
        ("", ""),
    ],
)
def test_names_lose_titles_and_degrees_and_middle_names_become_initials(name, short):
    assert short_name(name) == short


def test_a_short_name_keeps_the_limit_whatever_the_name():
    for name in ("X" * 45, "Raden Mas " + "Y" * 45, "A B C D E F G H I J K L M N O P Q R S T U V"):
        for limit in (18, 24):
            assert len(short_name(name, limit)) <= limit


def test_a_number_in_a_log_shows_neither_its_owner_nor_its_middle():
    assert mask_number("+6281234567890") == "+6281******890"
    assert mask_number("110") == "***"
