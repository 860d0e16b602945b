"""Numbers as people and spreadsheets write them, to E.164."""

from __future__ import annotations

import re

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from domain.roster.faults import FaultCode

HOME_REGION = "ID"
INDONESIA = 62
CAN_TAKE_SMS = frozenset(
    {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE, PhoneNumberType.PAGER}
)


def read_phone(written: str) -> str | FaultCode:
    """'0812-3456-7890' or 81234567890 -> '+6281234567890', or what is wrong with it.

    Indonesian numbers that begin with 8 pass even where their carrier is not known here: new
    prefixes come faster than tables of them.
    """
    digits = re.sub(r"[\s().\-'\u2019\u00a0]", "", written)
    if not re.fullmatch(r"\+?\d{6,16}", digits):
        return FaultCode.BAD_PHONE
    try:
        number = phonenumbers.parse(digits, HOME_REGION)
    except phonenumbers.NumberParseException:
        return FaultCode.BAD_PHONE
    if not phonenumbers.is_possible_number(number):
        return FaultCode.BAD_PHONE
    national = str(number.national_number)
    is_mobile_at_home = number.country_code == INDONESIA and national.startswith("8")
    if is_mobile_at_home and 9 <= len(national) <= 12:
        return phonenumbers.format_number(number, PhoneNumberFormat.E164)
    if is_mobile_at_home or not phonenumbers.is_valid_number(number):
        return FaultCode.BAD_PHONE
    if phonenumbers.number_type(number) not in CAN_TAKE_SMS:
        return FaultCode.LANDLINE
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)
