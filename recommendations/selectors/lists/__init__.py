"""Reads everything that is ranked for a person: from the champion and who they are to films with reasons."""
