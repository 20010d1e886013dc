"""Operators: ways to make a genome from others. Each is a named object in a registry.

They call pure functions (random source, parents, parameters) -> genome, all of which keep the noise
standard normal (`evolve.genome.noise`). The child of an edited genome has the same edit: outside
the mask it keeps the noise that belongs to the base.
"""

from evolve.search.operators.crossover import cross_band as cross_band
from evolve.search.operators.crossover import cross_blend as cross_blend
from evolve.search.operators.crossover import cross_region as cross_region
from evolve.search.operators.crossover import cross_slerp as cross_slerp
from evolve.search.operators.gene_mutation import MUTATE_SETTINGS as MUTATE_SETTINGS
from evolve.search.operators.gene_mutation import mutate_settings as mutate_settings
from evolve.search.operators.gene_mutation import mutate_weights as mutate_weights
from evolve.search.operators.mutation import MUTATE as MUTATE
from evolve.search.operators.mutation import mutate as mutate
from evolve.search.operators.mutation import mutate_band as mutate_band
from evolve.search.operators.mutation import mutate_region as mutate_region
from evolve.search.operators.newcomers import ANTITHETIC as ANTITHETIC
from evolve.search.operators.newcomers import FOUND as FOUND
from evolve.search.operators.newcomers import KEEP as KEEP
from evolve.search.operators.newcomers import antithetic as antithetic
from evolve.search.operators.newcomers import found as found
from evolve.search.operators.operator import KINDS as KINDS
from evolve.search.operators.operator import Child as Child
from evolve.search.operators.operator import Kind as Kind
from evolve.search.operators.operator import Operator as Operator
from evolve.search.operators.operator import Strength as Strength
from evolve.search.operators.placing import EDIT as EDIT
from evolve.search.operators.placing import REPAINT as REPAINT
from evolve.search.operators.placing import TAKE as TAKE
from evolve.search.operators.placing import TAKE_OFF as TAKE_OFF
from evolve.search.operators.placing import put_back as put_back
from evolve.search.operators.placing import repaint as repaint
from evolve.search.operators.placing import take as take
from evolve.search.operators.registry import adjustable as adjustable
from evolve.search.operators.registry import default_menu as default_menu
from evolve.search.operators.registry import is_whole as is_whole
from evolve.search.operators.registry import operator_of as operator_of
from evolve.search.operators.registry import operators as operators
from evolve.search.operators.turning import LOOK as LOOK
from evolve.search.operators.turning import STEER as STEER
from evolve.search.operators.turning import look as look
from evolve.search.operators.turning import steer as steer
