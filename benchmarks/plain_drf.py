"""The insert that one would write first: a DRF serializer and `save()`, no key, no texts apart, no retry, no stale mark."""

import uuid

from django.urls import include, path
from django.utils import timezone
from rest_framework import generics, parsers, serializers

from interactions.models import Interaction
from observatory.projects.models import Project


class InteractionSerializer(serializers.ModelSerializer):
    query = serializers.CharField(source="query_preview")
    answer = serializers.CharField(source="answer_preview")

    class Meta:
        model = Interaction
        fields = (
            "query answer model provider input_tokens output_tokens latency_ms retrieval_ms generation_ms confidence "
            "citations_count session_id user_id environment release prompt_name prompt_version category tags"
        ).split()


class InteractionView(generics.CreateAPIView):
    serializer_class = InteractionSerializer
    parser_classes = [parsers.JSONParser]
    authentication_classes = []
    permission_classes = []

    def perform_create(self, serializer: InteractionSerializer) -> None:
        validated = serializer.validated_data
        for name in ("query_preview", "answer_preview"):
            validated[name] = validated[name][:200]
        serializer.save(project=Project.objects.get(slug="demo"), trace_id=uuid.uuid4().hex, asked_at=timezone.now())


urlpatterns = [path("interactions", InteractionView.as_view()), path("", include("observatory.urls"))]
