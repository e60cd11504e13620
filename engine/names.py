"""The names a film goes by: from the title as the data writes it to what a person may type for it.

`Cité des enfants perdus, La (City of Lost Children, The) (1995)` is "la cite des enfants perdus",
"cite des enfants perdus", "the city of lost children" and "city of lost children". A name here is a *key*: small
letters without accents or punctuation, numbers as digits. Queries go through the same `key`, so both sides agree.
"""

import re
import unicodedata
from collections.abc import Iterator

_YEAR = re.compile(r"\s*\((\d{4})\)\s*(?:\(V\)\s*)?$")
_BRACKETED = re.compile(r"\s*\(([^()]*)\)")
_ALSO = re.compile(r"^a\.?k\.?a\.?\s+", re.IGNORECASE)
# "Eye of Vichy, The", "Oeil de Vichy, L'", "Blechtrommel, Die": how catalogues move an article out of the way.
_ARTICLE_LAST = re.compile(
    r"^(.+), (the|an?|las?|les?|l'|lo|los|il|el|der|die|das|den|det|une?|os?)$", re.IGNORECASE
)
_ARTICLE_FIRST = re.compile(r"^(?:the|an?) (?=.)")
# A subtitle after a colon or dash, and "E.T. the Extra-Terrestrial".
_PIECE = re.compile(r" or: |: | - |(?<=\b\w\.\w\.) (?=the )")

_INITIALS = re.compile(r"(?<=\b[^\W\d_])[.*](?=[^\W\d_]\b)")
_SILENT = re.compile(r"['’‘`´]|(?<=\d),(?=\d{3}\b)")
_NUMBER = re.compile(r"\d+")
_BETWEEN_WORDS = re.compile(r"[\W_]+")

_ONES = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_TEENS = [
    "ten",
    "eleven",
    "twelve",
    *(f"{stem}teen" for stem in ("thir", "four", "fif", "six", "seven", "eigh", "nine")),
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_SPOKEN = {
    **{word: str(number) for number, word in enumerate(_ONES + _TEENS)},
    **{word: str(number) for number, word in zip(range(20, 100, 10), _TENS, strict=True)},
    "doctor": "dr",
    "mister": "mr",
    "versus": "vs",
}
# "i" and "x" stay letters: Withnail and I, Malcolm X.
_NUMERALS = {
    numeral: str(number) for number, numeral in enumerate(("ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"), 2)
}
_WORDS = _SPOKEN | _NUMERALS


def split_year(title: str) -> tuple[str, int | None]:
    """`("Terminator, The", 1984)`: the title without its year, and the year."""
    found = _YEAR.search(title)
    return (title[: found.start()], int(found[1])) if found else (title.strip(), None)


def plain(text: str) -> str:
    """Small letters, no accents, no punctuation, single spaces: `Ulee's Gold!` → `ulees gold`."""
    if not text.isascii():
        # Before the case is folded: the single sign ㎐ comes apart into a capital and a small letter.
        text = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    text = text.casefold()
    text = _SILENT.sub("", _INITIALS.sub("", text.replace("&", " and ")))
    return _BETWEEN_WORDS.sub(" ", text).strip()


def key(text: str) -> str:
    """`plain`, with initials joined and numbers as digits: `E. T.` → `et`, `Part II` → `2`, `Twelve` → `12`."""
    words = _NUMBER.sub(r" \g<0> ", plain(text)).split()
    # Most titles need neither pass, and a catalogue is read while somebody waits.
    if any(len(word) == 1 for word in words):
        words = _initials_joined(words)
    if not _WORDS.keys().isdisjoint(words) or "part" in words:
        words = _numbers_as_digits(words)
    return " ".join(words)


def without_article(name: str) -> str:
    """A key without its leading the, a or an."""
    return _ARTICLE_FIRST.sub("", name)


def numbers(name: str) -> frozenset[str]:
    """The numbers in a key: those of a query and of the title it means are the same."""
    return frozenset(word for word in name.split() if word.isdecimal())


def article_first(name: str) -> str:
    """`Terminator, The` → `The Terminator`."""
    moved = _ARTICLE_LAST.match(name)
    if not moved:
        return name
    return moved[2] + ("" if moved[2].endswith("'") else " ") + moved[1]


def names(title: str) -> Iterator[tuple[str, bool]]:
    """Every key of a title; True with the whole names, False with a piece before or after a colon."""
    name, _ = split_year(title)
    spellings = [name]
    if "(" in name:
        spellings += [_BRACKETED.sub("", name), *(_ALSO.sub("", other) for other in _BRACKETED.findall(name))]
    for spelling in spellings:
        full = article_first(spelling)
        whole = key(full)
        shorter = without_article(whole)
        if full != spelling and shorter == whole:  # an article of another language
            shorter = key(spelling.rpartition(",")[0])
        yield from ((one, True) for one in {whole: 0, shorter: 0} if one)
        pieces = _PIECE.split(full)
        for piece in map(key, pieces if len(pieces) > 1 else ()):
            # A bare "2" names no film, though Part II is a piece of one.
            if not numbers(piece).issuperset(piece.split()):
                yield from ((one, False) for one in {piece: 0, without_article(piece): 0})


def _initials_joined(words: list[str]) -> list[str]:
    """`["e", "t", "the"]` → `["et", "the"]`: letters that stand alone side by side are one word."""
    result: list[str] = []
    before = ""
    for word in words:
        if len(before) == len(word) == 1 and before.isalpha() and word.isalpha():
            result[-1] += word
        else:
            result.append(word)
        before = word
    return result


def _numbers_as_digits(words: list[str]) -> list[str]:
    """Number words and numerals as digits (`thirty two` → `32`), and no `part` before a number."""
    result: list[str] = []
    before = ""
    for word in words:
        # A first word "v" or "ii" is a name, not the fifth or second of anything.
        digits = (_WORDS if result else _SPOKEN).get(word, word)
        if before in _TENS and word in _ONES[1:]:
            result[-1] = str(int(result[-1]) + int(digits))
        elif before == "part" and digits.isdecimal():
            result[-1] = digits
        else:
            result.append(digits)
        before = word
    return result
