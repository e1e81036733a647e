"""What other places know of films: plots, people, languages and numbers, joined to the films of the catalogue."""
