from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "feedback"
    verbose_name = "Feedback and quality"

    def ready(self) -> None:
        from feedback import marks
        from feedback.opinions.register import register_reader
        from feedback.quality.declared import declare_all

        marks.register()
        register_reader()
        declare_all()
