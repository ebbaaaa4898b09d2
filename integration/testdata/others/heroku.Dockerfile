# Base images that say of themselves what Heroku's do: labels, users, environment. Their contents are Debian's, and less:
# no package manager. The user of builds and that of containers are two, of one group.
# https://github.com/heroku/base-images/tree/main/heroku-24-build
ARG BUILD
ARG RUN

FROM $RUN AS run
USER root
RUN sed -i '/^cnb:/d' /etc/passwd && sed -i 's/^cnb:/heroku:/' /etc/group && \
    echo 'heroku:x:1001:1000::/home/heroku:/bin/bash' >>/etc/passwd && \
    rm -rf /home/cnb && mkdir -p /home/heroku && chown 1001:1000 /home/heroku && rm -f /usr/bin/apt* /usr/bin/dpkg*
LABEL io.buildpacks.base.distro.name=ubuntu io.buildpacks.base.distro.version=24.04 \
    io.buildpacks.base.maintainer=Heroku io.buildpacks.stack.id=heroku-24
USER 1001
ENV CNB_USER_ID= CNB_GROUP_ID= CNB_STACK_ID=

FROM $BUILD AS build
USER root
RUN sed -i '/^cnb:/d' /etc/passwd && sed -i 's/^cnb:/heroku:/' /etc/group && \
    echo 'heroku:x:1001:1000::/home/heroku:/bin/bash' >>/etc/passwd && \
    echo 'heroku-build:x:1002:1000::/home/heroku-build:/bin/bash' >>/etc/passwd && \
    rm -rf /home/cnb && mkdir -p /home/heroku-build && chown 1002:1000 /home/heroku-build && rm -f /usr/bin/apt* /usr/bin/dpkg*
LABEL io.buildpacks.base.distro.name=ubuntu io.buildpacks.base.distro.version=24.04 \
    io.buildpacks.base.maintainer=Heroku io.buildpacks.stack.id=heroku-24
USER 1002
ENV CNB_USER_ID=1002 CNB_GROUP_ID=1000 CNB_STACK_ID=heroku-24
