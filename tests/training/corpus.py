"""Small corpora with keywords, made by a seeded generator."""

import random
from collections.abc import Sequence
from pathlib import Path

WORDS = {
    "Bakeries": ("sourdough starter,oven stone,rye loaf,proofing basket,flour mill,crust colour,dough hook".split(",")),
    "Harbours": ("mooring line,tide table,cargo crane,pilot boat,harbour wall,signal flag,ballast tank".split(",")),
    "Orchards": ("pear tree,cider press,grafting knife,apple store,fruit fly,pruning saw,root stock".split(",")),
}
NOISE = "morning,neighbour,wooden table,long road,winter,old friend,small village,green door".split(",")
SENTENCES = (
    "The {0} needs care, and the {1} helps.",
    "A good {0} lasts for years.",
    "Every {1} has seen a {0} before.",
    "Without the {0}, no {1} is complete.",
    "People ask how the {0} of a {1} is made.",
)


def write_corpus(folder: Path, articles: int = 162, subjects: Sequence[str] = tuple(WORDS), seed: int = 1) -> Path:
    """Articles whose keywords are what they mostly speak of; in turn of each of `subjects`."""
    rng = random.Random(seed)
    folder.mkdir(parents=True)
    for number in range(articles):
        subject = subjects[number % len(subjects)]
        keywords = rng.sample(WORDS[subject], 3)
        pairs = [rng.sample([rng.choice(keywords), rng.choice(NOISE)], 2) for _ in range(10)]
        pairs += [(keyword, rng.choice(NOISE)) for keyword in keywords]
        text = " ".join(rng.choice(SENTENCES).format(*pair) for pair in pairs)
        write_article(folder / f"{number:03}.md", f"What is a {keywords[0]}?", subject, keywords, text)
    return folder


def write_article(path: Path, title: str, subject: str, keywords: Sequence[str], text: str) -> None:
    lines = [f"title: {title}", f"subject: {subject}", f"keywords: [{', '.join(keywords)}]", f"url: /{path.stem}"]
    path.write_text("\n".join(["---", *lines, "---", text, ""]), "utf-8")
