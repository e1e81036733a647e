"""Django's admin for operators: jobs, model versions, indices, catalogue and feedback."""

from recommendations.admin import catalogue, feedback, jobs, registry

__all__ = ["catalogue", "feedback", "jobs", "registry"]
