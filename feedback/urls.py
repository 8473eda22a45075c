"""The app's routes, without trailing slashes, as those of interactions."""

from django.urls import path

from feedback.api import intake, sending

urlpatterns = [
    path("api/v1/chat/feedback", sending.ChatFeedbackView.as_view(), name="chat-feedback"),
    path("api/v1/feedback/explicit", sending.ExplicitView.as_view(), name="feedback-explicit"),
    path("feedback/explicit", sending.ExplicitAtRootView.as_view(), name="feedback-explicit-root"),
    path("api/v1/feedback/implicit", sending.ImplicitView.as_view(), name="feedback-implicit"),
    path("feedback/implicit", sending.ImplicitAtRootView.as_view(), name="feedback-implicit-root"),
    path("api/v1/scores", intake.SendScoresView.as_view(), name="scores"),
    path("api/public/scores", intake.LangfuseScoresView.as_view(), name="scores-langfuse"),
    path("api/public/ingestion", intake.LangfuseIngestionView.as_view(), name="ingestion-langfuse"),
]
