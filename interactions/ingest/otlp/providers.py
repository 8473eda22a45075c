"""One name for each provider: that of OpenTelemetry's `gen_ai.provider.name`."""

from typing import Any

from interactions.ingest.otlp.readers import word

NAMES = {
    "amazon-bedrock": "aws.bedrock",
    "amazon bedrock": "aws.bedrock",
    "aws": "aws.bedrock",
    "bedrock": "aws.bedrock",
    "az.ai.inference": "azure.ai.inference",
    "az.ai.openai": "azure.ai.openai",
    "azure": "azure.ai.openai",
    "azure-openai": "azure.ai.openai",
    "azure_openai": "azure.ai.openai",
    "gemini": "gcp.gemini",
    "google": "gcp.gemini",
    "google.generative-ai": "gcp.gemini",
    "google_genai": "gcp.gemini",
    "google.vertex": "gcp.vertex_ai",
    "vertexai": "gcp.vertex_ai",
    "vertex_ai": "gcp.vertex_ai",
    "mistral": "mistral_ai",
    "mistralai": "mistral_ai",
    "moonshot": "moonshot_ai",
    "watsonx": "ibm.watsonx.ai",
    "xai": "x_ai",
}
# Vercel names the interface too: openai.chat, anthropic.messages.
INTERFACES = (".chat", ".messages", ".responses", ".completion", ".embedding", ".image", ".reranking")


def provider_of(value: Any) -> str | None:
    name = word(value)
    if name is None:
        return None
    name = name.lower()
    for interface in INTERFACES:
        name = name.removesuffix(interface)
    return NAMES.get(name, name)
