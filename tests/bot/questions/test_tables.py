"""Tables of questions: CSV from every spreadsheet, Anki's own text, and rows that say nothing sensible."""

import csv
from io import StringIO

import pytest

from bot.errors import UserError
from bot.questionnaire import Sheet
from bot.questions.files import sheets

ROWS = [
    ["question", "answer", "chapter", "kind", "show"],
    ["Why, then; or not?", 'So,\n"that"', "8", "", "!similar Fargo"],
    ["Name two.", "a\tb", "13", "task", ""],
]


def written(delimiter: str, rows: list[list[str]] = ROWS, end: str = "\r\n") -> str:
    """The rows as a program writes them."""
    made = StringIO()
    csv.writer(made, delimiter=delimiter, lineterminator=end).writerows(rows)
    return made.getvalue()


def told(sheet: Sheet) -> list[tuple[str, str]]:
    """Its questions with their answers."""
    return [(draft.text, draft.answer) for draft in sheet.drafts]


FILES = {
    "commas": written(",").encode(),
    "semicolons": written(";").encode(),
    "tabs": written("\t").encode(),
    "old lines": written(",", end="\n").encode(),
    "a mark of UTF-8": written(";").encode("utf-8-sig"),
    "UTF-16": written("\t").encode("utf-16"),
    "UTF-16, big end first": b"\xfe\xff" + written("\t").encode("utf-16-be"),
    "its separator said": f"sep=;\r\n{written(';')}".encode(),
    "blank lines": f"\r\n;;;\r\n\r\n{written(';')}\r\n;;;;\r\n".replace("\r\n;;;\r\n", "\r\n").encode(),
    "capitals": written(",").replace("question,answer", "Question, Answer ").encode(),
    "quoted": written(",").replace("question,", '"question",').encode(),
}


@pytest.mark.parametrize("data", FILES.values(), ids=FILES)
def test_a_table_from_any_spreadsheet(data: bytes) -> None:
    """The first line says what the columns are, and how they are separated."""
    eight, thirteen = sheets("ours.csv", data)
    assert (eight.chapter, told(eight)) == (8, [("Why, then; or not?", 'So,\n"that"')])
    assert (thirteen.chapter, told(thirteen)) == (13, [("Name two.", "a b")])
    assert [(each.kind, each.stated) for each in (*eight.drafts, *thirteen.drafts)] == [
        ("recall", False),
        ("task", True),
    ]
    assert eight.drafts[0].show == "similar Fargo"


def test_front_and_back_is_a_head_too() -> None:
    """The chapter is then the file's; a year is none."""
    for name, number in (("08_cards.csv", 8), ("2024_cards.csv", 0), ("cards.csv", 0)):
        (sheet,) = sheets(name, b"Front;Back\nWhy?;So.\n")
        assert (sheet.chapter, told(sheet)) == (number, [("Why?", "So.")])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Why?,So.\n", "line 1: I know the columns"),
        ("8,Why?,So.\n", "`question,answer,chapter`"),
        ("\n\nname;age\nAnn;7\n", "line 3: I know the columns"),
        ("", "0 questions"),
        ("question,answer\n", "0 questions"),
        ("question,answer\n,nothing asked\n???,marks\n", "0 questions"),
        ("question,chapter\nWhy?,8\nWhat?,twelve\n", "line 3: `twelve` is no chapter"),
        ("question,chapter\nWhy?,-3\n", "line 2: `-3` is no chapter"),
        ("question,chapter\nWhy?,1234\n", "line 2: `1234` is no chapter"),
        ("question,chapter\nWhy?,8.5\n", "line 2: `8.5` is no chapter"),
        ("question,answer\nWhy, then?,So.\n", "line 2: there are 3 cells under 2 heads"),
        ('question,answer\n"Why\nthen?",So\n"What?,That\nHow?,So\n', "line 4: I cannot read on"),
        ('question,answer\n"Why?" he said,So\n', "line 2: I cannot read on"),
        (f"question,answer\nWhy?,{'x' * 131_073}\n", "at most 131,072 characters"),
    ],
)
def test_a_row_that_makes_no_sense_is_named(text: str, says: str) -> None:
    """Nothing of such a file is taken for a question; the sentence says which line, and what would be right."""
    with pytest.raises(UserError) as refused:
        sheets("ours.csv", text.encode())
    assert says in refused.value.text


def test_a_chapter_is_written_in_many_ways() -> None:
    """With its word, as a spreadsheet's fraction, or not at all."""
    text = "question,chapter\nA?,8\nB?,ch8\nC?,Chapter 8\nD?,8.0\nE?,\nF?, 08\n"
    (sheet,) = sheets("08_x.csv", text.encode())
    assert [text for text, _ in told(sheet)] == ["A?", "B?", "C?", "D?", "E?", "F?"]


