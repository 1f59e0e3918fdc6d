FROM python:3.12-slim

RUN useradd --system --create-home --home-dir /home/ilr ilr
WORKDIR /app

COPY requirements.lock ./
RUN pip install --no-cache-dir --require-hashes -r requirements.lock

COPY pyproject.toml README.md LICENSE ./
COPY bot ./bot
COPY knowledge ./knowledge
RUN pip install --no-cache-dir --no-deps --no-build-isolation .

USER ilr
ENV ILR_CACHE_DIR=/home/ilr/.cache/ilr-helpdesk PYTHONUNBUFFERED=1
# The vectors of the shipped knowledge are made once, at build time.
RUN ilr-helpdesk prepare

EXPOSE 3000
HEALTHCHECK CMD python -c "import os, urllib.request as r; r.urlopen('http://127.0.0.1:' + os.environ.get('PORT', '3000') + '/healthz', timeout=3)"
CMD ["sh", "-c", "ilr-helpdesk migrate && exec ilr-helpdesk serve"]
