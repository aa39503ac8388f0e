"""Draws the table of growth.sh (stdin) as the SVG file named by the argument."""
import sys

import matplotlib

matplotlib.use("svg")
matplotlib.rcParams["svg.hashsalt"] = "growth"
from matplotlib import pyplot

rows = [[float(cell.replace(",", "")) for cell in line.split("|")[1:-1]] for line in sys.stdin
        if line.startswith("|") and "rows" not in line]
faces, one, all_threads, batch = zip(*rows)
figure, axes = pyplot.subplots(figsize=(7, 4.2))
for times, label, marker in (
        (one, "one probe, one thread", "o"),
        (all_threads, "one probe, two threads", "s"),
        (batch, "64 probes at once, one thread, a probe", "^")):
    axes.loglog(faces, times, marker=marker, label=label)
axes.loglog(faces, [one[-1] * count / faces[-1] for count in faces], linestyle=":", color="grey", label="linear")
axes.set(xlabel="faces", ylabel="ms", title="Exact search, 128 dimensions, k = 10, no tolerance")
axes.grid(True, which="major", alpha=0.3)
axes.legend()
figure.tight_layout()
figure.savefig(sys.argv[1], metadata={"Date": None})
