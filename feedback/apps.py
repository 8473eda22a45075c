from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "feedback"
    verbose_name = "Feedback and quality"

    def ready(self) -> None:
        from feedback import marks

        marks.register()
