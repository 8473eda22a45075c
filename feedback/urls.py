"""The app's routes, without trailing slashes, as those of interactions."""

from django.urls import path

from feedback.api import evaluations, intake, reading, scores, sending, training

urlpatterns = [
    path("api/v1/chat/feedback", sending.ChatFeedbackView.as_view(), name="chat-feedback"),
    path("api/v1/feedback/explicit", sending.ExplicitView.as_view(), name="feedback-explicit"),
    path("feedback/explicit", sending.ExplicitAtRootView.as_view(), name="feedback-explicit-root"),
    path("api/v1/feedback/implicit", sending.ImplicitView.as_view(), name="feedback-implicit"),
    path("feedback/implicit", sending.ImplicitAtRootView.as_view(), name="feedback-implicit-root"),
    path("api/v1/feedback/summary", reading.SummaryView.as_view(), name="feedback-summary"),
    path("feedback/summary", reading.SummaryAtRootView.as_view(), name="feedback-summary-root"),
    path("api/v1/feedback", reading.FeedbackListView.as_view(), name="feedback-list"),
    path("api/v1/feedback/<str:feedback_id>", reading.FeedbackView.as_view(), name="feedback"),
    path("api/v1/evaluations", evaluations.EvaluationsView.as_view(), name="evaluations"),
    path("api/v1/evaluations/plan", evaluations.EvaluationPlanView.as_view(), name="evaluation-plan"),
    path("api/v1/evaluations/<int:evaluation_id>", evaluations.OneEvaluationView.as_view(), name="evaluation"),
    path("api/v1/scores", scores.ScoresView.as_view(), name="scores"),
    path("api/public/scores", intake.LangfuseScoresView.as_view(), name="scores-langfuse"),
    path("api/public/ingestion", intake.LangfuseIngestionView.as_view(), name="ingestion-langfuse"),
    path("api/v1/training/export", training.TrainingExportView.as_view(), name="training-export"),
]
