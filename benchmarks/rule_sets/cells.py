"""How the cells of a spreadsheet are drawn: names, dates, addresses, codes, paths, log lines."""

from __future__ import annotations

import random
from string import ascii_uppercase

NAMES = ["john", "mary", "al", "zoe", "robert", "anna", "kim", "xavier", "lee", "olga"]
SURNAMES = [
    "smith",
    "o'neil",
    "garcia",
    "li",
    "novak",
    "jensen",
    "brown",
    "kowalski",
    "ito",
    "haas",
]
STREETS = ["Main Street", "Oak Avenue", "High Road", "Station Lane", "Mill Hill", "Park Row"]
CITIES = ["Rome", "Oslo", "New York", "Lima", "Berlin", "Porto", "San Jose", "Kyoto"]
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def name(rng: random.Random) -> str:
    return rng.choice(NAMES).capitalize()


def pair(rng: random.Random) -> tuple[str, str]:
    return name(rng), name(rng)


def full(rng: random.Random) -> str:
    return f"{name(rng)} {name(rng)}"


def long_name(rng: random.Random) -> str:
    """Two or three names."""
    middle = [name(rng)] if rng.random() < 0.5 else []
    return " ".join([name(rng), *middle, rng.choice(SURNAMES).title()])


def surname_first(rng: random.Random) -> str:
    return f"{rng.choice(SURNAMES).title()}, {name(rng)}"


def words(rng: random.Random) -> str:
    return " ".join(rng.choice(NAMES) for _ in range(rng.randint(2, 5)))


def spaced(rng: random.Random) -> str:
    """Words with too many spaces."""
    gaps = (" " * rng.randint(1, 3) for _ in range(4))
    return next(gaps) + "".join(rng.choice(NAMES) + gap for gap in gaps)


def number(rng: random.Random) -> str:
    return str(rng.randint(1, 10 ** rng.randint(1, 8)))


def date(rng: random.Random) -> str:
    return f"{rng.randint(1900, 2099)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"


def american(rng: random.Random) -> str:
    month, day = (rng.choice((rng.randint(1, 9), rng.randint(10, 12))) for _ in range(2))
    return f"{month}/{day}/{rng.randint(1900, 2099)}"


def spoken(rng: random.Random) -> str:
    return f"{rng.randint(1, 28)} {rng.choice(MONTHS)} {rng.randint(1900, 2099)}"


def moment(rng: random.Random) -> str:
    return f"{date(rng)}T{rng.randint(0, 23):02}:{rng.randint(0, 59):02}:{rng.randint(0, 59):02}Z"


def phone(rng: random.Random) -> str:
    return f"{rng.randint(100, 999)}-{rng.randint(100, 999)}-{rng.randint(1000, 9999)}"


def abroad(rng: random.Random) -> str:
    return f"+{rng.randint(1, 99)} {rng.randint(10, 999)} {rng.randint(10**4, 10**7)}"


def mail(rng: random.Random) -> str:
    return f"{rng.choice(NAMES)}.{rng.choice(NAMES)}@{rng.choice(NAMES)}.com"


def file(rng: random.Random) -> str:
    return ".".join([*words(rng).split()[:2], rng.choice(["txt", "pdf", "c", "html"])])


def path(rng: random.Random) -> str:
    folders = [rng.choice(NAMES) for _ in range(rng.randint(1, 4))]
    return "/" + "/".join([*folders, file(rng)])


def url(rng: random.Random) -> str:
    site = f"{rng.choice(NAMES)}.{rng.choice(['com', 'org', 'io'])}"
    pages = "/".join(rng.choice(NAMES) for _ in range(rng.randint(1, 3)))
    return f"{rng.choice(['http', 'https'])}://{rng.choice(['www.', ''])}{site}/{pages}"


def query(rng: random.Random) -> str:
    return f"{url(rng)}?id={rng.randint(1, 9999)}&lang={rng.choice(['en', 'de', 'fr'])}"


def four(rng: random.Random) -> tuple[str, str, str, str]:
    return rng.choice(["Mr", "Ms", "Dr"]), name(rng), name(rng), name(rng)


def measure(rng: random.Random) -> str:
    return number(rng) + rng.choice(["kg", "lb", "m", "km"])


def money(rng: random.Random) -> str:
    return f"${rng.randint(1, 10 ** rng.randint(1, 4)):,}.{rng.randint(0, 99):02}"


def address(rng: random.Random) -> str:
    postcode = rng.randint(10000, 99999)
    return f"{rng.randint(1, 999)} {rng.choice(STREETS)}, {rng.choice(CITIES)} {postcode}"


def log_line(rng: random.Random) -> str:
    level = rng.choice(["INFO", "WARN", "ERROR", "DEBUG"])
    return f"{date(rng)} [{level}] {rng.choice(NAMES)}: took {rng.randint(1, 9999)} ms"


def product(rng: random.Random) -> str:
    letters = "".join(rng.choices(ascii_uppercase, k=rng.randint(2, 4)))
    return f"{letters}-{rng.randint(1, 10 ** rng.randint(1, 4) - 1):04}-{rng.choice('SMLX')}"


def plate(rng: random.Random) -> str:
    letters = "".join(rng.choices(ascii_uppercase, k=rng.randint(1, 3)))
    return letters + str(rng.randint(1, 9999))


def fraction(rng: random.Random) -> str:
    return f"{rng.randint(1, 20)}/{rng.randint(2, 99)}"


def chapter(rng: random.Random) -> str:
    roman = rng.choice(["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"])
    return f"{name(rng)} {roman}, {rng.randint(800, 1999)}"


def settings(rng: random.Random) -> str:
    return ";".join(f"{rng.choice(NAMES)}={rng.randint(0, 999)}" for _ in range(rng.randint(2, 4)))


def bracketed(rng: random.Random) -> str:
    return f"{words(rng)} ({rng.randint(1, 999)}) {rng.choice(NAMES)}"


def clock(rng: random.Random) -> str:
    """A time from nine to three, mostly about noon."""
    return f"{rng.choice((9, 10, 11, 11, 11, 12, 12, 12, 13, 14))}:{rng.randint(0, 59):02}"


def card(rng: random.Random) -> str:
    return str(rng.randint(10**15, 10**16 - 1))


def colour(rng: random.Random) -> str:
    return "#" + "".join(rng.choices("0123456789abcdef", k=6))


def version(rng: random.Random) -> str:
    return f"v{rng.randint(0, 12)}.{rng.randint(0, 30)}.{rng.randint(0, 99)}"


def snake(rng: random.Random) -> str:
    return "_".join(rng.choice(NAMES) for _ in range(rng.randint(2, 4)))


def camel(rng: random.Random) -> str:
    return rng.choice(NAMES) + "".join(name(rng) for _ in range(rng.randint(1, 3)))


def place(rng: random.Random) -> tuple[str, str, str]:
    return rng.choice(STREETS), rng.choice(CITIES), str(rng.randint(10000, 99999))


def person(rng: random.Random) -> tuple[str, str, str]:
    year = rng.choice((rng.randint(1950, 1999), rng.randint(2000, 2019)))
    return name(rng), rng.choice(SURNAMES).title(), str(year)


def maybe_titled(rng: random.Random) -> str:
    return rng.choice(["Dr. ", "Prof. ", "Mrs. "]) + long_name(rng)


def maybe_abroad(rng: random.Random) -> str:
    return rng.choice([abroad, phone])(rng)
