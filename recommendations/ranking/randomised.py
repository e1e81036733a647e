"""The best films of a list in a drawn order, so that the chance with which each film came to its place is known.

Only with such lists can be told what another version would have come to, and how much of a choice is due to the place
(Joachims, Swaminathan and Schnabel 2017, "Unbiased learning-to-rank with biased feedback", section 5.1; Wang et al. 2018,
"Position bias estimation for unbiased learning to rank in personal search", section 4: RandTopN).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from recommendations.ranking.interleaving import draw

# So many of the best films are drawn from: however the draw falls, a list has no film that is worse than the twentieth.
POOL = 20
# No more than this share of lists may be drawn.
MOST_SHARE = 0.1


def drawn_order(films: Sequence[int], *, fixed: Collection[int], seed: str) -> list[int]:
    """All orders of the films that are not at a fixed place are equally likely: each of these m films comes to each of their
    m places with probability 1/m.

    Parameters
    ----------
    films : numbers of the films, best first.
    fixed : places (from 0) whose films stay there.
    seed : each film draws a number of its own from it, so that with the same seed two films stand in the same order in any list.

    Returns
    -------
    The places (from 0) in ``films`` that the films of the new order had.
    """
    free = [place for place in range(len(films)) if place not in fixed]
    drawn = iter(sorted(free, key=lambda place: draw(seed, str(films[place]))))
    return [place if place in fixed else next(drawn) for place in range(len(films))]
