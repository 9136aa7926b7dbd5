"""Speed against real peers, as ratios measured in one interleaved run (`make bench`)."""

import os

# One core for everyone: ours uses one, and the threads of a matrix product of three columns cost a peer up to ten times
# the product itself where another process wants the second core. Set before numpy is imported.
for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
