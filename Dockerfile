# Two images of one program: `site` (the site, beat and the preparation, without Java and the libraries of training)
# and `spark` (Spark's master and workers, and the Celery worker: driver and executors never differ).
# The base only has to offer Debian and Python 3.11; where this one cannot be pulled, name another with --build-arg.
ARG BASE_IMAGE=python:3.11-slim-bookworm

FROM ${BASE_IMAGE} AS translations
RUN apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends gettext
COPY locale/ /build/locale/
RUN find /build/locale -name django.po -execdir msgfmt --output-file=django.mo {} ';'

# pip stays in an environment of its own: what the images get holds no more than is pinned.

FROM ${BASE_IMAGE} AS builder
# Another package index than PyPI; it is not part of the finished images.
ARG PIP_INDEX_URL
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
RUN python3.11 -m venv /opt/builder && python3.11 -m venv --without-pip /opt/venv
COPY requirements/ /build/requirements/

FROM builder AS site-packages
RUN /opt/builder/bin/pip --python /opt/venv/bin/python install --quiet --require-hashes -r /build/requirements/site.txt

FROM ${BASE_IMAGE} AS common
# tini hands signals on and reaps what a killed Spark application leaves behind. The folders are there so that their
# volumes belong to the user.
RUN apt-get update -q \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends tini \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --system --gid 10001 movierec \
    && useradd --system --uid 10001 --gid movierec --create-home movierec \
    && for folder in "" /data /models /work; do install -d -o movierec -g movierec -m 750 "/var/lib/movierec$folder"; done
WORKDIR /opt/movierec
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    MALLOC_ARENA_MAX=2 \
    DJANGO_SETTINGS_MODULE=movierec_site.settings.production \
    MOVIEREC_HOME=/var/lib/movierec
ENTRYPOINT ["tini", "--"]

FROM common AS site
COPY --from=site-packages /opt/venv /opt/venv
COPY . .
COPY --from=translations /build/locale/ locale/
USER movierec
EXPOSE 5000
HEALTHCHECK --interval=10s --timeout=5s --start-period=10m --retries=3 \
    CMD ["python", "docker/healthcheck.py", "http://127.0.0.1:5000/healthz"]
CMD ["gunicorn", "movierec_site.wsgi", "--bind", "0.0.0.0:5000"]

FROM builder AS spark-packages
ARG REQUIREMENTS=base
RUN /opt/builder/bin/pip --python /opt/venv/bin/python install --quiet --require-hashes \
    -r /build/requirements/${REQUIREMENTS}.txt

FROM common AS spark
RUN apt-get update -q \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends openjdk-17-jre-headless \
    && rm -rf /var/lib/apt/lists/*
COPY --from=spark-packages /opt/venv /opt/venv
COPY . .
COPY --from=translations /build/locale/ locale/
ENV SPARK_HOME=/opt/venv/lib/python3.11/site-packages/pyspark MOVIEREC_CACHE=/tmp/cache
USER movierec
CMD ["celery", "-A", "movierec_site", "worker"]
