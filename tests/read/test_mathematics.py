r"""What is code, what is mathematics, and what the two characters `\n` mean there."""

import pytest

from kg.base.model import PartName
from kg.read.markdown import to_part
from kg.read.mathematics import decode_line_breaks, spans


def found(source: str) -> list[str]:
    """Each span as `code: …`, `inline: …` or `display: …`."""
    return [f"{span.kind}: {source[span.start : span.end]}" for span in spans(source)]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("$ a $", ["inline: $ a $"]),
        ("$5$", ["inline: $5$"]),
        ("$1,000$ or $.5$", ["inline: $1,000$", "inline: $.5$"]),
        ("$2x + 3$", ["inline: $2x + 3$"]),
        ("$rate$", ["inline: $rate$"]),
        ("$x$-intercepts", ["inline: $x$"]),
        ("$n$ and $m$", ["inline: $n$", "inline: $m$"]),
        ("$a$$b$", ["inline: $a$", "inline: $b$"]),
        ("$50\\%$ of $x$", ["inline: $50\\%$", "inline: $x$"]),
        (r"$a\$b$", [r"inline: $a\$b$"]),
        (r"\(a\) and \[b\]", [r"inline: \(a\)", r"display: \[b\]"]),
        ("$$a$$ and $$\n\nb\n$$", ["display: $$a$$", "display: $$\n\nb\n$$"]),
        ("$$a$b$$", ["display: $$a$b$$"]),
        (r"\[a + b\]", [r"display: \[a + b\]"]),
    ],
)
def test_mathematics(source: str, expected: list[str]) -> None:
    assert found(source) == expected


@pytest.mark.parametrize(
    "source",
    [
        "$26,000 and $30,000",
        "$26,000 to $30,000 a year",
        "It costs $5.",
        "price $5-$10",
        "US$5 and US$6",
        "$5 vs. $6",
        "$.50 and $.75",
        "$100 million$",
        "$7.25 each = $29",
        "$10 - $5 = $5",
        "$8 (data) = **$40.86** a month",
        "$5 <= x (=$6)",
        "$5 = _$6_",
        "$if a then b$",
        "a $ b",
        "$ $",
        "$$ $",
        "$a\n\nb$",
        "\\(a\n\nb\\)",
        r"\$5 and \$6",
        r"\[an escaped bracket\]",
        r"\\(a\\) and \\[2pt]",
    ],
)
def test_money_prose_and_escapes_are_no_mathematics(source: str) -> None:
    assert found(source) == []


