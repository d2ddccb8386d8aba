"""Text models: recipe in, weights and card out.

In: a recipe (`Recipe`) and the labelled texts it names. Out: `Trained`: a file's bytes and a card with every
figure and its interval, from texts the weights were not fitted to. Never: ships a model whose fairness gap
exceeds its bound.
"""

from seawall.learn.text.card import Card
from seawall.learn.text.recipe import Recipe, read_recipe
from seawall.learn.text.train import Trained, train

__all__ = ["Card", "Recipe", "Trained", "read_recipe", "train"]
