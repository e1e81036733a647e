"""The blocks of the model in the order of their vectors. Artefact, fold-in, explanations, storage, publishing and the
manifest walk this list; :mod:`spark_jobs.training` names the training of each."""

from __future__ import annotations

from recommendations.ranking.blocks.als import Als
from recommendations.ranking.blocks.base import Block
from recommendations.ranking.blocks.demographic import Demographic
from recommendations.ranking.blocks.early import Early
from recommendations.ranking.blocks.ease import Ease
from recommendations.ranking.blocks.kinds import Kinds
from recommendations.ranking.blocks.sequence import Sequence
from recommendations.ranking.blocks.stars import Stars
from recommendations.ranking.blocks.tower import Tower

BLOCKS: tuple[type[Block], ...] = (Ease, Als, Sequence, Demographic, Early, Kinds, Stars, Tower)
# The facts about films that the blocks bring: columns in both engines, for the terms of a plan to weigh.
FACTS = tuple(fact for block in BLOCKS for fact in block.facts)
