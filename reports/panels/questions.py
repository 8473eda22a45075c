"""What is asked (ledger L3, M6): the same questions counted together, their words, and how long they are.

No bucket keeps words, so these panels read the latest interactions of the time, a bounded number, and say of how many.
"""

from collections import Counter, defaultdict
from urllib.parse import urlencode

from interactions.metrics.segments import NONE
from interactions.reading.sample import Sample, Sampled, latest
from interactions.search import MAX_QUERY_WORDS, WORD
from observatory.charts.bars import Bar, bar_chart
from observatory.charts.histogram import Bin, histogram
from observatory.charts.marks import Mark
from observatory.core.formats import moment
from reports.panels import drill
from reports.panels.asked import Asked
from reports.panels.catalogue import Panel, declare
from reports.panels.content import Cell, Column, Content, Link, Table

GROUP = "Questions"
CATEGORIES = "interactions.errors_by_category"
QUESTIONS_SHOWN, WORDS_SHOWN, CATEGORIES_SHOWN = 10, 20, 13
FEWEST_LETTERS = 4
MAX_SEARCH_CHARS = 400
# Words of questions that say nothing of their topic; shorter ones are left out anyway.
IDLE = frozenset(
    (
        "what when where which whom whose while does doing done have having been being were will would could should shall "
        "this that these those there their them they then than with without from into onto over under about after before "
        "between because again also just like only some such same more most much many very your yours mine ours please tell "
        "give show explain need want know make made find help using used user here each other both either neither cannot "
        "thing things something anything everything nothing mean means good well long time times keep thanks sorry hello"
    ).split()
)
# Words of a question: short ones are looked up, long ones describe a case.
LENGTHS = ((1, 5), (5, 10), (10, 15), (15, 20), (20, 30), (30, 45))


def sample_of(asked: Asked) -> Sample[Sampled]:
    return asked.once("sample", lambda: latest(asked.project_id, asked.window, only=asked.only))


def of_how_many(sample: Sample[Sampled]) -> str:
    """What the figures stand on."""
    if sample.since is None:
        return f"Of all {len(sample.rows):,} interactions of this time."
    fitting = "" if len(sample.rows) == sample.looked_at else f"; {len(sample.rows):,} within what the page is narrowed to"
    return f"Of the latest {sample.looked_at:,} interactions, those since {moment(sample.since)} UTC{fitting}."


def words_of(question: str) -> tuple[str, ...]:
    """A question without case, punctuation and spaces: what is the same in these is the same question."""
    return tuple(WORD.findall(question.lower()))


def popular(asked: Asked) -> Content:
    sample = sample_of(asked)
    forms: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    errors: Counter[tuple[str, ...]] = Counter()
    for row in sample.rows:
        if words := words_of(row.question):
            forms[words][row.question] += 1
            errors[words] += row.is_error
    if not forms:
        return Content(reason="No question with words in this time.", link=drill.interactions(asked))
    counted = sorted(((sum(found.values()), words) for words, found in forms.items()), key=lambda one: (-one[0], one[1]))
    n = sum(number for number, _ in counted)
    rows = [
        [
            Cell(_usual(forms[words]), link=_search(asked, words)),
            Cell(f"{number:,}", share=number / counted[0][0]),
            Cell(f"{number / n * 100:.3g} %"),
            Cell(f"{errors[words]:,}", judgement="worse" if errors[words] else ""),
        ]
        for number, words in counted[:QUESTIONS_SHOWN]
    ]
    columns = [Column("Question"), *(Column(name, is_number=True) for name in ("Times", "Share", "Failed"))]
    return Content(
        table=Table(columns, rows, more=f"{len(counted):,} different questions; case and punctuation do not count."),
        words=of_how_many(sample),
        n=n,
        link=drill.interactions(asked),
    )


def _usual(forms: Counter[str]) -> str:
    """The form in which it is asked most."""
    return min(forms, key=lambda form: (-forms[form], form))


def _search(asked: Asked, words: tuple[str, ...]) -> Link:
    return drill.interactions(asked, q=" ".join(words[:MAX_QUERY_WORDS])[:MAX_SEARCH_CHARS])


