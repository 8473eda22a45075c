from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "feedback"
    verbose_name = "Feedback and quality"

    def ready(self) -> None:
        from feedback import backlog, forgetting, marks, raw_data
        from feedback.intake import facts
        from feedback.opinions.register import register_reader
        from feedback.quality.declared import declare_all

        marks.register()
        backlog.register()
        facts.register()
        raw_data.register()
        forgetting.register()
        register_reader()
        declare_all()
