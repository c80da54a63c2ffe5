"""The two models of the threshold test, written for NumPyro; `tenprint.monitor.threshold` says what they mean."""

from __future__ import annotations

from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax.scipy.special import betaln, log_ndtr
from numpyro.diagnostics import effective_sample_size, split_gelman_rubin
from numpyro.infer import MCMC, NUTS, init_to_value

numpyro.enable_x64()  # tails of 1e-4 and their differences are lost in single precision

NODES = 32
"""Points of the quadrature: relative error below 1e-4 almost everywhere, 3e-3 in far corners of the priors."""

SHAPE = {"beta": 2.0, "discriminant": 0.5}
"""Prior mean of the logarithm of the signal's scale."""

_TAU = np.linspace(-3.0, 3.6, NODES)
_STEP = _TAU[1] - _TAU[0]
_AT = np.exp(_TAU - np.exp(-_TAU))
_LOG_WEIGHT = np.log(_STEP) + np.log(_AT) + np.log1p(np.exp(-_TAU))


def beta_tail(logit: Any, a: Any, b: Any) -> tuple[Any, Any, Any, Any]:
    """Tail of a beta distribution above a bar, and the mean above it; differentiable in everything.

    The variable is put on the logit scale, where the integrand is smooth and falls off exponentially, and the half line
    above the bar is summed by double exponential quadrature (Takahasi and Mori 1974).

    Args:
        logit: ``(n,)`` logit of the bar.
        a: ``(n,)`` first parameter, above 0.
        b: ``(n,)`` second parameter, above 0.

    Returns:
        Logarithms of the tail probability, of the mean above the bar, of one minus that mean, and of the density at the
        bar on the logit scale, each ``(n,)``.
    """
    length = jax.lax.stop_gradient(1 / (1 + b * jax.nn.sigmoid(logit)))[:, None]  # over which the integrand falls off
    u = logit[:, None] + length * _AT
    log_yes, log_no = -jax.nn.softplus(-u), -jax.nn.softplus(u)
    log_density = jnp.log(length) + _LOG_WEIGHT + a[:, None] * log_yes + b[:, None] * log_no
    total = jax.nn.logsumexp(log_density, axis=1)
    yes = jax.nn.logsumexp(log_density + log_yes, axis=1)
    no = jax.nn.logsumexp(log_density + log_no, axis=1)
    density = -a * jax.nn.softplus(-logit) - b * jax.nn.softplus(logit) - betaln(a, b)
    return total - betaln(a, b), yes - total, no - total, density


def discriminant_tail(logit: Any, log_odds: Any, shift: Any) -> tuple[Any, Any, Any, Any]:
    """The same where those who carry have a normal signal ``shift`` above that of the others.

    Args:
        logit: ``(n,)`` logit of the bar, as a chance.
        log_odds: ``(n,)`` logit of the share who carry.
        shift: ``(n,)`` in standard deviations, above 0.
    """
    signal = (logit - log_odds) / shift + shift / 2
    yes = jax.nn.log_sigmoid(log_odds) + log_ndtr(shift - signal)
    no = jax.nn.log_sigmoid(-log_odds) + log_ndtr(-signal)
    total = jnp.logaddexp(yes, no)
    density = jnp.logaddexp(
        jax.nn.log_sigmoid(log_odds) - (signal - shift) ** 2 / 2, jax.nn.log_sigmoid(-log_odds) - signal**2 / 2
    )
    return total, yes - total, no - total, density - jnp.log(shift) - np.log(2 * np.pi) / 2


def _rates(signal: str, logit: Any, log_odds: Any, scale: Any) -> tuple[Any, Any, Any, Any]:
    """Logarithms of rate of action, hit rate, one minus hit rate and density at the bar, given bar and signals."""
    if signal == "beta":
        carries = jax.nn.sigmoid(log_odds)
        return beta_tail(logit, scale * carries, scale * (1 - carries))
    return discriminant_tail(logit, log_odds, scale)


def _log_one_minus_exp(x: Any) -> Any:
    return jnp.log(-jnp.expm1(jnp.minimum(x, -1e-12)))


class Guide(NamedTuple):
    """Where the bars lie, roughly: a change of variables, exact whatever its values.

    The rate of action of a large unit pins its bar to a thread that bends with the signals; that of a small one leaves
    it to its group. The sampler therefore moves the distance from where the two together put it, in its own width.
    """

    start: Any
    """``(rows,)`` logit of the bar that gives the observed rate at the signals of the mode."""
    counted: Any
    """``(rows,)`` how sharply the observed rate decides the bar: one over the variance of its logit."""


def _bar_of_rate(data: Any, signal: str, log_odds: Any, scale: Any, *, start: Any, steps: int) -> tuple[Any, Any]:
    """The bar that gives the observed rate of action, by Newton steps from ``start``; and the slope of its log odds."""
    wanted = jnp.log((data.acted_on + 0.5) / (data.cases - data.acted_on + 0.5))

    def step(_: int, state: tuple[Any, Any]) -> tuple[Any, Any]:
        tail, density = _rates(signal, state[0], log_odds, scale)[::3]
        slope = -jnp.exp(density - tail - _log_one_minus_exp(tail))
        return state[0] - jnp.tanh((tail - _log_one_minus_exp(tail) - wanted) / slope), slope

    found: tuple[Any, Any] = jax.lax.fori_loop(0, steps, step, (start, jnp.ones_like(start)))
    return found


