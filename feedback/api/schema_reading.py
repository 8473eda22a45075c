"""The shapes that the reading API of feedback answers. Every field is there; what is not known is null."""

from rest_framework import serializers

from feedback.metrics.people import TONES
from feedback.reading.verdicts import SOURCES, STATES
from feedback.submit import SIGNALS
from interactions.api.schema_reading import next_cursor, numbers, objects, texts
from observatory.projects.operations import Fields, shape
from observatory.stats.ratings import STARS


def interval() -> serializers.Field:
    return serializers.ListField(
        child=serializers.FloatField(), allow_null=True, help_text="Of 95 %: its lower and its upper end."
    )


OF_ANSWER: Fields = {
    "interaction_id": serializers.UUIDField(allow_null=True),
    **texts("trace_id", "session_id", "user_id", "model", "model_version", "environment"),
    "question_category": serializers.CharField(allow_null=True, help_text="The category of the interaction."),
    **numbers("confidence"),
}
FEEDBACK: Fields = {
    "feedback_id": serializers.CharField(),
    "signal": serializers.ChoiceField(sorted(SIGNALS), allow_null=True, help_text="Of a signal alone."),
    "rating": serializers.IntegerField(allow_null=True, min_value=1, max_value=5),
    "thumbs": serializers.ChoiceField(("up", "down"), allow_null=True),
    **texts("comment", "category"),
    "tone": serializers.FloatField(
        allow_null=True, help_text="How the comment sounds, -1 to 1: no measure of how content somebody is. English only."
    ),
    "tone_details": serializers.DictField(allow_null=True, help_text="Language and method, or why there is no tone."),
    **OF_ANSWER,
    "at": serializers.DateTimeField(),
    "is_waiting": serializers.BooleanField(help_text="Whether its interaction has not come yet."),
    **objects("metadata", "attributes"),
}
FeedbackRow = shape("FeedbackRow", **FEEDBACK)
FeedbackPage = shape("FeedbackPage", results=FeedbackRow(many=True), next=next_cursor())
Score = shape(
    "Score",
    score_id=serializers.CharField(),
    name=serializers.CharField(),
    source=serializers.ChoiceField(list(SOURCES)),
    state=serializers.ChoiceField(list(STATES)),
    value=serializers.FloatField(allow_null=True, help_text="On its own scale; null unless `scored`."),
    **texts("label"),
    is_passed=serializers.BooleanField(allow_null=True),
    **numbers("threshold"),
    reason=serializers.CharField(allow_null=True, help_text="Why; of a user the comment."),
    parts=serializers.DictField(child=serializers.FloatField(allow_null=True), help_text="Named numbers of the verdict."),
    details=serializers.DictField(help_text="Findings and steps. Beyond a million characters an answer: `cut`."),
    version=serializers.CharField(allow_null=True, help_text="Method and version of the evaluator."),
    **texts("author"),
    **numbers("cost_usd"),
    input_tokens=serializers.IntegerField(allow_null=True),
    output_tokens=serializers.IntegerField(allow_null=True),
    attempts=serializers.IntegerField(),
    retry_at=serializers.DateTimeField(allow_null=True),
    **OF_ANSWER,
    **texts("span_id"),
    at=serializers.DateTimeField(),
    scored_at=serializers.DateTimeField(),
    is_waiting=serializers.BooleanField(),
)
ScorePage = shape("ScorePage", results=Score(many=True), next=next_cursor())

MEAN: Fields = {
    "n": serializers.IntegerField(help_text="How many ratings."),
    "mean": serializers.FloatField(allow_null=True),
    "interval": interval(),
    "reason": serializers.CharField(allow_null=True, help_text="Why something is null."),
}
FeedbackShare = shape(
    "FeedbackShare",
    n=serializers.IntegerField(help_text="Of how many."),
    count=serializers.IntegerField(),
    share=serializers.FloatField(allow_null=True),
    interval=interval(),
    reason=serializers.CharField(allow_null=True),
)
RatingMean = shape("RatingMean", **MEAN)
FeedbackSummary = shape(
    "FeedbackSummary",
    since=serializers.DateTimeField(),
    until=serializers.DateTimeField(),
    answers=serializers.IntegerField(help_text="Interactions of the window."),
    rating=shape(
        "RatingSummary",
        **MEAN,
        distribution=shape(
            "RatingDistribution", **{str(star): serializers.IntegerField(help_text=f"{star} of 5 stars.") for star in STARS}
        )(),
    )(),
    low_ratings=FeedbackShare(help_text="Ratings of 1 and 2."),
    satisfaction=FeedbackShare(help_text="Ratings of 4 and 5."),
    thumbs_up=FeedbackShare(help_text="Of thumbs."),
    feedback_rate=FeedbackShare(help_text="Answers that were first rated, or got their first thumb, then, of all answers."),
    comments=serializers.IntegerField(),
    tone=shape(
        "ToneSummary",
        n=serializers.IntegerField(help_text="English comments."),
        left_out=serializers.IntegerField(help_text="Comments without a tone: not English, too short, or not told yet."),
        **{name: FeedbackShare() for name in TONES},
    )(help_text="How English comments sound (VADER): no measure of how content somebody is."),
    signals=shape(
        "SignalSummary",
        n=serializers.IntegerField(),
        good=FeedbackShare(help_text="Of signals: click, share and accept."),
        kinds=shape("SignalKinds", **{name: FeedbackShare() for name in SIGNALS})(help_text="Of answers."),
    )(),
    confidence=shape(
        "ConfidenceSummary",
        stretches=shape("ConfidenceStretch", confidence=serializers.CharField(), **MEAN)(many=True),
        correlation=shape(
            "RankCorrelation",
            n=serializers.IntegerField(help_text="Pairs, among the newest 10,000 ratings."),
            spearman=serializers.FloatField(allow_null=True),
            interval=interval(),
            reason=serializers.CharField(allow_null=True),
        )(),
    )(help_text="Ratings by the confidence of the answer."),
    model_versions=shape("VersionRating", **texts("model", "model_version"), **MEAN)(
        many=True, help_text="The most rated first, 50 at most."
    ),
    trend=shape("RatingPoint", start=serializers.DateTimeField(), **MEAN)(
        many=True, help_text="By the hour up to three days, else by the day; without hours or days that nobody rated."
    ),
    change=shape(
        "RatingChange",
        since=serializers.DateTimeField(),
        before=RatingMean(),
        difference=serializers.FloatField(allow_null=True),
        is_beyond_chance=serializers.BooleanField(
            allow_null=True, help_text="Whether the two intervals share no value; null without one of them."
        ),
    )(help_text="Against as long a time before."),
)