def test_a_row_that_is_there_twice_takes_nothing_away() -> None:
    """The first answer stays, what it lacks comes from the second, and it counts once."""
    text = (
        "question,answer,kind,show\nWhy?,So,,\nwhy ?,,task,similar Fargo\nWhat?,,,\nWhat?,That,,\nWhat?,Other,,\n"
    )
    (sheet,) = sheets("8.csv", text.encode())
    assert told(sheet) == [("Why?", "So"), ("What?", "That")]
    assert [draft.number for draft in sheet.drafts] == [1, 2]
    assert (sheet.drafts[0].kind, sheet.drafts[0].show) == ("task", "similar Fargo")


def test_notes_from_anki() -> None:
    """Tags say the chapter; HTML becomes text, and what is left that looks like a tag, code."""
    anki = "#separator:tab\n#html:true\nWhat is<br>a bias?\t<b>A number</b>\tbook ch8\nWhy?\tSo\tch13\n"
    eight, thirteen = sheets("deck.txt", anki.encode())
    assert (eight.chapter, told(eight)) == (8, [("What is\na bias?", "A number")])
    assert (thirteen.chapter, told(thirteen)) == (13, [("Why?", "So")])
    (read_as_html,) = sheets("8.txt", b"<i>A</i> &amp; B?\tx &lt; 3 and y > 4, then &lt;bos&gt; or &lt;b&gt;\n")
    assert told(read_as_html) == [("A & B?", "x < 3 and y > 4, then `<bos>` or `<b>`")]
    (as_it_is,) = sheets("8.txt", b"#html:false\nWhat is `&amp;`, and <b>?\tAn ampersand\n")
    assert told(as_it_is) == [("What is `&amp;`, and `<b>`?", "An ampersand")]


ALL = (
    "#separator:{name}\n#html:true\n#guid column:1\n#notetype column:2\n#deck column:3\n#tags column:6\n"
    "k:x9{sign}Basic{sign}Book{sign}Why?{sign}So.{sign}hard ch8\n"
)
SEPARATED = {
    "Tab": "\t",
    "Comma": ",",
    "Semicolon": ";",
    "Pipe": "|",
    "tab": "\t",
    "\t": "\t",
    ";": ";",
    "|": "|",
    ",": ",",
}


@pytest.mark.parametrize("name", SEPARATED)
def test_what_anki_says_of_its_columns_is_heard(name: str) -> None:
    """Identifiers, note types and decks are no questions, however the fields are separated."""
    (sheet,) = sheets("deck.txt", ALL.format(name=name, sign=SEPARATED[name]).encode())
    assert (sheet.chapter, told(sheet)) == (8, [("Why?", "So.")])


@pytest.mark.parametrize(("name", "sign"), [("Colon", ":"), (":", ":"), ("Space", " "), (" ", " ")])
def test_odd_separators(name: str, sign: str) -> None:
    """Colons and blanks separate fields, too."""
    (sheet,) = sheets("8.txt", f'#separator:{name}\n"Why: a bias?"{sign}So\n'.encode())
    assert told(sheet) == [("Why: a bias?", "So")]
    with pytest.raises(UserError, match="I know Tab, Comma"):
        sheets("8.txt", b"#separator:Dash\nWhy?-So\n")


def test_decks_and_tags_of_all_notes() -> None:
    """The head may name them once; letters before `ch` belong to another word."""
    for line in ("#tags:ch8", "#deck:Book::Chapter 8", "#tags:tech9 ch_8"):
        (sheet,) = sheets("deck.txt", f"#separator:tab\n{line}\nWhy?\tSo\n".encode())
        assert sheet.chapter == 8
    (plain,) = sheets("deck.txt", b"Why?\tSo\ttech8 ch1234\n")
    assert plain.chapter == 0


def test_a_field_over_several_lines_is_one() -> None:
    """Also where one of its lines begins with #; between notes that is a remark."""
    text = '#separator:tab\n#html:true\n"Why\n# is this a\n""remark""?"\tNo\n# this is\nWhat?\t"#That"\n'
    (sheet,) = sheets("8.txt", text.encode())
    assert told(sheet) == [('Why\n# is this a\n"remark"?', "No"), ("What?", "#That")]


def test_a_field_too_long_is_said() -> None:
    """In a sentence with its line."""
    with pytest.raises(UserError, match="line 2: I cannot read on"):
        sheets("8.txt", f"Why?\tSo\nWhat?\t{'x' * 131_073}\n".encode())
