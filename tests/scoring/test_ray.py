"""A real Ray cluster on loopback, through the library's executor."""

from __future__ import annotations

import pytest

from llmerm.errors import ArgumentError
from llmerm.executors import RayExecutor

from .conftest import both

ray = pytest.importorskip("ray")
pytestmark = [
    pytest.mark.allow_hosts(["127.0.0.1"]),
    pytest.mark.filterwarnings(
        "ignore::ResourceWarning", "ignore::DeprecationWarning", "ignore::FutureWarning"
    ),
]


@pytest.fixture(scope="module")
def cluster():
    """Two workers; Ray's head listens on loopback alone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_AUTH_MODE", "disabled")
        patch.setenv("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
        ray.init(
            num_cpus=2,
            include_dashboard=False,
            log_to_driver=False,
            object_store_memory=100 << 20,
            _node_ip_address="127.0.0.1",
        )
        yield
        ray.shutdown()


def test_without_a_cluster_it_says_how_to_get_one():
    """Before `ray.init`."""
    with pytest.raises(ArgumentError, match=r"ray\.init"):
        RayExecutor()


@pytest.mark.usefixtures("cluster")
def test_a_cluster_finds_what_this_machine_finds(on_this_machine):
    """Every verdict, the selection and the certificate are the same."""
    assert both(RayExecutor(num_cpus=1)) == on_this_machine


@pytest.mark.usefixtures("cluster")
def test_one_that_is_shut_down_takes_no_work(box):
    """As any executor; Ray itself goes on."""
    executor = RayExecutor()
    assert executor.submit(pow, 2, 5).result() == 32
    executor.shutdown()
    assert ray.is_initialized()
    with pytest.raises(RuntimeError, match="shutdown"):
        executor.submit(pow, 2, 5)
