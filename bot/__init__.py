"""ILR Helpdesk: answers ILR questions from curated knowledge and checks learner records."""

import os

__version__ = "0.2.0"

# Libraries read these once, when they are imported: so here, before any module of ours imports one.
# onnxruntime 1.29 and later reports to its maker, and writes an id for the machine, unless told not
# to; nothing may leave. A product of our size is too small to share among threads: BLAS would keep
# a core busy for each, and answers wait for one another.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
for _threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_threads, "1")
