"""The OpenAPI schema and its pages, which work under the site's content security policy."""

from typing import Any

from csp.decorators import csp_update
from django.views.decorators.cache import cache_control
from drf_spectacular.extensions import OpenApiSerializerExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.views import SpectacularAPIView, SpectacularRedocView, SpectacularSwaggerSplitView
from rest_framework.permissions import AllowAny
from rest_framework.serializers import ListSerializer

from recommendations.api.fields import TextField


class StrictSerializerExtension(OpenApiSerializerExtension):
    """Writes into the schema that unknown fields are refused, and how long lists and texts may and must be."""

    target_class = "recommendations.api.fields.StrictSerializer"
    match_subclasses = True

    def map_serializer(self, auto_schema: AutoSchema, direction: str) -> dict[str, Any]:
        schema = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)
        schema["additionalProperties"] = False
        for name, field in self.target.fields.items():
            described = schema["properties"].get(name, {})
            if isinstance(field, ListSerializer):
                longest = getattr(field, "max_length", None)
                described |= {"maxItems": longest} if longest is not None else {}
                described |= {} if field.allow_empty else {"minItems": 1}
            elif isinstance(field, TextField):
                described |= {} if field.allow_blank else {"minLength": field.least}
                described |= {"pattern": field.pattern} if field.pattern else {}
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


class RedocView(SpectacularRedocView):
    """ReDoc, for reading: from the site's own files, without search, whose worker would need more rights."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    url_name = "api:schema"
    template_name = "api/redoc.html"


schema = cache_control(public=True, max_age=300)(SchemaView.as_view())
docs = DocsView.as_view()
# ReDoc makes empty style elements and fills them by the object model; this is the hash of nothing.
_EMPTY_STYLE = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
redoc = csp_update({"style-src": ["'self'", _EMPTY_STYLE]})(RedocView.as_view())
