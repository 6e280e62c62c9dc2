"""One file per format, one shape: render(report) -> str."""