def _signals(sites: dict[str, Any], data: Any) -> tuple[Any, Any]:
    """Log odds of carrying, and scale of the signal, of each row: a part of the group and one of the unit."""
    share, shape = (jnp.concatenate([jnp.zeros(1), sites[name]])[data.unit] for name in ("share_unit", "shape_unit"))
    return sites["share"][data.group] + share, jnp.exp(sites["shape"][data.group] + shape)


def _model(data: Any, signal: str, guide: Guide) -> None:
    groups, units, rows = len(data.groups), len(data.units), len(data.unit)
    free = {
        "spread": dist.HalfNormal(0.25).expand([groups]),
        "centre": dist.Normal(-2, 1).expand([groups]),
        "share": dist.Normal(-3.5, 0.25).expand([groups]),
        "share_unit": dist.Normal(0, 0.25).expand([units - 1]),  # relative to the largest unit
        "shape": dist.Normal(SHAPE[signal], 0.5).expand([groups]),
        "shape_unit": dist.Normal(0, 0.5).expand([units - 1]),
    }
    sites = {name: numpyro.sample(name, prior) for name, prior in free.items()}
    log_odds, scale = _signals(sites, data)
    moved = numpyro.sample("moved", dist.ImproperUniform(dist.constraints.real, (), (rows,)))
    thread, _ = _bar_of_rate(data, signal, log_odds, scale, start=guide.start, steps=3)
    centre, spread = sites["centre"][data.group], sites["spread"][data.group]
    sharp = guide.counted + spread**-2
    logit = (guide.counted * thread + centre * spread**-2) / sharp + moved * sharp**-0.5
    numpyro.factor("bar", dist.Normal(centre, spread).log_prob(logit) - 0.5 * jnp.log(sharp))
    tail, yes, no, _ = _rates(signal, logit, log_odds, scale)
    numpyro.deterministic("threshold", jax.nn.sigmoid(logit))
    numpyro.deterministic("acted_on_rate", jnp.exp(tail))
    numpyro.deterministic("hit_rate", jnp.exp(yes))
    numpyro.factor("acted_on", data.acted_on * tail + (data.cases - data.acted_on) * _log_one_minus_exp(tail))
    numpyro.factor("confirmed", data.confirmed * yes + (data.acted_on - data.confirmed) * no)


def _guide(data: Any, signal: str, sites: dict[str, Any], start: Any) -> Guide:
    """The guide for given signals."""
    thread, slope = jax.jit(lambda: _bar_of_rate(data, signal, *_signals(sites, data), start=start, steps=25))()
    rate = (data.acted_on + 0.5) / (data.cases + 1)
    return Guide(thread, slope**2 * data.cases * rate * (1 - rate))


def sample(data: Any, signal: str, *, chains: int, warm_up: int, draws: int, seed: int) -> dict[str, Any]:
    """Draws of thresholds and rates, ``(chains * draws, rows)`` each, with what the sampler says about itself."""
    sites = _start(data, signal)
    guide = _guide(data, signal, sites, jnp.full(len(data.unit), -2.0))
    kernel = NUTS(
        _model,
        dense_mass=[tuple(sorted(set(sites) - {"moved", "spread"}))],
        target_accept_prob=0.85,
        init_strategy=init_to_value(values=sites),
    )
    mcmc = MCMC(
        kernel,
        num_warmup=warm_up,
        num_samples=draws,
        num_chains=chains,
        chain_method="vectorized",
        progress_bar=False,
    )
    mcmc.run(jax.random.PRNGKey(seed), data, signal, guide, extra_fields=("diverging", "num_steps"))
    found = {name: np.asarray(draws) for name, draws in mcmc.get_samples(group_by_chain=True).items()}
    watched = [draws for name, draws in found.items() if name not in {"moved", "acted_on_rate", "hit_rate"}]
    extra = mcmc.get_extra_fields()
    return {
        **{name: found[name].reshape(-1, found[name].shape[-1]) for name in ("threshold", "acted_on_rate", "hit_rate")},
        "r_hat": max(float(np.max(split_gelman_rubin(x))) for x in watched),
        "effective": min(float(np.min(effective_sample_size(x))) for x in watched),
        "divergent": int(extra["diverging"].sum()),
        "steps": float(extra["num_steps"].mean()),
    }


def _start(data: Any, signal: str) -> dict[str, Any]:
    groups, units = len(data.groups), len(data.units)
    return {
        "spread": jnp.full(groups, 0.2),
        "centre": jnp.full(groups, -2.0),
        "moved": jnp.zeros(len(data.unit)),
        "share": jnp.full(groups, -3.5),
        "share_unit": jnp.zeros(units - 1),
        "shape": jnp.full(groups, SHAPE[signal]),
        "shape_unit": jnp.zeros(units - 1),
    }