@pytest.mark.parametrize("opener", ["$", "$$", r"\(", r"\[", "`", "``", "x$ y$$ \\( \\["])
def test_an_opener_without_its_end_hides_nothing_that_follows(opener: str) -> None:
    assert found(f"{opener} one\n\n`a` and $x^2$")[-2:] == ["code: `a`", "inline: $x^2$"]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("costs $5 and $x$ is", ["inline: $x$"]),
        ("between $5 and $10, $x$ holds", ["inline: $x$"]),
        ("price $5-$10 of $x = 2$", ["inline: $x = 2$"]),
        (r"\$5 and $x$", ["inline: $x$"]),
    ],
)
def test_an_odd_dollar_leaves_the_mathematics_after_it(source: str, expected: list[str]) -> None:
    assert found(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("`$a$`", ["code: `$a$`"]),
        ("`` ` $a$ ``", ["code: `` ` $a$ ``"]),
        ("`a` $b$ `c`", ["code: `a`", "inline: $b$", "code: `c`"]),
        (r"\`$a$\`", ["inline: $a$"]),
        (r"\``$a$", ["inline: $a$"]),
        ("`a\n\nb` $c$", ["inline: $c$"]),
        ("```\n$a$\n```\n$b$", ["code: ```\n$a$\n```", "inline: $b$"]),
        ("~~~ py\n$a$\n~~~", ["code: ~~~ py\n$a$\n~~~"]),
        ("```\n$a$\n`````\n$b$", ["code: ```\n$a$\n`````", "inline: $b$"]),
        ("````\n```\n$a$\n````\n$b$", ["code: ````\n```\n$a$\n````", "inline: $b$"]),
        ("```\n$a$\n~~~\n$b$", ["code: ```\n$a$\n~~~\n$b$"]),
        ("- ```\n  $a$\n  ```\n$b$", ["code: ```\n  $a$\n  ```", "inline: $b$"]),
        ("1. * ```py\n     $a$\n     ```\n$b$", ["code: ```py\n     $a$\n     ```", "inline: $b$"]),
        ("> ```\n> $a$\n> ```\n> $b$", ["code: ```\n> $a$\n> ```", "inline: $b$"]),
        ("```a`b``` $c$", ["code: ```a`b```", "inline: $c$"]),
    ],
)
def test_nothing_in_code_is_mathematics(source: str, expected: list[str]) -> None:
    assert found(source) == expected


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (r"$x \neq y$", r"$x \neq y$"),
        (r"$\neg a$ and \(\neg b\)", r"$\neg a$ and \(\neg b\)"),
        (r"$$f = \nabla g$$", r"$$f = \nabla g$$"),
        (r"\[x \notin \nu\]", r"\[x \notin \nu\]"),
        (r"$\nu\nu$", r"$\nu\nu$"),
        (r"$x \neq y$\nu", "$x \\neq y$\nu"),
        (r"one\n\ntwo", "one\n\ntwo"),
        (r"a\neq b, \nabla, \number", "a\neq b, \nabla, \number"),
        (r"$a\nb$", "$a\nb$"),
        (r"$$\neq 1$$", "$$\neq 1$$"),
        (r"$$\nabla f\n\nu$$", "$$\nabla f\n\\nu$$"),
        (r"$$\n\nu = 2\n$$", "$$\n\\nu = 2\n$$"),
        (r"\[\neq 1\]", "\\[\neq 1\\]"),
        (r"\[\n\nabla f\n\]", "\\[\n\\nabla f\n\\]"),
        (r"$\neq$ is not $$\neq$$", "$\\neq$ is not $$\neq$$"),
        (r"$$1 & 2 \\\n3 & 4$$", "$$1 & 2 \\\\\n3 & 4$$"),
        (r"$$x \\\neq y$$", r"$$x \\\neq y$$"),
        (r"`\neq`\n`$\nu$`", "`\neq`\n`$\nu$`"),
        (r"```\n$\nu$\n```\n$\nu$", "```\n$\nu$\n```\n$\\nu$"),
        (r"$5\nnot $6", "$5\nnot $6"),
        (r"$\notin$\nnothing\n$\ni$\n", "$\\notin$\nnothing\n$\\ni$\n"),
        (r"$a\n\n\nu$", "$a\n\n\nu$"),
        ("no break", "no break"),
        ("", ""),
    ],
)
def test_a_backslash_and_an_n_are_a_line_break_but_for_commands_in_mathematics(written: str, meant: str) -> None:
    assert decode_line_breaks(written) == meant


HOSTILE = [
    "`",
    "$",
    "\\(",
    "\\[",
    "$$",
    "**",
    "[",
    "<",
    "![",
    "<!--",
    "<?",
    "<b ",
    "a`\n",
    "x$\n\n",
    "> ",
    "*a_",
    "|",
    "&",
]


@pytest.mark.parametrize("unit", HOSTILE)
def test_fifty_kilobytes_of_openers_are_read(unit: str) -> None:
    source = "a " + unit * (50_000 // len(unit))
    assert decode_line_breaks(source + r"\n$\nu$") == source + "\n$\\nu$"
    last = f"{source}\n\nlast"
    assert to_part(PartName.ANSWER, last).text.count("\n") == last.count("\n")


@pytest.mark.parametrize("unit", ["<", "<a", "<!-- ", "<?", "<!"])
def test_two_hundred_kilobytes_of_open_tags_in_an_html_block_are_read(unit: str) -> None:
    source = "<div>\n" + unit * (200_000 // len(unit))
    assert to_part(PartName.ANSWER, source).text.startswith("\n<")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<!--\n```\n\n$a$ -->\n$b$", ["code: <!--\n```\n\n$a$ -->", "inline: $b$"]),
        ("> <!-- ``` -->\n> $b$", ["code: <!-- ``` -->", "inline: $b$"]),
        ("a <!-- $a$ --> $b$", ["code: <!-- $a$ -->", "inline: $b$"]),
        ("a <!-- never closed $b$", ["inline: $b$"]),
        ("a <!-- b\n\n$c$ -->", ["inline: $c$"]),
        ("`<!--` $b$ -->", ["code: `<!--`", "inline: $b$"]),
    ],
)
def test_comments_are_code(source: str, expected: list[str]) -> None:
    assert found(source) == expected
