"""Speed against real peers, as ratios measured in one interleaved run (`make bench`)."""
