"""Experiments on real people: started, watched over, ended, and the winner promoted."""
