"""How long `import engage` takes beside `import pandas`, each in a fresh Python."""

import statistics
import subprocess
import sys


def seconds(module: str, times: int = 7) -> float:
    """The median time of importing a module."""
    script = f"import time; start = time.perf_counter(); import {module}; print(time.perf_counter() - start)"
    runs = [
        subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True) for _ in range(times)
    ]
    return statistics.median(float(run.stdout) for run in runs)


if __name__ == "__main__":
    engage, pandas = seconds("engage"), seconds("pandas")
    print(f"import engage  {engage:.3f} s")
    print(f"import pandas  {pandas:.3f} s")
    print(f"ratio          {engage / pandas:.3f}")
