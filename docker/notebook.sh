#!/bin/sh
# JupyterLab for any holder of JUPYTER_TOKEN. The notebooks of the image are read-only; copies are saved in the volume
# notebooks.
set -eu
: "${JUPYTER_TOKEN:?JUPYTER_TOKEN is missing; a notebook without a token would be open to everybody}"
mkdir -p "$HOME/notebooks"
cp docker/notebooks/*.ipynb "$HOME/notebooks/"
exec jupyter lab --ip=0.0.0.0 --port=8888 --no-browser --notebook-dir="$HOME/notebooks"
