"""When a service that dies is started again."""

from __future__ import annotations

from jupyterlab_globus_compute.gateway.restart_policy import RestartPolicy


def test_the_first_restart_is_immediate_and_later_ones_are_spaced_out() -> None:
    policy = RestartPolicy()
    delays_s = []
    while not policy.is_exhausted:
        delays_s.append(policy.delay_s)
        policy.record_death(1.0)
    assert delays_s == [0.0, 0.0, 0.5, 1.0, 2.0]


def test_a_long_life_makes_up_for_quick_deaths() -> None:
    policy = RestartPolicy(quick_life_s=10.0)
    for _ in range(4):
        policy.record_death(9.9)
    policy.record_death(10.0)
    assert (policy.quick_deaths, policy.delay_s, policy.is_exhausted) == (0, 0.0, False)


def test_trying_again_starts_from_the_beginning() -> None:
    policy = RestartPolicy(max_quick_deaths=1)
    policy.record_death(0.0)
    assert policy.is_exhausted
    policy.reset()
    assert not policy.is_exhausted
