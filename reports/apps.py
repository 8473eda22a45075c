from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"

    def ready(self) -> None:
        from django.contrib.admin.models import LogEntry

        from interactions.erasure.forgetters import register_forgetter

        register_forgetter("boards", forget_on_boards, tables=(self.get_model("Board"), LogEntry))


def forget_on_boards(project_id: int, column: str, subject: str) -> int:
    # Boards and their panels are 2 MB of modules, for pages. A worker that shows none needs them when it erases.
    from reports import forgetting

    return forgetting.forget_on_boards(project_id, column, subject)
