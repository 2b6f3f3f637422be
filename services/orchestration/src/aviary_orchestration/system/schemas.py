"""Figures of the machine and of the bots' folder, in bytes unless they say otherwise."""

from pydantic import BaseModel


class Cpu(BaseModel):
    """``percent`` since the last look, of all cores together."""

    percent: float
    count_logical: int
    count_physical: int
    load_avg_1m: float
    load_avg_5m: float
    load_avg_15m: float


class Memory(BaseModel):
    total: int
    available: int
    used: int
    percent: float


class Disk(BaseModel):
    mountpoint: str = "host root"
    total: int
    used: int
    free: int
    percent: float


class Resources(BaseModel):
    cpu: Cpu
    memory: Memory
    disk: Disk


class Item(BaseModel):
    name: str
    size_bytes: int
    size_human: str


class Directory(BaseModel):
    """``items`` are the folders directly in it, the largest first; hidden ones and files count for its size only."""

    size_bytes: int
    size_human: str
    item_count: int
    items: list[Item]


class Storage(BaseModel):
    total_size_bytes: int
    total_size_human: str
    directories: dict[str, Directory]
