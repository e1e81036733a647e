"""The OpenAPI schema and its page, which works under the site's content security policy."""

from typing import Any

from django.views.decorators.cache import cache_control
from drf_spectacular.extensions import OpenApiSerializerExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.permissions import AllowAny
from rest_framework.serializers import ListSerializer


class StrictSerializerExtension(OpenApiSerializerExtension):
    """Writes into the schema that unknown fields are refused and how long a list may be."""

    target_class = "recommendations.api.fields.StrictSerializer"
    match_subclasses = True

    def map_serializer(self, auto_schema: AutoSchema, direction: str) -> dict[str, Any]:
        schema = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)
        schema["additionalProperties"] = False
        for name, field in self.target.fields.items():
            if isinstance(field, ListSerializer) and field.max_length is not None:
                schema["properties"][name]["maxItems"] = field.max_length
        return schema


class SchemaView(SpectacularAPIView):
    """The schema as YAML or JSON, by the Accept header."""

    authentication_classes = ()
    permission_classes = (AllowAny,)


class DocsView(SpectacularSwaggerSplitView):
    """Swagger UI without any inline script or style, from the site's own files."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    url_name = "api:schema"
    template_name = "api/docs.html"


schema = cache_control(public=True, max_age=300)(SchemaView.as_view())
docs = DocsView.as_view()
