# What python:3.11-slim-bookworm offers, from Debian's packages. DEBIAN is the image that debootstrap made.
ARG DEBIAN
FROM ${DEBIAN}
RUN apt-get update -q \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends python3.11 python3.11-venv \
    && rm -rf /var/lib/apt/lists/*
