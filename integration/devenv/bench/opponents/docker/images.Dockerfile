# The images that a Dockerfile would take from a registry, with the runtimes that Tandem uses. They are made before the
# clock runs. As in the public ones the image with Node.js has Python and a compiler for node-gyp too.
FROM tandem/build:bookworm AS unpack
USER root
COPY node.tar.gz python.tar.gz uv.tar.gz /
RUN for name in node python uv; do mkdir /out-$name && tar -xzf /$name.tar.gz -C /out-$name --strip-components=1 --no-same-owner; done && \
    /out-python/bin/python3 -m compileall -q --invalidation-mode unchecked-hash /out-python/lib

FROM tandem/build:bookworm AS node
USER root
COPY ca.pem /etc/ssl/certs/ca-certificates.crt
ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt npm_config_nodedir=/usr/local
COPY --from=unpack /out-python /usr/local
COPY --from=unpack /out-node /usr/local

FROM tandem/run:bookworm AS python
USER root
COPY ca.pem /etc/ssl/certs/ca-certificates.crt
COPY --from=unpack /out-python /usr/local

FROM scratch AS uv
COPY --from=unpack /out-uv /
