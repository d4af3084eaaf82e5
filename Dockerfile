# The site's own image: the packages of requirements/object-storage.lock, and the project.
# Debian 12 and Python 3.11 are what the tests run on; its pg_dump belongs to PostgreSQL 15.
FROM python:3.11-slim-bookworm

# Pango sets PDF files; openssl makes the certificate of compose.yaml's Elasticsearch.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        fonts-dejavu-core libharfbuzz-subset0 libpango-1.0-0 libpangoft2-1.0-0 \
        openssl postgresql-client-15 \
    && rm -rf /var/lib/apt/lists/*

# 1000 is also who runs Elasticsearch in its image, and so may read the key of its certificate.
RUN useradd --uid 1000 --create-home hub
WORKDIR /srv/learning-hub
ENV PYTHONUNBUFFERED=1

COPY requirements/object-storage.lock requirements/
RUN pip install --no-cache-dir --require-hashes --requirement requirements/object-storage.lock

COPY . .
# Static files belong to the image. What a site writes is in volumes, which take the owner of these
# folders; an upgrade collects static files anew, and so must be able to write them.
RUN python manage.py build_frontend \
    && python manage.py collectstatic --noinput --verbosity 0 \
    && mkdir -p var/media var/search-index var/issuer-keys /certificates \
    && chown -R hub:hub var /certificates

USER hub
ENV DJANGO_SETTINGS_MODULE=learning_hub.settings.production \
    HUB_BIND=0.0.0.0:8000
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "deploy/is_healthy.py"]
CMD ["gunicorn", "learning_hub.wsgi"]
