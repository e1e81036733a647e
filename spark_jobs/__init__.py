"""What runs on Spark, and what starts it. No Django; modules that the site imports load no PySpark either."""

from pathlib import Path

PROJECT_ROOT = Path(__file__).resolve().parents[1]
