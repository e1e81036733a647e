# Takes the place of Elastic's image with the server core that the demo runs; ZIP lies in the build's folder.
ARG DEBIAN
FROM ${DEBIAN}
ARG ZIP
RUN apt-get update -q \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends curl openjdk-17-jre-headless unzip \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 1000 --create-home elasticsearch
COPY ${ZIP} /tmp/elasticsearch.zip
RUN unzip -q /tmp/elasticsearch.zip -d /tmp/unpacked \
    && mv /tmp/unpacked/* /usr/share/elasticsearch \
    && install -d -o elasticsearch -g elasticsearch /usr/share/elasticsearch/data /usr/share/elasticsearch/logs \
    && chown -R elasticsearch:elasticsearch /usr/share/elasticsearch \
    && rm -r /tmp/elasticsearch.zip /tmp/unpacked
COPY docker/stand-ins/docker-entrypoint.sh /usr/local/bin/
ENV ES_JAVA_HOME=/usr/lib/jvm/java-17-openjdk-amd64
USER elasticsearch
WORKDIR /usr/share/elasticsearch
ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["eswrapper"]
