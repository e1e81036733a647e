"""The people of other sites: kept one by one or many at once, and lists for many of them."""
