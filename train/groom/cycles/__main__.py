"""Answers jobs, see `train.groom.cycles`."""

from train.groom.cycles.studio import Studio
from train.groom.worker import answer_jobs

answer_jobs(Studio)
