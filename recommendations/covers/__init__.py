"""The covers that are drawn for films, as SVG: the same film always gets the same one."""
