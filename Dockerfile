# One image for the web process, Celery, the Spark master and the Spark workers: driver and executors never differ.
# The base only has to offer Debian and Python 3.11; where this one cannot be pulled, name another with --build-arg.
ARG BASE_IMAGE=python:3.11-slim-bookworm

FROM ${BASE_IMAGE} AS packages
# Another package index than PyPI; it is not part of the finished image.
ARG PIP_INDEX_URL
ARG REQUIREMENTS=base
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
RUN python3.11 -m venv /opt/venv
COPY requirements/ /build/requirements/
RUN /opt/venv/bin/pip install --quiet --require-hashes -r /build/requirements/${REQUIREMENTS}.txt
COPY locale/ /build/locale/
RUN /opt/venv/bin/pybabel --quiet compile -d /build/locale -D django

FROM ${BASE_IMAGE} AS movierec
# Java for Spark; tini hands signals on and reaps what a killed Spark application leaves behind.
RUN apt-get update -q \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends openjdk-17-jre-headless tini \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --system --gid 10001 movierec \
    && useradd --system --uid 10001 --gid movierec --create-home movierec \
    && install -d -o movierec -g movierec -m 750 /var/lib/movierec
COPY --from=packages /opt/venv /opt/venv
WORKDIR /opt/movierec
COPY . .
COPY --from=packages /build/locale/ locale/
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    MALLOC_ARENA_MAX=2 \
    DJANGO_SETTINGS_MODULE=movierec_site.settings.production \
    MOVIEREC_HOME=/var/lib/movierec \
    SPARK_HOME=/opt/venv/lib/python3.11/site-packages/pyspark
USER movierec
EXPOSE 5000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "docker/healthcheck.py", "http://127.0.0.1:5000/healthz"]
ENTRYPOINT ["tini", "--"]
CMD ["gunicorn", "movierec_site.wsgi", "--bind", "0.0.0.0:5000"]
