from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "feedback"
    verbose_name = "Feedback and quality"

    def ready(self) -> None:
        from feedback import marks
        from feedback.intake import facts
        from feedback.opinions.register import register_reader
        from feedback.quality.declared import declare_all

        marks.register()
        facts.register()
        register_reader()
        declare_all()
