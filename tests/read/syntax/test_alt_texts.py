"""Alt texts that are names of files or sizes are no text; real ones stay."""

import pytest

from tests.read.texts import published


@pytest.mark.parametrize(
    "alt",
    [
        *("image.png", "image|518x500", "image", "Pasted image 20240102", "Pasted image 20240102130501.png|300"),
        *(
            "IMG_1234.jpg",
            "IMG_1234",
            "screenshot-2024-01-02",
            "Screenshot 2024-01-02 at 10.11.12 PM",
            "300",
            "518x500",
        ),
        *("my diagram.svg|400", "9f86d081884c7d659a2feaa0c55ad015", "frost-on-trees"),
    ],
)
def test_names_of_files_and_sizes_are_no_text(alt: str) -> None:
    assert published(f"a ![{alt}](img/frost-on-trees.png) b", "obsidian") == "a  b"


@pytest.mark.parametrize(
    ("alt", "text"),
    [
        ("A loaf of rye", "A loaf of rye"),
        ("A loaf|300", "A loaf"),
        ("The image of a pear", "The image of a pear"),
        ("Frost", "Frost"),
        ("Photo of 3 pears", "Photo of 3 pears"),
        ("*Rye* and `oats`", "Rye and oats"),
    ],
)
def test_real_alt_texts_stay(alt: str, text: str) -> None:
    assert published(f"![{alt}](frost.png)", "plain") == text
