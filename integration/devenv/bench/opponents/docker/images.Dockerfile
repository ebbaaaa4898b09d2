# The images that a Dockerfile would take from a registry, with the runtimes that Tandem uses. They are made before the
# clock runs. As in the public ones the image with Node.js has Python and a compiler for node-gyp too.
FROM tandem/build:bookworm AS compiled
USER root
COPY cpython /python
RUN /python/bin/python3 -m compileall -q --invalidation-mode unchecked-hash /python/lib || true

FROM tandem/build:bookworm AS node
USER root
COPY ca.pem /etc/ssl/certs/ca-certificates.crt
ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt npm_config_nodedir=/usr/local
COPY --from=compiled /python /usr/local
COPY node /usr/local

FROM tandem/run:bookworm AS python
USER root
COPY ca.pem /etc/ssl/certs/ca-certificates.crt
COPY --from=compiled /python /usr/local

FROM scratch AS uv
COPY uv /
