"""JSON numbers and RFC 3339 times as they lie in a buffer; see `scan_kernel`.

Compiled where numba is installed.
"""

from __future__ import annotations

from seawall.core.compiled import Ints, inner, signed


@inner
def write_integer(data: Ints, at: int, number: int) -> int:
    """Write a number in decimal, not the least there is; where the next byte goes."""
    if number < 0:
        data[at] = 45
        at += 1
        number = -number
    end, rest = at + 1, number // 10
    while rest:
        end += 1
        rest //= 10
    place = end
    while place > at:
        place -= 1
        data[place] = 48 + number % 10
        number //= 10
    return end


@inner
def digits(data: Ints, place: int, count: int) -> int:
    """The number that some decimal digits are; less than 0 if one is none."""
    number = 0
    for each in range(place, place + count):
        digit = signed(data[each]) - 48
        if digit < 0 or digit > 9:
            return -(10**9)
        number = number * 10 + digit
    return number


@inner
def moment(data: Ints, place: int, size: int) -> int:
    """Microseconds of an RFC 3339 time in capitals; -2**63 if it is another text."""
    none = -(2**63)
    if size < 20 or size > 32:
        return none
    if data[place + 4] != 45 or data[place + 7] != 45 or data[place + 10] != 84:
        return none
    if data[place + 13] != 58 or data[place + 16] != 58:
        return none
    year, month, day = digits(data, place, 4), digits(data, place + 5, 2), digits(data, place + 8, 2)
    hour, minute, second = (
        digits(data, place + 11, 2),
        digits(data, place + 14, 2),
        digits(data, place + 17, 2),
    )
    end, micros = 19, 0
    if data[place + 19] == 46:
        end = 20
        while end < size and 48 <= data[place + end] <= 57:
            end += 1
        if end == 20 or end > 26:
            return none
        micros = digits(data, place + 20, end - 20) * 10 ** (26 - end)
    away = 0
    if size - end == 6:
        if data[place + end] not in (43, 45) or data[place + end + 3] != 58:
            return none
        hours, minutes = digits(data, place + end + 1, 2), digits(data, place + end + 4, 2)
        if hours < 0 or hours > 23 or minutes < 0 or minutes > 59:
            return none
        away = (hours * 60 + minutes) * 60
        if data[place + end] == 45:
            away = -away
    elif size - end != 1 or data[place + end] != 90:
        return none
    if year < 2 or year > 9998 or month < 1 or month > 12 or day < 1 or day > 31:
        return none
    if hour < 0 or hour > 23 or minute < 0 or minute > 59 or second < 0 or second > 59:
        return none
    leap = (year % 4 == 0 and year % 100 != 0) or year % 400 == 0
    if day > 28 and month == 2 and day > 28 + leap:
        return none
    if day == 31 and (month == 4 or month == 6 or month == 9 or month == 11):
        return none
    # days from the civil calendar: H. Hinnant, chrono-Compatible Low-Level Date Algorithms
    shifted = year - (month <= 2)
    era = shifted // 400
    of_era = shifted - era * 400
    of_year = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5 + day - 1
    days = era * 146_097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719_468
    return ((days * 24 + hour) * 3600 + minute * 60 + second - away) * 1_000_000 + micros


@inner
def integer(data: Ints, place: int, stop: int) -> tuple[int, int]:
    """An integer as the canonical form writes it, and where it ends; -1: none, or of more than 64 bits."""
    start = place
    negative = place < stop and data[place] == 45
    if negative:
        place += 1
    first, number = place, 0
    while place < stop and 48 <= data[place] <= 57:
        digit = signed(data[place]) - 48
        if place - first >= 18 and (
            place - first > 18
            or number > 922_337_203_685_477_580
            or (number == 922_337_203_685_477_580 and digit > 7)
        ):
            return 0, -1
        number = number * 10 + digit
        place += 1
    if place == first or (data[first] == 48 and place - start > 1):
        return 0, -1
    return (-number if negative else number), place


@inner
def real(data: Ints, place: int, stop: int) -> tuple[float, int, int]:
    """A double of at most fifteen digits without exponent; where it, and its last digit that counts, ends.

    Both its parts are exact, so that their quotient, rounded once, is the double nearest to the text. The
    second end is that of the whole part where nothing behind the point counts. -1: it is another.
    """
    start = place
    negative = place < stop and data[place] == 45
    if negative:
        place += 1
    first, number, some = place, 0, 0
    while place < stop and 48 <= data[place] <= 57 and some <= 15:
        number = number * 10 + signed(data[place]) - 48
        some += number > 0
        place += 1
    if place == first or (data[first] == 48 and place - first > 1) or some > 15:
        return 0.0, -1, -1
    last, scale, power = place, 1.0, 1.0
    if place < stop and data[place] == 46:
        place += 1
        point, whole = place, number
        while place < stop and 48 <= data[place] <= 57 and some <= 15 and place - point <= 18:
            digit = signed(data[place]) - 48
            whole = whole * 10 + digit
            some += whole > 0
            power *= 10.0
            place += 1
            if digit:
                number, scale, last = whole, power, place
        if place == point or some > 15 or place - point > 18:
            return 0.0, -1, -1
    if place < stop and (48 <= data[place] <= 57 or data[place] == 46 or (data[place] | 32) == 101):
        return 0.0, -1, -1
    value = number / scale
    if (number == 0 and negative) or (number > 0 and value < 0.0001):
        return 0.0, -1, -1
    if last - start > 40:
        return 0.0, -1, -1
    return (-value if negative else value), place, last
