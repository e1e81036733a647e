"""What every HTTP answer shares, page or API: whose address asks, load shedding, headers, problem details."""
