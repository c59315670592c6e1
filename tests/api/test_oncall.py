"""Who is on call, by HTTP: now and at any time, with the reason, and as feeds for calendar programs."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
import yaml
from icalendar import Calendar

import configuration
import settings as environment
from api.app import create_app
from domain.oncall import Override
from domain.people import PersonRef
from settings import STARTER_CONFIG, Settings
from stack.ports import free_port
from storage import overrides
from storage.engine import make_engine
from tests.eventually import eventually
