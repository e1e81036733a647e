"""The numbers to reach on each data set, and what a figure above them would mean on MovieLens-100k."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from recommendations.evaluation.names import ITEM_KNN, MODEL, POPULARITY, TUNED_ALS, TUNED_EASE

# nDCG@10 of the model, means over seeds.
NDCG = {"warm": 0.490, "temporal": 0.220, "cold": 0.425, "new-films": 0.175}
RATIO_TO_LIKE_SHARE = {
    "cold": 1.05,
    "onboarding-1": 1.16,
    "onboarding-3": 1.32,
    "onboarding-5": 1.38,
    "onboarding-10": 1.46,
}
# The same for other data, and what single methods of the same run reach, times how much it is to be.
NDCG_OF_OTHERS = {"ml-latest-small": {"temporal": 0.140, "warm": 0.396}}
SINGLES = (POPULARITY, ITEM_KNN, TUNED_EASE, TUNED_ALS)
RATIO_TO_SINGLES: Mapping[str, Mapping[str, tuple[float, tuple[str, ...]]]] = {
    "ml-100k": {"strong": (1.02, (TUNED_EASE,))},
    "ml-latest-small": {"temporal": (1.3, SINGLES)},
}
SUSPICIOUS_WARM = 0.50
# How a figure is called that should be small.
LOW = "(low)"
# Simulated people (:mod:`recommendations.evaluation.taste`): at least, or at most where the name says (low).
TASTE = {
    "least after 3 favourites": 3,
    "least after 5 favourites": 4,
    "1 star lowers the neighbours": 0.95,
    "2 stars lower the neighbours": 0.75,
    "films shared by two tastes (low)": 2.5,
    "horror for a child (low)": 0,
}
# So much of these a version may lose to the champion and still be promoted by itself.
TASTE_SLACK = {
    "least after 3 favourites": 1,
    "least after 5 favourites": 1,
    "1 star lowers the neighbours": 0.05,
    "2 stars lower the neighbours": 0.1,
    "films shared by two tastes (low)": 0.5,
    "horror for a child (low)": 0,
}
# Predicted stars (:mod:`recommendations.evaluation.stars`), at most.
STARS = {"rmse": 0.915, "worst_tenth": 0.06}
# Groups (:mod:`recommendations.evaluation.groups`), times what averaging reaches, at least.
USUAL_DATA = "ml-100k"
GROUPS = {"least": 1.2, "mean": 0.95}
STARS_SLACK = 0.01  # of the champion's RMSE


def missed_targets(outcome: Mapping[str, Any]) -> list[str]:
    """One sentence for each number of an evaluation that was measured and not reached, or not above every baseline."""
    missed = []
    # Outcomes from before several data sets are of MovieLens-100k.
    data_set = outcome.get("data_set") or USUAL_DATA
    is_usual = data_set == USUAL_DATA
    settings, taste, groups = outcome["settings"], outcome.get("taste") or {}, outcome.get("groups") or {}
    systems = (outcome.get("stars") or {}).get("systems", {})
    for name, wanted in GROUPS.items():
        reached = groups.get(name, {}).get("mean")
        if reached is not None and reached < wanted:
            missed.append(f"groups: {name}: {reached:.2f} × averaging is below {wanted:.2f}.")
    for name, wanted in STARS.items():
        reached = systems.get(MODEL, {}).get(name, {}).get("mean")
        if is_usual and reached is not None and reached > wanted:
            missed.append(f"stars: {name} {reached:.4f} is above {wanted:.3f}.")
    missed += [
        f"stars: {system} reaches RMSE {measured['rmse']['mean']:.4f}, the model {systems[MODEL]['rmse']['mean']:.4f}."
        for system, measured in systems.items()
        if system != MODEL and measured["rmse"]["mean"] <= systems[MODEL]["rmse"]["mean"]
    ]
    for name, wanted in TASTE.items():
        reached = taste.get(name, {}).get("mean")
        low = name.endswith(LOW)
        if reached is not None and (reached > wanted if low else reached < wanted):
            missed.append(f"taste: {name}: {reached:.2f} is {'above' if low else 'below'} {wanted}.")
    for name, setting in settings.items():
        ndcg = {system: measured["ndcg"]["mean"] for system, measured in setting["systems"].items()}
        if MODEL not in ndcg:
            continue
        ratio = (setting["ratio_to_like_share"] or {}).get("mean")
        least = (NDCG if is_usual else NDCG_OF_OTHERS.get(data_set, {})).get(name)
        if least is not None and ndcg[MODEL] < least:
            missed.append(f"{name}: nDCG {ndcg[MODEL]:.4f} is below {least:.3f}.")
        factor, singles = RATIO_TO_SINGLES.get(data_set, {}).get(name, (0.0, ()))
        best = max((ndcg[system] for system in singles if system in ndcg), default=0.0)
        if ndcg[MODEL] < factor * best:
            missed.append(
                f"{name}: nDCG {ndcg[MODEL]:.4f} is below {factor:.2f} × {best:.4f} of the best single method."
            )
        if (
            is_usual
            and name in RATIO_TO_LIKE_SHARE
            and ratio is not None
            and ratio < RATIO_TO_LIKE_SHARE[name]
        ):
            missed.append(f"{name}: {ratio:.3f} × like share is below {RATIO_TO_LIKE_SHARE[name]:.2f}.")
        missed += [
            f"{name}: {system} reaches {value:.4f}, the model {ndcg[MODEL]:.4f}."
            for system, value in ndcg.items()
            if system != MODEL and value >= ndcg[MODEL]
        ]
    return missed


def warm_statement(outcome: Mapping[str, Any]) -> str:
    """What the leak check found, and whether a warm figure is too good to be true."""
    checked = sum(outcome["pairs_checked"].values())
    found = f"Leak check: none of the {checked:,} tested (person, film) pairs was in its training part."
    warm = outcome["settings"].get("warm")
    is_usual = (outcome.get("data_set") or USUAL_DATA) == USUAL_DATA
    if warm is None or MODEL not in warm["systems"] or not is_usual:
        return found
    ndcg = warm["systems"][MODEL]["ndcg"]
    best = max(ndcg["seeds"])
    spread = f"{ndcg['mean']:.4f} ± {ndcg['std']:.4f}"
    if best <= SUSPICIOUS_WARM:
        return f"{found} No warm figure is above {SUSPICIOUS_WARM:.2f} (greatest {best:.4f})."
    if ndcg["mean"] > SUSPICIOUS_WARM:
        return (
            f"{found} Mean warm nDCG {spread} is above {SUSPICIOUS_WARM:.2f}, which on MovieLens-100k would mean "
            "that held-out ratings leaked in another way."
        )
    seed = warm["seeds"][ndcg["seeds"].index(best)]
    return (
        f"{found} Warm nDCG of seed {seed} is {best:.4f}; the mean {spread} is not above {SUSPICIOUS_WARM:.2f}, so "
        f"this is the scatter of the splits{_popularity_scatter(warm)}."
    )


def _popularity_scatter(warm: Mapping[str, Any]) -> str:
    popularity = warm["systems"].get(POPULARITY)
    if popularity is None or not popularity["ndcg"]["std"]:
        return ""
    return f" (popularity, which learns nothing of a person, scatters by ± {popularity['ndcg']['std']:.4f})"
