"""The OpenAPI schema and its page, which works under the site's content security policy."""

from django.views.decorators.cache import cache_control
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.permissions import AllowAny


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
