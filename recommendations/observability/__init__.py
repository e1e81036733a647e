"""What operators see of the running site: measurements for Prometheus and structured logs."""
