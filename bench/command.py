"""`make bench`: start everything, measure both sides in the same run, print, stop everything."""

import json
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import aiohttp
import yaml
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from temporalio.contrib.pydantic import pydantic_data_converter

import configuration
import settings as environment
from bench import report
from bench.carrier import Carrier
from bench.measure import Advance, Bench, BenchStuck, Turn
from bench.report import Result
from bench.sides import Bare, Midwatch
from domain.organisation import Organisation
from settings import EXAMPLE_CONFIG, Settings
from stack import temporal
from stack.faults import StackFault
from stack.ports import free_port
from stack.process import Process
from stack.signals import Interrupted, run_until_signal
from stack.stack import Stack
from workflows.search_attributes import TYPES
