"""The suite is about what is computed on a CPU: bits of pictures, numbers of rows, OpenVINO.

On a machine with a GPU that is hidden, from the processes too that tests start.
"""

import os

os.environ["CUDA_VISIBLE_DEVICES"] = ""  # read when torch first looks for one
os.environ.setdefault("FANCIER_DEVICE", "cpu")  # of Apple's, which nothing hides
