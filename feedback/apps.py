from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "feedback"
    verbose_name = "Feedback and quality"

    def ready(self) -> None:
        from feedback import marks
        from feedback.opinions.register import register_reader

        marks.register()
        register_reader()
