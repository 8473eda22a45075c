"""T: a sign-language assistant. The browser recognises signs and sends metrics; the backend answers the question and
sends a native interaction, without spans."""

from random import Random
from typing import Any

from observatory.demo import opinions
from observatory.demo.answers import answer_to
from observatory.demo.models import GPT_41_MINI, HAIKU, make_call
from observatory.demo.turns import Sent, Turn

INSTRUCTIONS = 420
CALLS_LOST = 0.02
RATED_SHARE = 0.28
BROWSERS = (
    "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15",
    "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Mobile Safari/537.36",
)
COMMENTS = {
    5: ("Very clear, thank you!", "Now I got it.", "Love the hints about the face."),
    4: ("Good, a picture would help.", "Helpful."),
    3: ("OK, but I had to repeat the sign three times.",),
    2: ("It did not see my left hand.",),
    1: ("The camera never found my hand.",),
}
STEPS = ("started", "gesture_recognised", "question_processed", "answer_received", "satisfied")


def send(turn: Turn) -> Sent:
    rng = turn.rng
    model = HAIKU if rng.random() < 0.25 else GPT_41_MINI
    given = answer_to(turn, "sign_language")
    call = make_call(turn, model, instructions=INSTRUCTIONS, answer=given.text, texts=(turn.query,))
    overhead = rng.uniform(12, 40)
    interaction: dict[str, Any] = {
        "id": turn.uuid(),
        "asked_at": turn.at_ms,
        "query": turn.query,
        "model": model.name,
        "provider": model.provider,
        "prompt_name": "sign-teacher",
        "prompt_version": "3",
        "category": turn.subject.category,
        "tags": ["sign-language", "gesture" if rng.random() < 0.7 else "typed"],
        **turn.labels,
    }
    if turn.failure:
        interaction |= {"error": turn.failure.as_dict(), "latency_ms": round(turn.failure.after_ms + overhead, 3)}
    else:
        interaction |= {
            "answer": given.text,
            "latency_ms": round(call.duration_ms + overhead, 3),
            "generation_ms": call.duration_ms,
            "time_to_first_token_ms": call.first_token_ms,
            **call.tokens(),
        }
    return Sent(interactions=[interaction], events=_Browser(turn, interaction["id"], given.kind).events())


class _Browser:
    """What the page reports around one question."""

    def __init__(self, turn: Turn, interaction_id: str, kind: str):
        self._turn, self._interaction_id, self._kind = turn, interaction_id, kind
        self._events: list[dict[str, Any]] = []

    def events(self) -> list[dict[str, Any]]:
        rng = self._turn.rng
        if self._turn.place == 0:
            self._performance()
            self._left()
        self._gestures()
        self._add("question_category", 0, category=self._turn.subject.category, questionLength=len(self._turn.query))
        if rng.random() < 0.6:
            action, component = rng.choice((("click", "AskButton"), ("replay", "SignVideo"), ("toggle", "DominantHand")))
            self._add("user_interaction", 3_000, action=action, component=component, duration=round(rng.uniform(80, 2_400)))
        if rng.random() < CALLS_LOST or self._turn.failure:
            self._error()
        is_rated = opinions.is_rated(self._turn, self._kind, RATED_SHARE) and not self._turn.failure
        rating = self._feedback() if is_rated else None
        if self._turn.is_last:
            self._journey(rating)
        return self._events

    def _add(self, kind: str, after_ms: float, **data: Any) -> None:
        self._events.append(
            {
                "id": f"{self._interaction_id}-{len(self._events)}",
                "type": kind,
                "timestamp": round(self._turn.at_ms + after_ms),
                "data": {"sessionId": self._turn.session_id, "userId": self._turn.user_id, **data},
            }
        )

    def _performance(self) -> None:
        load = self._turn.rng.lognormvariate(7.3, 0.4) * self._turn.slowness
        self._add(
            "performance",
            -20_000,
            pageLoadTime=round(load),
            domContentLoaded=round(load * 0.6),
            firstPaint=round(load * 0.35),
            firstContentfulPaint=round(load * 0.42),
            memoryUsage=round(self._turn.rng.uniform(38e6, 160e6)),
        )

    def _left(self) -> None:
        """Others opened the page and went: some before a sign was recognised, some before they asked."""
        rng = Random(f"{self._turn.session_id} left")
        for step, share in ((STEPS[0], 0.3), (STEPS[1], 0.14)):
            if rng.random() < share:
                percent = 100 * (STEPS.index(step) + 1) // len(STEPS)
                left = f"{self._turn.session_id}-{step}"
                self._add("user_journey_completion", -15_000, sessionId=left, userId="", completionRate=percent, step=step)

    def _gestures(self) -> None:
        rng, word = self._turn.rng, self._turn.subject.word
        for attempt in range(rng.choice((1, 1, 2))):
            is_seen = rng.random() < 0.92
            data = {
                "gesture": word,
                "confidence": round(rng.betavariate(14, 2) if is_seen else rng.betavariate(3, 5), 3),
                "processingTime": round(rng.lognormvariate(3.6, 0.3), 1),
                "landmarks": 21 if is_seen else rng.randrange(21),
                "success": is_seen,
                "model_version": "hands-1.4" if self._turn.is_before_change else "hands-1.5",
            }
            if not is_seen:
                data["errorType"] = rng.choice(("low_light", "hand_out_of_frame", "motion_blur"))
            self._add("gesture_recognition", -8_000 + attempt * 3_000, **data)

    def _error(self) -> None:
        self._add(
            "error",
            2_500,
            message="Failed to fetch" if self._turn.failure else "Camera stream ended unexpectedly",
            stack="askQuestion@/static/app.js:412:17\nonClick@/static/app.js:87:9",
            component="AskButton" if self._turn.failure else "CameraView",
            severity="high" if self._turn.failure else "medium",
            userAgent=self._turn.rng.choice(BROWSERS),
            url="https://signs.example/learn",
        )

    def _feedback(self) -> int:
        rng = self._turn.rng
        rating = opinions.stars(self._turn, self._kind)
        data: dict[str, Any] = {"qnaLogId": self._interaction_id, "rating": rating, "helpful": rating >= 3}
        if rng.random() < 0.4:
            data["feedbackText"] = rng.choice(COMMENTS[rating])
        self._add("user_feedback", 9_000, **data)
        return rating

    def _journey(self, rating: int | None) -> None:
        done = 2 if self._turn.failure else 5 if (rating or 0) >= 4 else 4
        self._add("user_journey_completion", 10_000, completionRate=100 * done // len(STEPS), step=STEPS[done - 1])
