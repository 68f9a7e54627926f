"""A real Dask cluster on loopback: the same results, also where its workers are killed."""

from __future__ import annotations

import gc
import os
import signal
import time

import pytest

import llmerm
from llmerm.errors import ArgumentError, ExecutorError
from llmerm.experiments import Options, run

from .conftest import RIGHT, both, essence

distributed = pytest.importorskip("distributed")
pytestmark = [
    pytest.mark.allow_hosts(["127.0.0.1"]),
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning"),
]


@pytest.fixture(scope="module")
def client():
    """Two workers in processes of their own, and a client of theirs."""
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0", host="127.0.0.1"
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client


def test_a_cluster_finds_what_this_machine_finds(client, on_this_machine):
    """Every verdict, the selection and the certificate are the same."""
    assert both(client.get_executor()) == on_this_machine


def test_killed_workers_change_nothing(client):
    """With workers killed with -9 on the way, each program has one verdict, and the same."""
    programs = [
        f"def f(x):\n    for i in range(300): pass\n    return (x % 2) ^ (x % 97 < {i})"
        for i in range(150)
    ]
    samples = llmerm.Samples.of([(i, i % 2) for i in range(2_000)])
    whole = essence(llmerm.verify(programs, samples))
    seen, killed = [], []

    def kill_on_the_way(at):
        """Kills a worker at the first verdict, and when half of them are there."""
        seen.append(at.drawn)
        if at.drawn in (1, 75):
            worker = client.cluster.workers[len(killed)]
            os.kill(worker.pid, signal.SIGKILL)  # the cluster starts another in its place
            killed.append(worker)

    again = llmerm.verify(
        programs, samples, executor=client.get_executor(), progress=kill_on_the_way
    )
    assert essence(again) == whole
    assert seen == list(range(1, 151))
    assert len(killed) == 2


def test_an_executor_that_is_shut_down_is_told(client):
    """The error says what to do."""
    executor = client.get_executor()
    executor.shutdown()
    with pytest.raises(ExecutorError, match=r"shutdown\. Pass one that is open"):
        llmerm.verify(RIGHT, [(i, i % 2) for i in range(40)], executor=executor)


def test_a_client_is_no_executor_but_has_one(client):
    """The error says how to get it."""
    with pytest.raises(ArgumentError, match=r"pass `client\.get_executor\(\)`"):
        llmerm.verify(RIGHT, [(i, i % 2) for i in range(40)], executor=client)


def test_the_executor_of_a_closed_client_is_told_as_one_that_is_shut_down(client, tmp_path):
    """Where programs run, and where cells are measured."""
    with distributed.Client(client.scheduler.address) as other:
        executor = other.get_executor()
    with pytest.raises(ExecutorError, match=r"takes no work: Client is closed.* keep it open"):
        llmerm.verify(RIGHT, [(i, i % 2) for i in range(40)], executor=executor)
    options = Options(tasks=("parity",), methods=("majority",), n=20, seeds=(0,), n_test=200)
    with pytest.raises(ExecutorError, match=r"takes no work: Client is closed.* keep it open"):
        run("paper-table", options, out=tmp_path, executor=executor)


def test_the_cluster_keeps_no_result(client):
    """Once a unit's outcome is here, nothing of it stays on the cluster, to be lost with a worker."""
    programs = [f"def f(x): return (x + {i}) % 2" for i in range(60)]
    gc.disable()  # what is only freed in cycles would show
    try:
        llmerm.verify(programs, [(i, i % 2) for i in range(300)], executor=client.get_executor())
        deadline = time.monotonic() + 30
        while kept := [key for keys in client.has_what().values() for key in keys]:
            assert time.monotonic() < deadline, kept
            time.sleep(0.05)
    finally:
        gc.enable()
