"""A group's own Markdown and text: numbered, in pairs, with code in it; and what is no question."""

import pytest

from bot.errors import UserError
from bot.questionnaire import Sheet
from bot.questions.files import sheets
from bot.questions.listing import tidy
from tests.bot.questions.sheets import cell, notebook


def read(text: str, name: str = "ours.md") -> list[Sheet]:
    """The sheets of a file with that text."""
    return sheets(name, text.encode())


def told(sheet: Sheet) -> list[tuple[str, str]]:
    """Its questions with their answers."""
    return [(draft.text, draft.answer) for draft in sheet.drafts]


def test_markdown_with_answers() -> None:
    """A group's own list: chapters by headings, answers below, with or without a heading for questions."""
    text = (
        "# Chapter 8\n1. What is a bias?\n   A: A number of its own.\n1. Why?\n# ch 13\n1. What is\n   a stride?\n"
    )
    for found in (read(text), read(f"## Questionnaire\n{text}"), read(text, "ours.txt")):
        assert [(sheet.chapter, told(sheet)) for sheet in found] == [
            (8, [("What is a bias?", "A number of its own."), ("Why?", "")]),
            (13, [("What is a stride?", "")]),
        ]


PAIRS = {
    "plain": "Q: Why a bias?\nA: Some films\nplease everybody.\nQ: And why\ntwo?\nA: One each.\n",
    "apart": "Q: Why a bias?\n\nA: Some films please everybody.\n\nQ: And why two?\n\nA: One each.\n",
    "bold": "**Q:** Why a bias?\n**A:** Some films please everybody.\n**Q2**: And why two?\n**A2**: One each.\n",
    "bullets": "- Q: Why a bias?\n  - A: Some films please everybody.\n- Q: And why two?\n  - A: One each.\n",
    "words": "Question 1: Why a bias?\nAnswer: Some films please everybody.\n"
    "question: And why two?\nanswer: One each.",
    "numbered": "1. Q: Why a bias?\n   A: Some films please everybody.\n2. Q: And why two?\n   A: One each.\n",
    "among other lists": "1. Read.\n2. Rest.\n\nQ: Why a bias?\nA: Some films please everybody.\n\n"
    "Q: And why two?\nA: One each.\n",
}


@pytest.mark.parametrize("text", PAIRS.values(), ids=PAIRS)
@pytest.mark.parametrize("name", ["08_ours.md", "08_ours.txt"])
def test_questions_and_answers_in_pairs(name: str, text: str) -> None:
    """However they are marked, in Markdown and in plain text."""
    (sheet,) = read(text, name)
    assert told(sheet) == [("Why a bias?", "Some films please everybody."), ("And why two?", "One each.")]


def test_dashes_are_questions_below_their_heading_alone() -> None:
    """Anywhere else they are any list; below a numbered question, its own lines."""
    (sheet,) = read(
        "# Chapter 8\n- prose\n## Questionnaire\n- Why a bias?\n  - or two\n- Why a dot?\n# Next\n- no\n"
    )
    assert told(sheet) == [("Why a bias?\n- or two", ""), ("Why a dot?", "")]
    (numbered,) = read("## Questionnaire\n1. True or false:\n- Rows come first\n- Columns do\n1. Why?\n")
    assert told(numbered) == [("True or false:\n- Rows come first\n- Columns do", ""), ("Why?", "")]
    with pytest.raises(UserError, match="0 questions"):
        read("# Notes\n- bring tea\n- and cake\n")


@pytest.mark.parametrize("text", ["", "# Chapter 8\nOnly prose.\n", "## Questionnaire\n"])
@pytest.mark.parametrize("name", ["ours.md", "ours.txt"])
def test_without_questions_it_is_said_how_they_look(name: str, text: str) -> None:
    """Nobody who writes Markdown is told to import a notebook."""
    with pytest.raises(UserError, match="numbered line") as refused:
        read(text, name)
    assert "notebook" not in refused.value.text
    assert "`# Chapter 8`" in refused.value.text


def test_a_block_of_code_belongs_to_its_question() -> None:
    """A comment in it is no heading, and a number no question; a block elsewhere is passed over."""
    text = (
        "## Questionnaire\n```\n1. not this\n```\n1. What does this print?\n\n   ```python\n   # a comment\n"
        "   x = 1\n   1. * x\n   ```\n   And why?\n1. Why?\n"
    )
    (sheet,) = sheets("08_x.ipynb", notebook(cell(text)))
    asked = "What does this print?\n`# a comment`\n`x = 1`\n`1. * x` And why?"
    assert told(sheet) == [(asked, ""), ("Why?", "")]
    assert [told(each) for each in read(text.replace("```", "~~~"), "08_x.md")] == [told(sheet)]


TAGS = {
    "If a<b and c>d": "If a<b and c>d",
    "Is 1<2 and `a<b>c` true?": "Is 1<2 and `a<b>c` true?",
    "What does <bos> mark?": "What does <bos> mark?",
    "A <b>bold</b>, <i class='x'>odd</i> word<br/>here": "A bold, odd wordhere",
    '<img src="a.png" alt="a > b">What is it?': "What is it?",
    "<details open>Why?</details><!-- not\nthis -->": "Why?",
    "List<int> or Dict<str, int>?": "List<int> or Dict<str, int>?",
}


@pytest.mark.parametrize(("text", "left"), TAGS.items(), ids=range(len(TAGS)))
def test_only_real_tags_go(text: str, left: str) -> None:
    """What is less than something else is no tag."""
    assert tidy(text) == left


@pytest.mark.parametrize("odd", ["<!--", "`", "<a x='", "<a x=1 ", '<a x="'])
def test_a_crowd_of_odd_signs_is_read_at_once(odd: str) -> None:
    """Time grows with a text's length, not with its square: else these would take hours."""
    assert tidy(odd * 100_000)


def test_questions_of_nothing_but_marks_are_none() -> None:
    """They could not be told from each other."""
    (sheet,) = read("1. ???\n1. Why?\n1. …\n", "08_x.md")
    assert told(sheet) == [("Why?", "")]