def topics(asked: Asked) -> Content:
    sample = sample_of(asked)
    asked_with: Counter[str] = Counter()
    n = 0
    for row in sample.rows:
        words = {word for word in words_of(row.question) if len(word) >= FEWEST_LETTERS and word not in IDLE}
        asked_with.update(words)
        n += bool(words)
    # A word of a single question is no topic.
    found = [(word, number) for word, number in asked_with.items() if number > 1]
    found = sorted(found, key=lambda one: (-one[1], one[0]))[:WORDS_SHOWN]
    if not found:
        return Content(reason="No word came in two questions of this time.", link=drill.interactions(asked))
    bars = [Bar(word, Mark(number, n=n, drill=urlencode({"q": word}))) for word, number in found]
    chart = bar_chart(
        bars,
        unit="questions",
        say="{:,.0f} questions".format,
        description="Words by the number of questions they come in: "
        + ", ".join(f"{word} {number}" for word, number in found),
    )
    said = f"{of_how_many(sample)} Words of questions, not topics: a question counts once for each."
    return Content(chart=chart, words=said, n=n, link=drill.interactions(asked))


def lengths(asked: Asked) -> Content:
    """Ledger M6, complexity: by the words of questions, as far as their first 200 characters tell."""
    sample = sample_of(asked)
    numbers = sorted(len(words) for row in sample.rows if (words := row.question.split()))
    if not numbers:
        return Content(reason="No question with words in this time.", link=drill.interactions(asked))
    bins = [Bin(low, high, Mark(sum(low <= number < high for number in numbers), n=len(numbers))) for low, high in LENGTHS]
    middle = numbers[len(numbers) // 2]
    chart = histogram(
        bins,
        unit="words",
        say="{:.0f} words".format,
        rules=[("median", middle)],
        description=f"Questions by their number of words; the median has {middle}.",
    )
    answered = sorted(row.output_tokens for row in sample.rows if row.output_tokens)
    taken = sorted(row.input_tokens for row in sample.rows if row.input_tokens)
    tokens = ""
    if answered and taken:
        tokens = f" The median call took {taken[len(taken) // 2]:,} tokens in and {answered[len(answered) // 2]:,} out."
    cut = " Counted within the first 200 characters."
    return Content(chart=chart, words=of_how_many(sample) + cut + tokens, n=len(numbers), link=drill.interactions(asked))


def categories(asked: Asked) -> Content:
    """From buckets, so of all interactions; those that name no category are left out."""
    found = {name: one for name, one in asked.summaries(CATEGORIES, "category").items() if name != NONE and one.n}
    if not found:
        return Content(reason="No interaction of this time names its category: send it as `category`.")
    order = sorted(found, key=lambda name: (-found[name].n, name))
    n = sum(one.n for one in found.values())
    rows = [
        [
            Cell(name, link=drill.interactions(asked, category=name)),
            Cell(f"{found[name].n:,}", share=found[name].n / found[order[0]].n),
            Cell(f"{found[name].n / n * 100:.3g} %"),
            Cell(f"{(found[name].mean or 0) * 100:.3g} %"),
        ]
        for name in order[:CATEGORIES_SHOWN]
    ]
    columns = [Column("Category"), *(Column(name, is_number=True) for name in ("Interactions", "Share", "Failed"))]
    hidden = len(order) - CATEGORIES_SHOWN
    more = f"{hidden} smaller categories are not listed." if hidden > 0 else ""
    words = "" if asked.is_followed(CATEGORIES) else "Of all models: categories are not kept by model."
    return Content(table=Table(columns, rows, more=more), words=words, n=n, link=drill.metric(CATEGORIES, by="category"))


declare(
    Panel(
        "popular_questions",
        "What is asked most?",
        "The most frequent questions, the same whatever their case and punctuation.",
        GROUP,
        popular,
        width="whole",
    ),
    Panel("question_words", "What are questions about?", "The words that come in most questions.", GROUP, topics),
    Panel(
        "question_lengths", "How long are questions?", "Words of questions, and tokens of the median call.", GROUP, lengths
    ),
    Panel(
        "question_categories",
        "Of which category are questions?",
        "By the category that the application sends.",
        GROUP,
        categories,
    ),
)
