# Takes the place of postgres:16-bookworm; knows POSTGRES_USER, POSTGRES_PASSWORD and POSTGRES_DB.
ARG DEBIAN
FROM ${DEBIAN}
RUN apt-get update -q \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends postgresql-15 \
    && rm -rf /var/lib/apt/lists/* \
    && install -d -o postgres -g postgres -m 700 /var/lib/postgresql/data
COPY docker/stand-ins/postgres.sh /usr/local/bin/
ENV PATH=/usr/lib/postgresql/15/bin:$PATH PGDATA=/var/lib/postgresql/data
USER postgres
ENTRYPOINT ["postgres.sh"]
